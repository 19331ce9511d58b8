#!/bin/bash
# What dig, kdig and drill show for a served name and a forwarded one.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
start_upstream
start -l 127.0.0.1 -u 10.53.0.2
soa='run\.app\.[[:space:]]+300[[:space:]]+IN[[:space:]]+SOA[[:space:]]+ns-gcp-private\.googledomains\.com\. cloud-dns-hostmaster\.google\.com\. 1 21600 3600 259200 300'

answer=$(dig @127.0.0.1 leak.a.run.app A)
holds "flags are qr rd ra, without aa and ad" 'flags: qr rd ra;' "$answer"
holds "no authority, only OPT in additional" \
    'ANSWER: 5, AUTHORITY: 0, ADDITIONAL: 1' "$answer"
holds "EDNS says version 0, no flags, udp 512" \
    'EDNS: version: 0, flags:; udp: 512' "$answer"
lacks "no cookie comes back" COOKIE "$answer"
holds "the CNAME has TTL 60" \
    'leak\.a\.run\.app\.[[:space:]]+60[[:space:]]+IN[[:space:]]+CNAME[[:space:]]+run\.app\.' "$answer"

for type in AAAA HTTPS TXT SVCB MX TYPE65280 DNSKEY; do
	answer=$(dig @127.0.0.1 leak.a.run.app "$type")
	holds "$type of a served name is NOERROR" 'status: NOERROR' "$answer"
	holds "$type of a served name has the zone's SOA" "$soa" "$answer"
	lacks "$type of a served name does not leak" '2001:4860|alpn|leaked' \
	    "$answer"
done
for tool in "kdig" "drill"; do
	same "$tool sees the four addresses" "$restricted" \
	    "$("$tool" @127.0.0.1 leak.a.run.app A |
		awk '!/^;/ && $4 == "A" { print $5 }' | sorted)"
	same "$tool sees them over TCP" "$restricted" \
	    "$(case $tool in kdig) kdig +tcp @127.0.0.1 leak.a.run.app A ;;
		drill) drill -t @127.0.0.1 leak.a.run.app A ;; esac |
		awk '!/^;/ && $4 == "A" { print $5 }' | sorted)"
done
holds "the question is echoed in its letter case" \
    'LeAk\.A\.rUn\.ApP\.[[:space:]]+IN[[:space:]]+A' \
    "$(dig @127.0.0.1 LeAk.A.rUn.ApP A)"
orders=$(for _ in $(seq 40); do
	dig +short @127.0.0.1 run.app | head -1
done | sort -u | wc -l)
[ "$orders" -gt 1 ] || die "the order of addresses never changes"
ok "the order of addresses changes"

answer=$(dig @127.0.0.1 alias.public.example)
holds "a public CNAME comes with its target" \
    'alias\.public\.example\.[[:space:]]+[0-9]+[[:space:]]+IN[[:space:]]+CNAME' "$answer"
holds "and the target's address" '203\.0\.113\.5$' "$answer"
same "an unknown type passes through" '\# 4 0A000001' \
    "$(dig +short @127.0.0.1 www.public.example TYPE65280)"
answer=$(dig @127.0.0.1 nothing.public.example)
holds "a public NXDOMAIN stays one" 'status: NXDOMAIN' "$answer"
holds "and carries the public SOA" 'SOA[[:space:]]+ns\.public\.' "$answer"
answer=$(dig +ignore @127.0.0.1 big.public.example TXT)
holds "a long answer is truncated over UDP" 'flags: qr tc rd ra' "$answer"
same "and complete over TCP" 60 \
    "$(dig +short @127.0.0.1 big.public.example TXT | wc -l)"
holds "AXFR is refused" 'Transfer failed' \
    "$(dig @127.0.0.1 run.app AXFR)"
holds "CHAOS is refused" 'status: REFUSED' \
    "$(dig @127.0.0.1 version.bind CH TXT)"
holds "EDNS version 1 is BADVERS" 'status: BADVERS' \
    "$(dig +edns=1 +noednsneg @127.0.0.1 run.app)"
holds "an unknown EDNS option does no harm" 'status: NOERROR' \
    "$(dig +ednsopt=65001:abcd @127.0.0.1 run.app)"
holds "NOTIFY is not implemented" 'status: NOTIMP' \
    "$(dig +opcode=4 @127.0.0.1 run.app)"
stop
