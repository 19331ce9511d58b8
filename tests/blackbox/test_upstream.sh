#!/bin/bash
# Upstream servers that are gone, refuse, or come second.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
start_upstream
ip address add 10.53.0.3/24 dev lo
ip address add 10.53.0.4/24 dev lo
# 10.53.0.3 takes questions and never answers.
nc -u -l 10.53.0.3 53 >/dev/null 2>&1 </dev/zero &
silent=$!
until_true "a silent server listens" \
    sh -c "ss -Huln 'src 10.53.0.3' | grep -q :53"
kill -STOP "$silent"
cat >resolverd.yaml <<END
listen: [127.0.0.1]
upstreams: [10.53.0.3, 10.53.0.2]
END
start -c resolverd.yaml
same "the second server answers when the first is silent" 203.0.113.5 \
    "$(dig +short +time=3 +tries=1 @127.0.0.1 www.public.example)"
stop
start -l 127.0.0.1 -u 10.53.0.4 -u 10.53.0.2
same "the second server answers when the first refuses" 203.0.113.5 \
    "$(dig +short +time=3 +tries=1 @127.0.0.1 www.public.example)"
stop
start -l 127.0.0.1 -u 10.53.0.4
answer=$(dig +time=1 +tries=1 @127.0.0.1 www.public.example)
holds "a server that is not there means SERVFAIL" 'status: SERVFAIL' "$answer"
holds "with an Extended DNS Error that names it" 'EDE: 23 .*10\.53\.0\.4 could not be reached' \
    "$answer"
same "served names do not mind" "$restricted" \
    "$(dig +short +time=1 +tries=1 @127.0.0.1 run.app | sorted)"
stop
start -l 127.0.0.1 -u 10.53.0.3
begin=$(date +%s%N)
answer=$(dig +time=8 +tries=1 @127.0.0.1 www.public.example)
took=$((($(date +%s%N) - begin) / 1000000))
holds "a silent server means SERVFAIL" 'status: SERVFAIL' "$answer"
holds "with an Extended DNS Error that says so" \
    'EDE: 22 .*10\.53\.0\.3 did not answer within 4 s' "$answer"
if [ "$took" -lt 3900 ] || [ "$took" -gt 5000 ]; then
	die "the budget of 4 s took $took ms"
fi
ok "after four seconds"
stop
kill -KILL "$silent"

# Each worker has a cache of its own: one alone is sure to have the answer.
echo 'workers: 1' >one.yaml
start -c one.yaml -l 127.0.0.1 -u 10.53.0.2
dig @127.0.0.1 www.public.example >/dev/null
first=$(dig +noall +answer @127.0.0.1 www.public.example | awk '{ print $2 }')
until_true "a cached TTL counts down" sh -c "
	ttl=\$(dig +noall +answer @127.0.0.1 www.public.example |
	    awk '{ print \$2 }')
	[ \"\$ttl\" -lt $first ]"
kill "$upstream"
wait "$upstream"
upstream=0
same "the cache answers without its upstream" 203.0.113.5 \
    "$(dig +short +time=1 +tries=1 @127.0.0.1 www.public.example)"
stop
