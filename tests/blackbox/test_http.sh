#!/bin/bash
# The HTTP port as clients meet it, good ones and others.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
here=$(cd "$OLDPWD" && realpath "${BASH_SOURCE%/*}")
client=$here/http_client.py
site=http://127.0.0.1:9153

# status ARG...: what curl gets for an answer.
status() {
	curl -s -o /dev/null -w '%{http_code}' -m 10 "$@"
}

# raw: the same of a request that standard input is.
raw() {
	"$client" 127.0.0.1 9153 raw | tr -d '\r'
}

start_upstream
cat >resolverd.yaml <<END
listen: [127.0.0.1]
workers: 1
upstreams: [10.53.0.2]
http_listen: [127.0.0.1, "[::1]:9153", 10.53.0.1]
http_hosts: [resolver.example, 192.0.2.9, "2001:db8::9"]
control_socket: $WORK/control
END
output=$("$RESOLVERD" -t -c resolverd.yaml 2>&1)
holds "who opens it to others is warned" \
    'resolverd.yaml:4:[0-9]+: warning: whoever reaches 10\.53\.0\.1:9153 can read zones and queries there: HTTP asks for no password' \
    "$output"
lacks "but not who keeps it for himself" 'warning: whoever reaches (127|\[::1)' \
    "$output"
start -c resolverd.yaml

# Who gets an answer.
same "its address is asked" 200 "$(status $site/healthz)"
same "so is the other one" 200 "$(status 'http://[::1]:9153/healthz')"
same "and localhost" 200 "$(status http://localhost:9153/healthz)"
same "and a name of the configuration" 200 \
    "$(status -H 'Host: Resolver.Example:8080' $site/healthz)"
same "but no other name, which may have been made to lead here" 421 \
    "$(status -H 'Host: rebound.example:9153' $site/healthz)"
same "nor another address" 421 \
    "$(status -H 'Host: 192.0.2.1' $site/healthz)"
same "one of the configuration is us" "200 200" \
    "$(status -H 'Host: 192.0.2.9:80' $site/healthz) $(
	status -H 'Host: [2001:db8::9]:80' $site/healthz)"
same "a whole URL has its own host" 200 \
    "$(status --request-target $site/healthz -H 'Host: x' $site/healthz)"
same "a link of another site leads to the page" 200 \
    "$(status -H 'Sec-Fetch-Site: cross-site' -H 'Sec-Fetch-Mode: navigate' \
	-H 'Sec-Fetch-Dest: document' $site/)"
same "no page's script gets one" 403 \
    "$(status -H 'Origin: http://localhost:9153' $site/healthz)"
same "nor does another site" 403 \
    "$(status -H 'Sec-Fetch-Site: cross-site' $site/healthz)"
same "our own page does" 200 \
    "$(status -H 'Sec-Fetch-Site: same-origin' $site/healthz)"

# What is asked for.
same "what is not ours is not found" 404 "$(status $site/etc/passwd)"
holds "the error is JSON" \
    '"message": "there is nothing at this path' "$(curl -s $site/nothing)"
same "nor is a path around corners" 404 \
    "$(status --path-as-is "$site/../../etc/passwd")"
same "nothing can be posted" 405 "$(status -d x=y $site/healthz)"
holds "and it says what can be done" '^Allow: GET, HEAD$' \
    "$(curl -si -X DELETE $site/healthz | tr -d '\r')"

# What an answer says of itself.
output=$(curl -si $site/healthz | tr -d '\r')
holds "an answer is not kept" '^Cache-Control: no-store$' "$output"
holds "nor taken for something else" '^X-Content-Type-Options: nosniff$' \
    "$output"
holds "nothing may be loaded with it" \
    "^Content-Security-Policy: default-src 'none'" "$output"
lacks "no other site is let in" '^Access-Control' "$output"
lacks "it does not tell what serves it" \
    '(^Server:|[Ll]ibevent|resolverd|[0-9]+\.[0-9]+\.[0-9]+-)' "$output"
output=$(curl -sI $site/healthz | tr -d '\r')
holds "HEAD gets the same head" '^Content-Length: [1-9][0-9]*$' "$output"
output=$(printf 'HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n' | raw)
lacks "and nothing else" '"ok"' "$output"

# What there is to see.  json PATH EXPRESSION: of the document d.
json() {
	curl -s "$site$1" | python3 -c "import json, sys
d = json.load(sys.stdin)
print($2)"
}
same "nobody was asked for queries before" 0 \
    "$(json /api/queries 'len(d["queries"])')"
