#!/bin/bash
# The query log on a disk that hangs: everything but the log goes on.
here=$(realpath "${BASH_SOURCE%/*}")
# shellcheck source=query_log.sh
. "$here/query_log.sh"
resolverctl=${RESOLVERD%d}ctl
# The sanitizers have the same calls for themselves.
if nm -D "$RESOLVERD" | grep -Eq '__(asan|tsan)_'; then
	ok "left out under a sanitizer"
	exit 0
fi
# A daemon that waits for the disk would not end.
trap 'rm -f hangs; stop_all' EXIT
chmod 777 .
mkdir disk
chmod 777 disk
export HANGING_DISK=$WORK/disk HANGING_WHILE=$WORK/hangs
"$here/manager.py" listen "$WORK/notify" "$WORK/told" &
until_true "the service manager listens" test -S notify
export NOTIFY_SOCKET=$WORK/notify WATCHDOG_USEC=1000000

# start_on_disk: the daemon, with a disk that can hang.
start_on_disk() {
	: >daemon.log
	LD_PRELOAD=$BLACKBOX_TOOLS/hanging.so "$RESOLVERD" -f \
	    -l 127.0.0.1 -u 10.53.0.2 -c resolverd.yaml 2>daemon.log &
	daemon=$!
	until_true "the daemon starts" daemon_spoke
}

# has_told NUMBER PATTERN: the daemon's log has so many such lines.
has_told() {
	[ "$(grep -Ec "query log: .*$2" daemon.log)" -eq "$1" ]
}

# shows: what status says of the query log, in one line, within a second.
shows() {
	timeout 1 "$resolverctl" status | grep -A 1 '^query log' |
	    sed '/^socket/d' | tr -s '\n ' ' '
}

status_is_good() {
	[ "$(shows)" = "query log $WORK/disk/log, all queries, as cloud_logging " ]
}

# metric NAME
metric() {
	curl -s -m 1 http://127.0.0.1:9153/metrics |
	    sed -n "s/^resolverd_query_log_$1 //p"
}

feeds() {
	grep -ac '^WATCHDOG=1' told
}

fed_since() {
	[ "$(feeds)" -gt $(($1 + 1)) ]
}

threads() {
	find "/proc/$daemon/task" -mindepth 1 -maxdepth 1 | wc -l
}

threads_are() {
	[ "$(threads)" -eq "$1" ]
}

milliseconds() {
	echo $(($(date +%s%N) / 1000000))
}

# within WHAT MILLISECONDS COMMAND...
within() {
	local before took

	before=$(milliseconds)
	"${@:3}"
	took=$(($(milliseconds) - before))
	[ "$took" -lt "$2" ] || die "$1: that took $took ms"
	ok "$1"
}

configure "to: $WORK/disk/log, max_size: 0"
echo 'http_listen: [127.0.0.1]' >>resolverd.yaml
start_on_disk
ask x.a.run.app A
logs "a disk that works" 1 disk/log
same "the control thread, a worker and one that writes" 3 "$(threads)"

# It hangs.
touch hangs
before=$(feeds)
flood y.a.run.app 20000
same "every query is answered on a disk that hangs" "20000 (100.00%)" \
    "$(sed -n 's/.*Queries completed: *//p' dnsperf.txt)"
until_true "the log says so" has_told 1 'disk/log: the disk does not answer'
ok "the log says so"
holds "so does status, at once, and what is lost" \
    "^query log $WORK/disk/log, all .* HANGS, entries lost so far: [1-9]" \
    "$(shows)"
same "and the metrics" 1 "$(metric failing)"
same "which count what is lost" yes \
    "$([ "$(metric dropped_total)" -gt 0 ] && echo yes)"
until_true "the service manager hears of a daemon that works" \
    fed_since "$before"
holds "and what does not" 'the query log cannot be written$' \
    "$(grep -a '^STATUS=' told | tail -n 1)"
within "a reload does not wait for the disk" 2000 reload
kill -USR2 "$daemon"
within "a query after SIGUSR2 does not either" 2000 ask z.a.run.app A
before=$(feeds)
until_true "the service manager still hears of it" fed_since "$before"
same "it is said once" 1 "$(grep -c 'query log:' daemon.log)"
mv disk/log disk/log.1

# It answers again.
rm hangs
until_true "that is said as well" has_told 1 'is written again; [1-9]'
ok "that is said as well"
ask z.a.run.app A
logs "the log goes on, in a new file as SIGUSR2 said" 1 disk/log \
    jsonPayload.queryName=z.a.run.app.
until_true "status finds nothing wrong" status_is_good
ok "status finds nothing wrong"
same "nor do the metrics" 0 "$(metric failing)"
same "every line is whole, and every entry counted" \
    "$((20003 - $(metric dropped_total)))" \
    "$(($(entries disk/log) + $(entries disk/log.1)))"
same "as one that was written" "$(cat disk/log disk/log.1 | wc -l)" \
    "$(metric written_total)"

# A reload leads elsewhere while it hangs.
touch hangs
ask a.a.run.app A
until_true "it hangs again" has_told 2 'disk/log: the disk does not answer'
configure "to: $WORK/logs/elsewhere"
within "a reload leads elsewhere" 2000 reload
holds "the file that hangs is given up" 'disk/log: .* no longer waited for' \
    "$(cat daemon.log)"
holds "and what is lost is told" 'query log: 1 entry was still waiting, and lost' \
    "$(cat daemon.log)"
ask b.a.run.app A
logs "elsewhere it goes on" 1 logs/elsewhere
same "one thread still waits" 4 "$(threads)"
rm hangs
until_true "it ends when the disk answers" threads_are 3
ok "it ends when the disk answers"
stop

# The daemon ends while it hangs.
configure "to: $WORK/disk/last"
start_on_disk
ask x.a.run.app A
logs "another day" 1 disk/last
touch hangs
ask c.a.run.app A
sleep 0.3
ask d.a.run.app A
within "its end is waited for two seconds" 4000 stop
holds "what is lost then is told" 'query log: 2 entries were still waiting' \
    "$(cat daemon.log)"

# It hangs from the start.
within "a start does not wait for the disk either" 4000 start_on_disk
within "it answers" 2000 ask x.a.run.app A
until_true "and says what is wrong" has_told 1 'the disk does not answer'
ok "and says what is wrong"
rm hangs
logs "what waited is written" 2 disk/last
stop
