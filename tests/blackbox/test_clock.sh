#!/bin/bash
# Clocks that jump: the wall clock means nothing, and a machine that slept for
# three hours finds what lasts that long and nothing else in the cache.
# shellcheck source=faulty.sh
. "${BASH_SOURCE%/*}/faulty.sh"
start_faulty 10.53.0.2

# clocks WALL MONOTONIC BOOT: seconds that each is off from now on.
clocks() {
	python3 -c 'import struct, sys
with open("clocks", "r+b") as file:
    file.write(struct.pack("=3q", *map(int, sys.argv[1:])))' "$@"
}

truncate -s 24 clocks
cat >resolverd.yaml <<END
listen: [127.0.0.1]
upstreams: [10.53.0.2]
workers: 1
END
export CLOCKS=$WORK/clocks ASAN_OPTIONS=verify_asan_link_order=0
daemon_itself=$RESOLVERD
cat >with_clocks <<END
#!/bin/sh
LD_PRELOAD=$BLACKBOX_TOOLS/clock.so exec $daemon_itself "\$@"
END
chmod +x with_clocks
RESOLVERD=$WORK/with_clocks
start -c resolverd.yaml

# ttl NAME: the one that is served.
ttl() {
	ask "$1" +noall +answer | awk '{ print $2 }'
}

# keeps WHAT NAME LEAST MOST QUESTIONS: the TTL served, and how many questions
# have gone out for it so far.
keeps() {
	local got

	got=$(ttl "$2")
	if [ -z "$got" ] || [ "$got" -lt "$3" ] || [ "$got" -gt "$4" ]; then
		die "$1: a TTL of '$got', not $3 to $4"
	fi
	same "$1" "$5" "$(asked "$2")"
}

hours=3600
years=$((10 * 365 * 24 * hours))
keeps "the first answer" ttl-3600.1.clock.test 3600 3600 1
keeps "one that lasts a day" ttl-86400.2.clock.test 86400 86400 1
volley -n 1200 -r 200 127.0.0.1 plain.%.meanwhile.test >line &
meanwhile=$!
sleep 0.3
clocks $years 0 0
keeps "ten years later by the wall clock" ttl-3600.1.clock.test 3300 3600 1
clocks -$years 0 0
keeps "ten years before" ttl-3600.1.clock.test 3300 3600 1
clocks 0 0 $((3 * hours))
keeps "after three hours of sleep it is asked for again" \
    ttl-3600.1.clock.test 3600 3600 2
keeps "once" ttl-3600.1.clock.test 3300 3600 2
keeps "what lasts a day is there, three hours older" \
    ttl-86400.2.clock.test 75300 75600 1
clocks 0 $((3 * hours)) $((6 * hours))
keeps "after three hours more, awake and asleep" \
    ttl-86400.2.clock.test 64500 64800 1
clocks 0 $((3 * hours)) $((25 * hours))
keeps "and after a day it is gone" ttl-86400.2.clock.test 86400 86400 2
wait "$meanwhile"
line=$(cat line)
# A question that is out when the machine falls asleep is past its time after.
same "what was asked meanwhile is answered rightly" "1 0" \
    "$(($(of "$line" right) >= 1190)) $(of "$line" wrong)"

# A question that waits while the machine sleeps.
(ask delay-800.3.clock.test +time=8 >slept) &
waiting=$!
sleep 0.3
clocks 0 $((3 * hours)) $((28 * hours))
wait "$waiting"
holds "a question out during the sleep ends" 'status: (NOERROR|SERVFAIL)|timed out' \
    "$(cat slept)"
same "and the next one is answered" "NOERROR 198.18.0.4" \
    "$(said plain.4.clock.test)"
same "served names do not mind" "$restricted" \
    "$(dig +short +time=1 +tries=1 @127.0.0.1 run.app | sorted)"
stop
