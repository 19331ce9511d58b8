#!/bin/bash
# SIGHUP: a good file takes over, a bad one changes nothing, nothing is lost.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
start_upstream
conf() {
	printf '%s\n' "$@" 'listen: [127.0.0.1]' 'upstreams: [10.53.0.2]' \
	    'workers: 2' >new.yaml
	mv new.yaml resolverd.yaml
}
conf 'mode: restricted'
start -c resolverd.yaml
conf 'mode: private'
reload
same "a good file is in force" "$private" \
    "$(dig +short @127.0.0.1 run.app | sorted)"
conf 'mode: restrictd'
reload
same "a bad file changes nothing" "$private" \
    "$(dig +short @127.0.0.1 run.app | sorted)"
holds "its error has a place" 'resolverd\.yaml:1:7: error: ' \
    "$(cat daemon.log)"
holds "and it says what is in force" 'running configuration is unchanged' \
    "$(cat daemon.log)"
conf 'mode: restricted'
rm resolverd.yaml
reload
same "a missing file changes nothing" "$private" \
    "$(dig +short @127.0.0.1 run.app | sorted)"
conf 'mode: restricted' 'ttl: 7'
reload
holds "the new TTL is in force" 'run\.app\.[[:space:]]+7[[:space:]]' \
    "$(dig +noall +answer @127.0.0.1 run.app)"

# Reloads, good and bad, under queries for served and forwarded names.
for n in $(seq 300); do
	printf '@127.0.0.1 +time=2 +tries=1 s%s.run.app\n' "$n"
	printf '@127.0.0.1 +time=2 +tries=1 www.public.example\n'
done >queries
dig +noall +comments -f queries >answers &
digger=$!
while kill -0 "$digger" 2>/dev/null; do
	conf 'mode: restricted'
	kill -HUP "$daemon"
	conf 'mode: private'
	kill -HUP "$daemon"
	conf 'mode: broken'
	kill -HUP "$daemon"
	sleep 0.02
done
same "no query is lost or wrong" 600 "$(grep -c 'status: NOERROR' answers)"
stop
