#!/bin/bash
# A listener that others can reach is no open resolver: without 'allow' the
# host itself and those beside it are served, and nobody else.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
unshare --net sleep 600 &
other=$!
until_true "there is another host" \
    sh -c "[ \$(readlink /proc/$other/ns/net) != \$(readlink /proc/self/ns/net) ]"
away() {
	nsenter --target "$other" --net "$@"
}
ip link add wire type veth peer name wire-there
ip link set wire-there netns "$other"
ip address add 198.51.100.1/24 dev wire
ip link set wire up
away ip link set lo up
away ip link set wire-there up
away ip address add 198.51.100.9/24 dev wire-there
away ip address add 203.0.113.9/32 dev wire-there
ip route add 203.0.113.0/24 via 198.51.100.9
cat >resolverd.yaml <<END
listen: [0.0.0.0]
upstreams: [10.53.0.2]
END
start -c resolverd.yaml

# asks SOURCE [OPTION ...]
asks() {
	local source=$1

	shift
	away dig +time=3 +tries=2 -b "$source" @198.51.100.1 "$@" run.app
}
holds "who is beside the host is served" 'status: NOERROR' "$(asks 198.51.100.9)"
answer=$(asks 203.0.113.9)
holds "who is elsewhere is refused" 'status: REFUSED' "$answer"
holds "and told by what" 'EDE: 18 \(Prohibited\)' "$answer"
size=$(sed -n 's/.*MSG SIZE  rcvd: //p' <<<"$answer")
[ "$size" -le 48 ] || die "a refusal has $size octets"
ok "in $size octets, no more than the question had"
holds "over TCP in words" "EDE: 18 .*'allow'" "$(asks 203.0.113.9 +tcp)"
holds "a name of others is no better" 'status: REFUSED' \
    "$(away dig +time=3 +tries=2 -b 203.0.113.9 @198.51.100.1 www.public.example)"
same "nor is the version" REFUSED "$(asks 203.0.113.9 -c CH -t TXT |
    sed -n 's/.*status: \([A-Z]*\).*/\1/p')"
holds "the host itself is served" 'status: NOERROR' \
    "$(dig +time=3 +tries=2 @198.51.100.1 run.app)"
stop

sed -i 's/^upstreams/allow: [203.0.113.0\/24]\n&/' resolverd.yaml
start -c resolverd.yaml
holds "a list takes the default's place" 'status: NOERROR' "$(asks 203.0.113.9)"
holds "for who is beside the host too" 'status: REFUSED' "$(asks 198.51.100.9)"
stop

# The rate limit: fifty at once and fifty a second, for who is not this host.
cat >resolverd.yaml <<END
listen: [0.0.0.0]
upstreams: [10.53.0.2]
workers: 1
rate_limit: 50
zones:
  - name: corp
    dns_name: corp.test.
    record_sets: [{name: w.corp.test., type: A, ttl: 60, rrdatas: [10.9.8.7]}]
END
start -c resolverd.yaml
volley=$BLACKBOX_TOOLS/volley
line=$(away "$volley" -n 600 -r 600 -w 600 -t 2000 -a 10.9.8.7 \
    198.51.100.1 w.corp.test)
echo "600 in a second: $line"
# of NAME: the number after NAME= in volley's line.
of() {
	sed -n "s/.*\<$1=\([0-9]*\).*/\1/p" <<<"$line"
}
if [ "$(of right)" -lt 50 ] || [ "$(of right)" -gt 400 ]; then
	die "with a limit of 50 a second: $line"
fi
ok "answers as many as the limit allows"
if [ "$(of wrong)" -lt 50 ] || [ "$(of lost)" -lt 50 ]; then
	die "of those past the limit: $line"
fi
ok "of the rest some are answered by TC, and some not"
same "whoever comes by TCP for it is served" 10.9.8.7 \
    "$(away dig +short +time=1 +tries=5 @198.51.100.1 w.corp.test)"
line=$("$volley" -n 600 -w 8 -a 10.9.8.7 127.0.0.1 w.corp.test)
same "this host asks as fast as it likes" 600 "$(of right)"
stop
