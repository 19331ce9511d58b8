#!/bin/bash
# Servers that refuse, fail, or do not know EDNS or cookies.
# shellcheck source=faulty.sh
. "${BASH_SOURCE%/*}/faulty.sh"
start_faulty 10.53.0.2 -c
start_faulty 10.53.0.3 -b servfail
start_faulty 10.53.0.4 -b refused
printf '%s\n' 'workers: 1' 'cache_failure_ttl: 20s' >one.yaml

{
	cat one.yaml
	echo 'upstream_order: listed'
} >listed.yaml
start -c listed.yaml -l 127.0.0.1 -u 10.53.0.3 -u 10.53.0.4 -u 10.53.0.2
same "SERVFAIL and REFUSED send the question to the next server" \
    "NOERROR 198.18.0.1" "$(said plain.1.error.test)"
same "the two errors are counted" 2 "$(counter upstream_failed)"
same "NXDOMAIN is an answer" NXDOMAIN "$(said nxdomain.2.error.test)"
same "so is NODATA" NOERROR "$(said nodata.3.error.test)"
same "both are asked for once" "1 1" \
    "$(asked nxdomain.2.error.test) $(asked nodata.3.error.test)"
for _ in 1 2 3; do
	said nxdomain.2.error.test >/dev/null
done
same "and kept" 1 "$(asked nxdomain.2.error.test)"
stop

start -c one.yaml -l 127.0.0.1 -u 10.53.0.3 -u 10.53.0.4
answer=$(ask plain.4.error.test)
holds "when all fail, so does the answer" 'status: SERVFAIL' "$answer"
holds "and says whose fault it is" 'EDE: .*10\.53\.0\.[34]' "$answer"
within "without waiting for the budget" 0 3500 ask plain.5.error.test
holds "the failure is known for a while" \
    'EDE: 13 .*cached SERVFAIL, [0-9]+ s left' "$(ask plain.5.error.test)"
same "served names do not mind" "$restricted" \
    "$(dig +short +time=1 +tries=1 @127.0.0.1 run.app | sorted)"
stop

# Of one server; what it says to one question is no rule for the next.
echo 'workers: 1' >one.yaml
start -c one.yaml -l 127.0.0.1 -u 10.53.0.2
for word in rcode-4 rcode-1 rcode-9 refused servfail; do
	same "$word is no answer" SERVFAIL "$(said $word.10.error.test)"
done
same "an error at first may be none a second later" \
    "SERVFAIL NOERROR 198.18.0.11" "$(said servfail-1.11.error.test
	) $(sleep 1.2; said servfail-1.11.error.test)"
stop

# Cookies (RFC 7873), EDNS.  The first answer tells that the server knows
# cookies; from then on it is not believed without.
start -c one.yaml -l 127.0.0.1 -u 10.53.0.2
same "a question that may have a cookie has one" "NOERROR 198.18.0.20" \
    "$(said plain.20.error.test)"
holds "the first one of our own" ' cookie=8 ' "$(cat 10.53.0.2.asked)"
said plain.21.error.test >/dev/null
holds "the second one the server's as well" 'cookie=24' \
    "$(grep -i plain.21.error 10.53.0.2.asked)"
same "an answer without the cookie is not believed, TCP is" \
    "NOERROR 198.18.0.22 1" "$(said nocookie.22.error.test
	) $(asked nocookie.22.error.test tcp)"
stop
start -c one.yaml -l 127.0.0.1 -u 10.53.0.2
same "BADCOOKIE: once more, with the cookie that came" \
    "NOERROR 198.18.0.23 2 0" "$(said badcookie.23.error.test
	) $(asked badcookie.23.error.test udp) $(asked badcookie.23.error.test tcp)"
same "again BADCOOKIE: over TCP" "NOERROR 198.18.0.24 2 1" \
    "$(said badcookie-9.24.error.test) $(asked badcookie-9.24.error.test udp
	) $(asked badcookie-9.24.error.test tcp)"
stop
start -c one.yaml -l 127.0.0.1 -u 10.53.0.2
same "FORMERR to EDNS: once more" "NOERROR 198.18.0.27" \
    "$(said formerredns.27.error.test)"
lacks "without EDNS" ' (edns|cookie)=' \
    "$(grep -i formerredns.27.error 10.53.0.2.asked | tail -1)"
said plain.25.error.test >/dev/null
lacks "which the next question takes over" ' (edns|cookie)=' \
    "$(grep -i plain.25.error 10.53.0.2.asked)"
stop
start -c one.yaml -l 127.0.0.1 -u 10.53.0.2
same "silence to EDNS is got over too" "NOERROR 198.18.0.26" \
    "$(said dropedns.26.error.test)"
stop
