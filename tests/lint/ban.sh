#!/bin/sh
# ban.sh PROGRAM: functions that must not be linked.  ldns's resolver and
# libevent's evdns accept forged answers (ids are guessable, questions are not
# compared); the rest of the list is easy to misuse.
set -eu

banned='ldns_(resolver_|send|udp_|tcp_|pkt_query_new).*|evdns.*'
banned="$banned|s?random|s?rand|[dejlmn]rand48|v?sprintf|st[rp]cpy|strcat|gets"
banned="$banned|strtok|system|popen|execl.*|tmpnam|tempnam|mktemp|alloca"

found=$(nm -D -u "$1" | sed 's/@.*//' |
    grep -E " (__)?($banned)(_chk)?\$") || exit 0
echo "ban: $1 must not call
$found" >&2
exit 1
