#!/bin/bash
# UDP and TCP, IPv4 and IPv6, several listeners, many queries a connection.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
cat >resolverd.yaml <<END
listen: [0.0.0.0:53, "[::]:53", 127.0.0.1:5353]
upstreams: [10.53.0.2]
tcp_clients: 4
tcp_idle_timeout: 1s
workers: 2
END
start -c resolverd.yaml
for server in 127.0.0.1 127.0.0.2 10.53.0.1 ::1 2001:db8:53::1; do
	# dig takes no answer that comes from another address.
	same "UDP answers come from $server" "$restricted" \
	    "$(dig +short +time=1 +tries=1 @"$server" run.app | sorted)"
	same "TCP works on $server" "$restricted" \
	    "$(dig +short +tcp +time=2 +tries=1 @"$server" run.app | sorted)"
done
same "another port listens too" "$restricted" \
    "$(dig +short -p 5353 @127.0.0.1 run.app | sorted)"
same "kdig gets two answers on one connection" 8 \
    "$(kdig +tcp +keepopen +short @127.0.0.1 run.app A run.app A | wc -l)"

# Two hundred queries in one write, the last one only then followed by EOF.
query='\x00\x19\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03run\x03app\x00\x00\x01\x00\x01'
# shellcheck disable=SC2059 # the octets are the format
octets=$(for _ in $(seq 200); do
	printf '%s' "$query"
done)
reply=$((2 + 25 + 4 * 16))
# shellcheck disable=SC2059
same "200 pipelined queries get 200 answers" $((200 * reply)) \
    "$(printf "$octets" | timeout 5 nc -q 2 127.0.0.1 53 | wc -c)"

many=560
# More answers than the connection has room for: an AAAA of a served name,
# whose answer is the CNAME and the SOA.
question='\x00\x1b\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01x\x03run\x03app\x00\x00\x1c\x00\x01'
size=$(dig +noedns @127.0.0.1 x.run.app AAAA | sed -n 's/.*MSG SIZE  rcvd: //p')
# shellcheck disable=SC2059
octets=$(for _ in $(seq "$many"); do
	printf '%s' "$question"
done)
# shellcheck disable=SC2059
printf "$octets" >octets
exec 9<>/dev/tcp/127.0.0.1/53
cat octets >&9 &
same "$many queries in one go get $many answers" $((many * (2 + size))) \
    "$(timeout 10 cat <&9 | wc -c)"
exec 9>&-

# Four silent connections fill the table; a fifth still gets through.
for n in 1 2 3 4; do
	eval "exec $((n + 10))<>/dev/tcp/127.0.0.1/53"
done
same "a new TCP client pushes an idle one out" "$restricted" \
    "$(dig +short +tcp +time=3 +tries=1 @127.0.0.1 run.app | sorted)"
begin=$(date +%s)
timeout 8 cat <&12 >/dev/null || die "an idle connection stays open"
[ $(($(date +%s) - begin)) -le 6 ] || die "an idle connection lives too long"
ok "an idle connection is closed"
stop
