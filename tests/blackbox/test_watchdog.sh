#!/bin/bash
# The service manager hears of a daemon that works, and of no other.
tests=$(realpath "${BASH_SOURCE%/*}")
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"

resolv_conf 'nameserver 10.53.0.2'
"$tests/manager.py" listen "$WORK/notify" "$WORK/told" &
until_true "the service manager listens" test -S notify
export NOTIFY_SOCKET=$WORK/notify

feeds() {
	grep -c '^WATCHDOG=1' told
}

# more_than NUMBER
more_than() {
	[ "$(feeds)" -gt "$1" ]
}

# goes_on WHAT
goes_on() {
	until_true "$1" more_than $(($(feeds) + 1))
	ok "$1"
}

# ends WHAT: nothing comes for as long as three messages would take.
ends() {
	local before

	sleep 0.5
	before=$(feeds)
	sleep 1
	same "$1" "$before" "$(feeds)"
}

# hold TID: until release.
hold() {
	"$tests/manager.py" hold "$1" >held 2>&1 &
	holder=$!
	until_true "thread $1 is held" grep -q '^held' held
}

release() {
	kill "$holder"
	wait "$holder" 2>/dev/null
}

printf 'mode: restricted\nworkers: 2\n' >two.yaml
start -c two.yaml -l 127.0.0.1
holds "it is ready first" '^READY=1' "$(head -1 told)"
sleep 1
same "who is not asked to says no more" 0 "$(feeds)"
stop

export WATCHDOG_USEC=1000000
start -c two.yaml -l 127.0.0.1 -l 10.53.0.1
goes_on "a daemon that works is reported, again and again"
threads=()
for task in "/proc/$daemon/task"/*; do
	[ "${task##*/}" = "$daemon" ] || threads+=("${task##*/}")
done
same "it has two workers" 2 "${#threads[@]}"
for thread in "${threads[@]}"; do
	hold "$thread"
	ends "one worker that hangs ends it"
	holds "the log says so" 'error: watchdog: a worker is stuck' \
	    "$(cat daemon.log)"
	release
	goes_on "and a worker that goes on lets it begin again"
done
hold "$daemon"
ends "nothing comes when the control thread hangs"
release
goes_on "and something does when it goes on"

ip link set lo down
ends "nothing comes when no answer does"
holds "the log says that too" \
    'error: watchdog: the daemon does not answer its own question' \
    "$(cat daemon.log)"
ip link set lo up
goes_on "and it comes again with the answers"
holds "which the log says" 'watchdog: the daemon answers itself again' \
    "$(cat daemon.log)"
stop

for where in 0.0.0.0 ::; do
	printf 'mode: restricted\nallow: [192.0.2.0/24]\n' >any.yaml
	start -c any.yaml -l "$where"
	goes_on "a listener on $where is found"
	stop
done

printf 'mode: restricted\nfaults: [{name: "*.", fault: drop}]\n' >drop.yaml
start -c drop.yaml -l 127.0.0.1
lacks "a fault for all names holds" 'status' \
    "$(dig +tries=1 +timeout=1 @127.0.0.1 run.app)"
goes_on "faults that clients are to meet do not end it"
stop

WATCHDOG_PID=1 start -c two.yaml -l 127.0.0.1
before=$(feeds)
sleep 1
same "what another process shall do is none of ours" "$before" "$(feeds)"
stop

user=()
[ "$(id -u)" -ne 0 ] || user=(--reuid=65534 --regid=65534 --clear-groups)
cat >handed <<-END
#!/bin/sh
exec "$tests/hand_over.py" udp:127.0.0.1:53 tcp:127.0.0.1:53 -- \
    setpriv ${user[*]} --inh-caps=-all --ambient-caps=-all \
    --bounding-set=-all "$RESOLVERD" "\$@"
END
chmod 755 handed
RESOLVERD=$PWD/handed
start
goes_on "sockets that were handed over are asked as well"
stop
