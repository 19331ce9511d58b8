#!/bin/bash
# The query log: whose queries, the standard output, the journal, and what can
# go wrong with a file.
here=$(realpath "${BASH_SOURCE%/*}")
# shellcheck source=query_log.sh
. "$here/query_log.sh"
resolverctl=${RESOLVERD%d}ctl
chmod 777 .
"$here/manager.py" listen "$WORK/notify" "$WORK/told" &
until_true "a service manager listens" test -S notify
export NOTIFY_SOCKET=$WORK/notify

# shows: what status says of the query log, in one line.
shows() {
	"$resolverctl" status | grep -A 1 '^query log' | sed '/^socket/d' |
	    tr -s '\n ' ' ' | sed 's/ $//'
}

# How often the service manager's last line tells of a query log that fails.
trouble_is_told() {
	[ "$(grep -a '^STATUS=' told | tail -n 1 |
	    grep -c '; the query log cannot be written$')" -eq "$1" ]
}

# Only what policies want; and what they want without a log of their own.
configure "to: $WORK/logs/policy, queries: policy"
start -l 127.0.0.1 -u 10.53.0.2 -c resolverd.yaml
same "status tells where it goes" \
    "query log $WORK/logs/policy, queries of networks with enable_logging, as cloud_logging" \
    "$(shows)"
ask x.a.run.app A
ask -b 127.0.2.1 x.run.app A
logs "the network that logs" 1 logs/policy jsonPayload.sourceNetwork=spoke
logs "no other, not even as a producer" 1 logs/policy
sed -i '/^query_log/d' resolverd.yaml
reload
same "as status tells" \
    "query log the daemon's own log, queries of networks with enable_logging, as text" \
    "$(shows)"
ask x.a.run.app A
ask -b 127.0.2.1 x.run.app A
until_true "without a query log the daemon's own" grep -q \
    '^resolverd: query 127.0.2.1 spoke udp x.run.app. A NOERROR 5 zone:to-default 60s' \
    daemon.log
lacks "and nothing of others" 'query 127\.0\.0\.1' "$(cat daemon.log)"
stop

# The standard output.
configure ""
: >daemon.log
"$RESOLVERD" -f -l 127.0.0.1 -c resolverd.yaml >stdout.txt 2>daemon.log &
daemon=$!
until_true "the daemon starts" daemon_spoke
ask x.a.run.app A
stop
same "the standard output" 1 "$(entries stdout.txt)"

# A reader of it that does not read: the pipe blocks, and is not waited for.
mkfifo out
exec 7<>out
: >daemon.log
"$RESOLVERD" -f -l 127.0.0.1 -c resolverd.yaml >out 2>daemon.log &
daemon=$!
until_true "the daemon starts" daemon_spoke
flood x.a.run.app 3000
sleep 0.5
same "nobody waits for who does not read it" 3000 "$(counter queries_udp)"
holds "which is told of" 'stdout: what reads it is too slow' "$(cat daemon.log)"
stop
exec 7>&-

# The journal.
if [ "$(id -u)" -eq 0 ]; then
	mkdir -p /run/systemd/journal
	mount -t tmpfs tmpfs /run/systemd/journal
	"$here/journal.py" /run/systemd/journal/socket "$WORK/journal" &
	journald=$!
	until_true "a journal" test -S /run/systemd/journal/socket
	configure "to: journal, format: text"
	start -l 127.0.0.1 -u 10.53.0.2 -c resolverd.yaml
	ask 'x\010PRIORITY=0.a.run.app' A
	until_true "the journal gets entries" test -s journal
	same "with fields" "RESOLVERD_QNAME=x\\010PRIORITY=0.a.run.app." \
	    "$(grep -a RESOLVERD_QNAME journal)"
	same "that nobody can forge" "PRIORITY=6" \
	    "$(grep -a '^PRIORITY' journal)"
	kill "$journald"
	wait "$journald"
	ask y.a.run.app A
	until_true "a journal that is gone is told of" grep -q \
	    'query log: journal: .*; entries are lost until that changes' daemon.log
	ok "a journal that is gone is told of"
	stop
