#!/bin/bash
# Truncated answers, and servers whose TCP is slow, ends early or is not there.
# shellcheck source=faulty.sh
. "${BASH_SOURCE%/*}/faulty.sh"
start_faulty 10.53.0.2
start_faulty 10.53.0.3 -u
start_faulty 10.53.0.4
cat >resolverd.yaml <<END
listen: [127.0.0.1]
upstreams: [10.53.0.2]
workers: 1
zones:
  - name: without-tcp
    dns_name: without.test.
    forwarding_config: {target_name_servers: [{ipv4_address: 10.53.0.3}]}
  - name: slow
    dns_name: slow.test.
    forwarding_config: {target_name_servers: [{ipv4_address: 10.53.0.4}]}
END
start -c resolverd.yaml

# tells NAME: what is said, and the questions by UDP and by TCP.
tells() {
	echo "$(said "$1") $(asked "$1" udp) $(asked "$1" tcp)"
}

same "a truncated answer is asked for by TCP" "NOERROR 198.18.0.1 1 1" \
    "$(tells truncated.1.tcp.test)"
same "500 records come whole" 500 \
    "$(ask +tcp big-500.2.tcp.test | grep -c '^[^;].*198\.19')"
same "more than 512 do not" SERVFAIL "$(said +tcp big-513.3.tcp.test)"
same "one octet each 10 ms is fast enough" "NOERROR 198.18.0.4" \
    "$(said slowtcp-10.4.slow.test)"
within "one each 300 ms is not: the budget ends it" 3500 5500 \
    ask slowtcp-300.5.slow.test
same "a connection that ends is opened once more" "NOERROR 198.18.0.6" \
    "$(said closetcp-1.6.tcp.test)"
answer=$(ask closetcp.7.tcp.test)
holds "when all end it is SERVFAIL" 'status: SERVFAIL' "$answer"
holds "and says so" 'EDE: .*10\.53\.0\.2' "$answer"
sent=$(asked closetcp.7.tcp.test)
[ "$sent" -le 8 ] || die "a question was sent $sent times, more than 8"
ok "after eight questions at most"
holds "an answer cut in two is none" 'status: SERVFAIL' \
    "$(ask halftcp.8.tcp.test)"
holds "a server without TCP that truncates is no use" 'status: SERVFAIL' \
    "$(ask truncated.9.without.test)"
same "but for what it can do" "NOERROR 198.18.0.10" \
    "$(said plain.10.without.test)"

# 200 questions share a few connections, whose answers come as they are ready.
line=$(volley -n 200 -w 50 127.0.0.1 truncated.%.many.test)
same "200 truncated answers are right" "200 0" \
    "$(of "$line" right) $(of "$line" wrong)"
same "200 questions by TCP" 200 \
    "$(grep -ic ' tcp .*\.many\.test\.' 10.53.0.2.asked)"
links=$(grep -i ' tcp .*\.many\.test\.' 10.53.0.2.asked |
    grep -o 'link=[0-9.]*' | sort -u | wc -l)
[ "$links" -le 8 ] || die "200 questions took $links connections"
ok "over eight connections at most"
same "served names do not mind" "$restricted" \
    "$(dig +short +time=1 +tries=1 @127.0.0.1 run.app | sorted)"
stop
