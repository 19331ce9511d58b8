#!/bin/bash
# -v: what is read, and a line for each query and each question upstream.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
start_upstream

ask() {
	dig +time=6 +tries=1 @127.0.0.1 "$@" >/dev/null
}

# says WHAT PATTERN: the log has the line, whole.
says() {
	holds "$1" "^resolverd: $2\$" "$(cat daemon.log)"
}

cat >verbose.yaml <<END
workers: 1
zones:
  - name: corp
    dns_name: public.example.
    forwarding_config: {target_name_servers: [{ipv4_address: 10.53.0.2}]}
END
start -v -l 127.0.0.1 -u 10.53.0.2 -c verbose.yaml
says "the file is named" 'configuration: verbose\.yaml'
says "so are zones, workers and user" \
    'serving 2 zones with 1 worker as user [a-z]+'
ask hello.a.run.app A
says "an answer of a zone" \
    'query 127\.0\.0\.1 udp hello\.a\.run\.app\. A: NOERROR, 5 records, zone run-app'
ask +tcp +noedns hello.a.run.app TYPE65280
says "over TCP, by an odd type" \
    'query 127\.0\.0\.1 tcp hello\.a\.run\.app\. TYPE65280: NOERROR, 1 record, zone run-app'
ask www.public.example A
says "a question to a server" 'ask 10\.53\.0\.2 udp www\.public\.example\. A'
says "what came of it" \
    'query 127\.0\.0\.1 udp www\.public\.example\. A: NOERROR, 1 record, zone corp, upstream 10\.53\.0\.2'
ask www.public.example A
says "the same from the cache" \
    'query 127\.0\.0\.1 udp www\.public\.example\. A: NOERROR, 1 record, zone corp, cache'
ask nothing.example A
says "a name that does not exist" \
    'query 127\.0\.0\.1 udp nothing\.example\. A: NXDOMAIN, 0 records, upstream 10\.53\.0\.2'
ask +ignore +bufsize=512 big.public.example TXT
says "a truncated answer is asked for again" \
    'ask 10\.53\.0\.2 tcp big\.public\.example\. TXT'
says "and may be truncated for the client" \
    'query 127\.0\.0\.1 udp big\.public\.example\. TXT: NOERROR, 0 records, truncated, zone corp, upstream 10\.53\.0\.2'
ask +edns=1 +noednsneg run.app
says "an EDNS version of the future" \
    'query 127\.0\.0\.1 udp run\.app\. A: BADVERS, 0 records'
ask 'a\010b.public.example' A
says "an odd name stays on its line" \
    'query 127\.0\.0\.1 udp a\\010b\.public\.example\. A: NXDOMAIN, .*'
ask +norecurse www.example A
says "a refusal and why" 'query 127\.0\.0\.1 udp www\.example\. A: REFUSED: .* RD .*'
stop

start -v -l 127.0.0.1 -u 10.53.0.9
says "without a file" 'configuration: no file, .*'
ask www.example A
says "a failure and why" \
    'query 127\.0\.0\.1 udp www\.example\. A: SERVFAIL: upstream server 10\.53\.0\.9 .*'
stop

start -l 127.0.0.1 -u 10.53.0.2
ask hello.a.run.app A
ask www.public.example A
lacks "without -v nothing of this" 'query|ask|configuration' "$(cat daemon.log)"
stop