fi

# A FIFO that nobody reads; and then somebody does.
mkfifo logs/fifo
chmod 666 logs/fifo
configure "to: $WORK/logs/fifo, format: text"
start -l 127.0.0.1 -u 10.53.0.2 -c resolverd.yaml
same "a FIFO that nobody reads holds nobody up" NOERROR \
    "$(dig @127.0.0.1 x.a.run.app | sed -n 's/.*status: \([A-Z]*\).*/\1/p')"
holds "and is told of" 'query log: .*/logs/fifo: nobody reads from it' \
    "$(cat daemon.log)"
timeout 5 head -n 2 logs/fifo >fifo.txt &
reader=$!
sleep 1.2
ask y.a.run.app A
wait "$reader"
same "what waited is read first" 'x.a.run.app. y.a.run.app.' \
    "$(cut -d ' ' -f 5 fifo.txt | tr '\n' ' ' | sed 's/ $//')"
stop

# What still waits is counted when the log goes elsewhere.
configure "to: $WORK/logs/fifo, format: text"
start -l 127.0.0.1 -u 10.53.0.2 -c resolverd.yaml
ask x.a.run.app A
sleep 0.3
configure "to: $WORK/logs/elsewhere"
reload
ask y.a.run.app A
logs "elsewhere it goes on" 1 logs/elsewhere
same "what waited for a reader is counted" 1 "$(counter query_log_failed)"
stop
rm logs/elsewhere

# A full disk, a read-only one, and a path that is not ours.
mkdir small
if mount -t tmpfs -o size=64k,mode=777 tmpfs small 2>/dev/null; then
	configure "to: $WORK/small/log, format: text"
	start -l 127.0.0.1 -u 10.53.0.2 -c resolverd.yaml
	flood t.a.run.app 8000
	same "a full disk holds nobody up" "8000 (100.00%)" \
	    "$(sed -n 's/.*Queries completed: *//p' dnsperf.txt)"
	until_true "it is told of" grep -q 'small/log: No space left' daemon.log
	same "once" 1 "$(grep -c 'query log:' daemon.log)"
	same "what was lost is a metric" yes \
	    "$([ "$(counter query_log_failed)" -gt 0 ] && echo yes)"
	holds "and in the status" \
	    "^query log .*/small/log, all queries, as text FAILS, entries lost so far: [1-9]" \
	    "$(shows)"
	until_true "the service manager is told" trouble_is_told 1
	ok "the service manager is told"
	: >small/log
	sleep 1.1
	ask u.a.run.app A
	until_true "it is over" grep -q 'is written again; .* lost' daemon.log
	same "lines are whole after that, but for the last" 0 \
	    "$(sed '$d' small/log | grep -Evc 'us$')"
	mount -o remount,size=4m small
	sleep 1.1
	ask v.a.run.app A
	until_true "that it works is told" trouble_is_told 0
	same "that it works is told, also in the status" \
	    "query log $WORK/small/log, all queries, as text" "$(shows)"
	stop
	rm small/log
	mount -o remount,ro small
	start -l 127.0.0.1 -u 10.53.0.2 -c resolverd.yaml
	holds "a read-only disk is told of" \
	    'small/log: Read-only file system' "$(cat daemon.log)"
	same "and holds nobody up" 5 "$(dig +short @127.0.0.1 x.a.run.app | wc -l)"
	stop
	umount small
fi
ln -s "$WORK/logs/elsewhere" logs/link
configure "to: $WORK/logs/link"
start -l 127.0.0.1 -u 10.53.0.2 -c resolverd.yaml
holds "a symbolic link is refused" 'logs/link: it is a symbolic link' \
    "$(cat daemon.log)"
same "and not followed" no "$([ -e logs/elsewhere ] || echo no)"
stop
