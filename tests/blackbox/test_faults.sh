#!/bin/bash
# What dig and getaddrinfo see of each injected fault, over UDP and TCP.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
start_upstream
resolv_conf 'nameserver 127.0.0.1' 'options timeout:1 attempts:1'

zone() {
	cat <<-END
	mode: off
	listen: [127.0.0.1]
	upstreams: [10.53.0.2]
	workers: 1
	zones:
	  - name: shop
	    dns_name: shop.example.
	    record_sets:
	END
	for name in fail gone deny mute cut late some down six; do
		echo "      - {name: $name.shop.example., type: A, rrdatas: [10.0.0.1]}"
	done
	echo '      - {name: six.shop.example., type: AAAA, rrdatas: ["2001:db8::1"]}'
}

{
	zone
	cat <<-'END'
	faults:
	  - {name: fail.shop.example., fault: servfail}
	  - {name: gone.shop.example., fault: nxdomain}
	  - {name: deny.shop.example., fault: refuse}
	  - {name: mute.shop.example., fault: drop}
	  - {name: cut.shop.example., fault: truncate}
	  - {name: late.shop.example., fault: delay, delay: 700ms}
	  - {name: some.shop.example., fault: servfail, percent: 50}
	  - {name: down.shop.example., fault: flap, up: 100ms, down: 1d, as: nxdomain}
	  - {name: six.shop.example., fault: servfail, types: [AAAA]}
	  - {name: www.public.example., fault: refuse, transport: tcp}
	END
} >resolverd.yaml
start -c resolverd.yaml

asked() {
	dig +time=1 +tries=1 @127.0.0.1 "$@" 2>&1
}

answered() {
	asked "$1" "$2" +short
}

holds "the start says that there are faults" \
    'resolverd.yaml:[0-9]+:5: warning: faults are injected for 10 names' \
    "$(cat daemon.log)"
for how in +notcp +tcp; do
	holds "servfail $how" 'status: SERVFAIL' "$(asked fail.shop.example $how)"
	holds "nxdomain $how" 'status: NXDOMAIN' "$(asked gone.shop.example $how)"
	lacks "nxdomain $how has no SOA" 'IN[[:space:]]+SOA' \
	    "$(asked gone.shop.example $how)"
	holds "refuse $how" 'status: REFUSED' "$(asked deny.shop.example $how)"
	holds "drop $how" 'timed out|no servers could be reached' \
	    "$(asked mute.shop.example $how)"
done
holds "the answer says where it comes from" \
    'EDE: 0 \(Other\): \(injected fault "servfail" for fail\.shop\.example\.\)' \
    "$(asked fail.shop.example)"
holds "truncate over UDP" 'flags: qr tc rd ra; QUERY: 1, ANSWER: 0' \
    "$(asked cut.shop.example +ignore)"
same "truncate over TCP" 10.0.0.1 "$(answered cut.shop.example +tcp)"
same "dig comes by TCP by itself" 10.0.0.1 "$(answered cut.shop.example +notcp)"
for how in +notcp +tcp; do
	begin=$(date +%s%N)
	same "delay $how" 10.0.0.1 "$(answered late.shop.example $how)"
	took=$((($(date +%s%N) - begin) / 1000000))
	[ "$took" -ge 700 ] || die "delay $how took $took ms"
done
same "refuse over TCP alone leaves UDP alone" 203.0.113.5 \
    "$(answered www.public.example +notcp)"
holds "and meets TCP" 'status: REFUSED' "$(asked www.public.example +tcp)"
holds "one type alone" 'status: SERVFAIL' "$(asked six.shop.example AAAA)"
same "leaves the other alone" 10.0.0.1 "$(answered six.shop.example A)"

# A hundred queries of which half should fail: not to fail 20 times, or to do
# so 80 times, takes a luck of one in a thousand million.
yes 'some.shop.example A' | head -n 100 >queries
failed=$(dig +noall +comments +time=1 +tries=1 @127.0.0.1 -f queries |
    grep -c 'status: SERVFAIL')
if [ "$failed" -lt 20 ] || [ "$failed" -gt 80 ]; then
	die "of 100 queries $failed failed, not half"
fi
ok "half of the queries"

# Up comes first: at a reload it begins anew.
until_true "the flap goes down" \
    sh -c 'dig @127.0.0.1 down.shop.example | grep -q "status: NXDOMAIN"'
holds "down stays down" 'status: NXDOMAIN' "$(asked down.shop.example)"

# What an application sees, with its C library's patience of one second.  Of
# truncated answers musl has learnt with 1.2.4, which is not everywhere.
same "glibc: a truncated answer is asked for by TCP" 10.0.0.1 \
    "$("$BLACKBOX_TOOLS/lookup-glibc" cut.shop.example)"
for libc in glibc musl; do
	lookup="$BLACKBOX_TOOLS/lookup-$libc"
	same "$libc: a late answer is an answer" 10.0.0.1 \
	    "$("$lookup" late.shop.example)"
	lacks "$libc: SERVFAIL is no address" '^10\.' \
	    "$("$lookup" fail.shop.example)"
	lacks "$libc: NXDOMAIN is no address" '^10\.' \
	    "$("$lookup" gone.shop.example)"
	lacks "$libc: silence is no address" '^10\.' \
	    "$("$lookup" mute.shop.example)"
done

kill -USR1 "$daemon"
until_true "the counters are logged" grep -q 'counters: ' daemon.log
holds "faults are counted" 'faults_injected [1-9][0-9]*' "$(cat daemon.log)"

# Faults go with a reload, the cache stays.
kill "$upstream"
wait "$upstream"
upstream=0
zone >resolverd.yaml
reload
for name in fail gone deny mute cut late some down; do
	same "$name is well again" 10.0.0.1 "$(answered $name.shop.example A)"
done
same "the cache is there without its upstream" 203.0.113.5 \
    "$(answered www.public.example A)"
{
	zone
	echo 'faults: [{tree: ., fault: refuse}]'
} >resolverd.yaml
reload
holds "the reload says that there are faults" \
    'warning: .*faults are injected for 1 name$' "$(cat daemon.log)"
holds "and there they are" 'status: REFUSED' "$(asked www.public.example)"
holds "-t says so too" 'warning: faults are injected for 1 name$' \
    "$("$RESOLVERD" -t -c resolverd.yaml 2>&1)"

# Nobody who is held back keeps the daemon from stopping.
{
	zone
	echo 'faults: [{name: late.shop.example., fault: delay, delay: 1m}]'
} >resolverd.yaml
reload
met() {
	kill -USR1 "$daemon"
	sleep 0.05
	tail -n 1 daemon.log | sed -n 's/.*faults_injected \([0-9]*\).*/\1/p'
}
another_met() {
	local now

	now=$(met)
	[ -n "$now" ] && [ "$now" -gt "$1" ]
}
until_true "the counters are logged" another_met -1
before=$(met)
dig +time=20 +tries=1 @127.0.0.1 late.shop.example >held 2>&1 &
held=$!
until_true "a query is held back" another_met "${before:-0}"
stop
wait "$held"
holds "a query that is held back is answered at the end" 'status: SERVFAIL' \
    "$(cat held)"
