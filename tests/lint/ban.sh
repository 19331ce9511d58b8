#!/bin/sh
# ban.sh PROGRAM: functions that must not be linked.  ldns's resolver and
# libevent's evdns accept forged answers (ids are guessable, questions are not
# compared); the rest of the list is easy to misuse.
set -eu

late='ldns_(resolver_|send|udp_|tcp_|pkt_query_new).*|evdns.*'
banned="$late|s?random|s?rand|[dejlmn]rand48|v?sprintf|st[rp]cpy|strcat|gets"
banned="$banned|strtok|system|popen|execl.*|tmpnam|tempnam|mktemp|alloca"

# What is loaded late is looked up by its name, which stands in the program.
found=$({
	nm -D -u "$1" | sed 's/@.*//' | grep -E " (__)?($banned)(_chk)?\$"
	tr '\0' '\n' <"$1" | grep -axE "$late"
} || :)
[ -n "$found" ] || exit 0
echo "ban: $1 must not call
$found" >&2
exit 1