dig +short @127.0.0.1 hello-abc123-uc.a.run.app >/dev/null
dig +short @127.0.0.1 www.public.example >/dev/null
dig +short @127.0.0.1 www.public.example >/dev/null
dig +short +tcp @127.0.0.1 www.public.example HTTPS >/dev/null
dig +short @127.0.0.1 'evil"} 1\010<b>.public.example' LOC >/dev/null
told() {
	[ "$(json /api/queries 'd["last"]')" -ge 5 ]
}
until_true "queries are told of" told
same "queries are told of, with who answered" \
    'zone upstream cache upstream upstream' \
    "$(json /api/queries '*(q["source"] for q in d["queries"])')"
same "those after a number" 2 "$(json '/api/queries?since=3' 'len(d["queries"])')"
same "a number must be one" 400 "$(status "$site/api/queries?since=x")"
same "names are escaped" 'evil\"}\0321\010<b>.public.example.' \
    "$(json /api/queries 'd["queries"][4]["name"]')"
same "the status tells the mode" restricted "$(json /api/status 'd["in_force"]["mode"]')"
same "zones are listed" run.app. \
    "$(json /api/zones 'd["zones"][0]["dns_name"]')"
same "the server is" '10.53.0.2 up 0' \
    "$(json /api/upstreams '*(d["upstreams"][0][k] for k in ("server", "state", "failures"))')"
same "the cache is counted" '3 1' \
    "$(json /api/cache 'd["entries"], d["hits"]' | tr -d '(),')"
same "a name is explained" 'zones NOERROR' \
    "$(json '/api/explain?name=x.run.app' \
	'next(s["step"] for s in d["hops"][0]["steps"] if s["finding"] == "match"), d["answer"]["status"]' |
	tr -d "(),'")"
same "an explanation may have to wait for a server" 203.0.113.5 \
    "$(json '/api/explain?name=alias.public.example' \
	'd["answer"]["answer"][1]["data"]')"
same "it needs a name" 400 "$(status $site/api/explain)"
same "a good one" 400 "$(status "$site/api/explain?name=a..b")"
same "a type" 400 "$(status "$site/api/explain?name=a&type=nix")"
same "and a network that there is" 400 \
    "$(status "$site/api/explain?name=a&network=nix")"
holds "the page may run but its own script" \
    "^Content-Security-Policy: default-src 'none'; script-src 'nonce-[0-9a-f]{32}'; style-src 'nonce-[0-9a-f]{32}'; connect-src 'self'" \
    "$(curl -si $site/ | tr -d '\r')"
nonce() {
	curl -s $site/ | sed -n 's/^<script nonce="\(.*\)">$/\1/p'
}
[ "$(nonce)" != "$(nonce)" ] || die "the nonce is always the same"
ok "which no other page can know"

# Metrics.
metrics=$(curl -s $site/metrics)
holds "metrics count queries" \
    '^resolverd_dns_requests_total\{proto="udp",family="ipv4",type="A"\} 3$' \
    "$metrics"
holds "rare types are put together" \
    '^resolverd_dns_requests_total\{proto="udp",family="ipv4",type="other"\} 1$' \
    "$metrics"
holds "answers are told by their source" \
    '^resolverd_dns_responses_total\{rcode="NOERROR",source="cache"\} 1$' \
    "$metrics"
holds "and how long they took" \
    '^resolverd_dns_request_duration_seconds_bucket\{source="zone",le="\+Inf"\} 1$' \
    "$metrics"
holds "servers are told by their address" \
    '^resolverd_upstream_requests_total\{upstream="10\.53\.0\.2"\} [45]$' \
    "$metrics"
holds "the mode is" '^resolverd_mode_info\{mode="restricted"\} 1$' "$metrics"
lacks "what a client asks is no label" 'evil|public' "$metrics"
holds "who is here is told the version" \
    '^resolverd_build_info\{version="[0-9.]+"\} 1$' "$metrics"
holds "and nobody else" '^resolverd_build_info 1$' \
    "$(curl -s --interface 10.53.0.1 http://10.53.0.1:9153/metrics)"
holds "the kind of text is told" \
    '^Content-Type: text/plain; version=0\.0\.4; charset=utf-8$' \
    "$(curl -sI $site/metrics | tr -d '\r')"

# What is no request.
bad() {
	same "$1" "$2" "$(printf '%b' "$3" | raw | sed -n '1s/^HTTP.1.1 \([0-9]*\).*/\1/p')"
}
bad "bare line feeds are refused" 400 'GET / HTTP/1.1\nHost: localhost\n\n'
bad "folded lines are refused" 400 \
    'GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n'
bad "two Hosts are refused" 400 \
    'GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n'
bad "no Host is refused" 400 'GET / HTTP/1.1\r\n\r\n'
bad "a body of two lengths is refused" 400 \
    'GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
