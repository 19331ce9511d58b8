#!/bin/bash
# Servers asked over TCP: connections are kept and shared, and whatever such a
# server does, the next one is asked in time.
stream_server=$(realpath "${BASH_SOURCE%/*}/stream_server.py")
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
start_upstream
ip address add 10.53.0.5/24 dev lo

# serve MANNER: a server at 10.53.0.5 with that manner in place of the last.
served=0
serve() {
	[ "$served" -eq 0 ] || { kill "$served"; wait "$served" 2>/dev/null; }
	: >server.log
	python3 "$stream_server" 10.53.0.5 53 "$1" >server.log 2>&1 &
	served=$!
	until_true "the server listens" grep -q '^listening' server.log
}

ask() {
	dig +short +time=6 +tries=1 @127.0.0.1 "$@"
}

# asked_many NUMBER: so many names at once; prints the number of answers.
asked_many() {
	for n in $(seq "$1"); do
		echo "n$n.many.example A"
	done >names
	dnsperf -s 127.0.0.1 -d names -n 1 -q "$1" -t 6 2>/dev/null |
	    awk '/Queries completed/ { print $3 }'
}

connections() {
	grep -c '^connection' server.log
}

cat >resolverd.yaml <<'END'
listen: [127.0.0.1]
upstreams: [tcp://10.53.0.5]
workers: 1
END
serve answer
start -c resolverd.yaml
same "a server is asked over TCP" 203.0.113.7 "$(ask first.example)"
same "the next question goes by the same connection" "203.0.113.7 1" \
    "$(ask second.example) $(connections)"
same "300 questions at once are all answered" 300 "$(asked_many 300)"
if [ "$(connections)" -gt 4 ]; then
	die "it took $(connections) connections"
fi
ok "by four connections at most"
stop

serve reverse
start -c resolverd.yaml
same "answers may come in any order" 200 "$(asked_many 200)"
stop

serve close
start -c resolverd.yaml
same "a server may close after each answer" 20 "$(asked_many 20)"
same "and is asked again" 203.0.113.7 "$(ask again.example)"
stop

serve answer
start -c resolverd.yaml
ask before.example >/dev/null
serve answer
same "a restart of the server costs no question" 203.0.113.7 \
    "$(ask after.example)"
stop

cat >resolverd.yaml <<'END'
listen: [127.0.0.1]
upstreams: [tcp://10.53.0.5, 10.53.0.2]
upstream_order: listed
workers: 1
END
for manner in refuse drop garbage half mute; do
	serve $manner
	start -c resolverd.yaml
	same "the next server is asked where one does: $manner" 203.0.113.5 \
	    "$(ask www.public.example)"
	same "served names do not mind" "$restricted" \
	    "$(ask run.app | sorted)"
	stop
done
kill "$served"
