#!/bin/bash
# Thousands of invented names a second at a server that does not answer them:
# memory stays bounded, and everybody else is served.
# shellcheck source=faulty.sh
. "${BASH_SOURCE%/*}/faulty.sh"
start_faulty 10.53.0.2
start_faulty 10.53.0.3
cat >resolverd.yaml <<END
listen: [127.0.0.1]
upstreams: [10.53.0.2]
workers: 2
zones:
  - name: corp
    dns_name: corp.test.
    record_sets: [{name: w.corp.test., type: A, ttl: 60, rrdatas: [10.9.8.7]}]
  - name: on-premises
    dns_name: onprem.test.
    forwarding_config: {target_name_servers: [{ipv4_address: 10.53.0.3}]}
END
start -c resolverd.yaml

# memory: octets in use now, and the most so far.
memory() {
	awk '/^VmRSS/ { now = $2 } /^VmHWM/ { most = $2 }
	    END { print now * 1024, most * 1024 }' "/proc/$daemon/status"
}

# Each worker has a cache of its own: both know the name after this.
volley -n 64 -w 8 -s 32 -a 198.18.0.1 127.0.0.1 plain.1.hot.test >/dev/null
read -r before _ <<<"$(memory)"

# Six seconds of 2,500 a second; how many it was the machine has a say in.
flood() {
	volley -n 15000 -r 2500 -w 60000 -s 64 -t 4500 -o 100000 \
	    127.0.0.1 "drop-%.flooded.test" >flood.line
}
flood &
flood=$!
sleep 1
dig +time=1 +tries=5 @127.0.0.1 drop-300001.flooded.test >told &
volley -n 60 -r 20 -w 60 127.0.0.1 plain.%.honest.test >honest.line &
volley -n 60 -r 20 -w 60 -o 5000 127.0.0.1 plain.%.onprem.test >onprem.line &
volley -n 60 -r 20 -w 60 -a 198.18.0.0 127.0.0.1 plain-%.flooded.test \
    >flooded.line &

# rounds ADDRESS NAME: right of 600, and the best p99: what else the machine
# does can only make a round slower.
rounds() {
	local best=1000000 line lost=0 right=0

	for _ in 1 2 3 4 5 6; do
		line=$(volley -n 100 -r 600 -w 8 -a "$1" 127.0.0.1 "$2")
		right=$((right + $(of "$line" right)))
		lost=$((lost + $(of "$line" lost)))
		[ "$(of "$line" p99_us)" -ge "$best" ] ||
		    best=$(of "$line" p99_us)
	done
	echo "right=$right lost=$lost p99_us=$best"
}
rounds 10.9.8.7 w.corp.test >served.line
rounds 198.18.0.1 plain.1.hot.test >hot.line
kill -0 "$flood" 2>/dev/null || echo "note: the flood was over early"
wait "$flood"
wait_for() {
	while [ ! -s "$1" ]; do
		sleep 0.1
	done
}
for line in honest onprem flooded; do
	wait_for "$line.line"
done
read -r _ most <<<"$(memory)"
for line in flood served hot honest onprem flooded; do
	echo "$line: $(cat "$line.line")"
done
awk '{ print "processor: " $14 + $15 " hundredths of a second" }' \
    "/proc/$daemon/stat"
awk '/^Udp: [0-9]/ { print "kernel: no room for " $6 " datagrams" }' \
    /proc/net/snmp
echo "memory: $((before / 1048576)) MiB before, $((most / 1048576)) at most"

# at_least WHAT FILE RIGHT P99: what a file's line says.  What the kernel had
# no room for, on a machine with much else to do, never reached the daemon.
dropped=$(awk '/^Udp: [0-9]/ { print $6 }' /proc/net/snmp)
at_least() {
	local line lost

	line=$(cat "$2.line")
	lost=$(of "$line" lost)
	[ "$lost" -le "$dropped" ] || lost=$dropped
	[ $(($(of "$line" right) + lost)) -ge "$3" ] || die "$1: $line"
	[ "$(of "$line" p99_us)" -le "$4" ] || die "$1: $line"
	ok "$1: $line"
}
[ $((most - before)) -le $((64 * 1048576)) ] ||
    die "memory grew from $before to $most octets"
ok "memory grew by $(((most - before) / 1024)) KiB, 64 MiB at most"
at_least "served names" served 597 50000
at_least "cached names" hot 597 50000
at_least "names of other servers" onprem 57 6000000
at_least "other names of the flooded servers" honest 57 6000000
at_least "honest names under the flooded one" flooded 30 6000000
line=$(cat flood.line)
[ "$(of "$line" servfail)" -ge 4000 ] || die "the flood got: $line"
ok "the flood is told that it failed"
evicted=$(($(counter group_exhausted) + $(counter client_exhausted)))
[ "$evicted" -ge 3000 ] || die "only $evicted had to give way"
ok "$evicted of its queries for its servers' limit or its client's"
holds "which are told so" 'EDE: 0 .*max_queries_per_' "$(cat told)"
stop