bad "a length of +5 is refused" 400 \
    'GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: +5\r\n\r\nabcde'
bad "two lengths are refused" 400 \
    'GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\nabcde'
bad "a URL of another host is refused" 421 \
    'GET http://evil/ HTTP/1.1\r\nHost: localhost\r\n\r\n'
bad "another version is refused" 505 \
    'GET / HTTP/3.0\r\nHost: localhost\r\n\r\n'
bad "TLS is refused" 400 '\x16\x03\x01\x02\x00\x01'
bad "8 KiB of headers are too many" 431 \
    "GET / HTTP/1.1\r\nHost: localhost\r\nX: $(printf '%09000d' 0)\r\n\r\n"
output=$(printf 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n' | raw)
same "a connection has one answer" 1 "$(grep -c '^HTTP/1.1 200' <<<"$output")"
same "evhttp never tells anything itself" "" \
    "$(printf 'GET /\r\n\r\n' | raw | grep -i '<html')"

# Clients that take their time.
holds "a slow request has 5 seconds in all" \
    '^HTTP/1.1 408 Request Timeout after [56] s$' \
    "$("$client" 127.0.0.1 9153 drip)"
same "a client has 8 connections" '200:8 503:4' \
    "$("$client" 127.0.0.1 9153 crowd 12)"
same "and they are free again" 200 "$(status $site/healthz)"

# A worker that stands still is nobody's to wait for.
worker=$(basename "$(find "/proc/$daemon/task" -mindepth 1 -maxdepth 1 |
    grep -v "/$daemon\$" | head -1)")
"$here/stop_thread.py" "$worker" >stopped 2>&1 &
stopper=$!
until_true "a worker stops" grep -q stopped stopped
same "what waits for a stuck worker ends" 503 "$(status $site/healthz)"
for _ in 1 2 3 4 5 6 7; do
	curl -s -m 1 $site/metrics >/dev/null &
	waiting+=($!)
done
wait "${waiting[@]}"
holds "and says why" 'the workers have not answered within 6 seconds' \
    "$(curl -s -m 10 "$site/api/explain?name=x.run.app")"
same "they take no places from others" 200 "$(status $site/api/status)"
"$client" 127.0.0.1 9153 storm 15 >/dev/null
holds "nor more memory than a few of them need" 'too many requests wait' \
    "$(curl -s -m 10 $site/healthz)"
kill -TERM "$stopper"
wait "$stopper"
healthy() {
	[ "$(status $site/healthz)" = 200 ]
}
until_true "it is well again when the worker is" healthy
ok "it is well again when the worker is"

# All of that does nothing to the answers.
sockets() {
	find "/proc/$daemon/fd" -lname 'socket:*' | wc -l
}
before=$(sockets)
seq -f 'hello-%g-uc.a.run.app A' 1 200 >names
"$client" 127.0.0.1 9153 storm 6 >storm.log &
storm=$!
perf=$(dnsperf -s 127.0.0.1 -d names -l 5 -Q 400 -t 1 2>&1)
wait "$storm"
holds "queries are answered while the port is stormed" \
    'Queries lost: +0 ' "$perf"
latency=$(sed -n 's/^ *Average Latency (s): *\([0-9.]*\).*/\1/p' <<<"$perf")
awk -v latency="$latency" 'BEGIN { exit latency >= 0.02 }' ||
    die "but it takes $latency s"
ok "in less than 20 ms on average"
holds "there was a storm" '^[0-9]{3,} connections$' "$(cat storm.log)"
sleep 6
same "and after it the port serves" 200 "$(status $site/healthz)"
gone() {
	[ "$(sockets)" -le "$before" ]
}
until_true "all its connections are gone" gone
ok "all its connections are gone"

# Reloads.
sed -i 's/resolver.example/other.example/' resolverd.yaml
reload
same "a name is ours after a reload" 200 \
    "$(status -H 'Host: other.example' $site/healthz)"
same "and no longer" 421 \
    "$(status -H 'Host: resolver.example' $site/healthz)"
sed -i 's/^http_listen.*/http_listen: [127.0.0.1:9154]/' resolverd.yaml
reload
holds "other addresses take a restart" \
    "'http_listen' has changed; that takes effect on restart" \
    "$(cat daemon.log)"

# A port that is taken.
output=$("$RESOLVERD" -f -c <(printf '%s\n' 'listen: [127.0.0.1:5300]' \
    "control_socket: $WORK/other" 'http_listen: [127.0.0.1:9153]') 2>&1)
same "a port that is taken ends the start" 2 $?
holds "which says so" 'http_listen: 127\.0\.0\.1:9153: Address already in use' \
    "$output"
stop
