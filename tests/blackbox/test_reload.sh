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
holds "its error has a place" 'error: resolverd\.yaml:1:7: ' \
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

# So it is when one of the files that the configuration names is broken.
cat >zone.json <<'END'
[{"kind": "dns#managedZone", "name": "corp", "dnsName": "corp.example.",
  "visibility": "private", "peeringConfig": {"targetNetwork":
  {"networkUrl": "projects/p/global/networks/hub"}},
  "privateVisibilityConfig": {"networks":
  [{"networkUrl": "projects/p/global/networks/default"}]}}]
END
cat >rules.yaml <<'END'
api:
  dns_name: api.example.
  local_data: {A: {ttl: 60, rrdatas: [10.0.0.7]}}
END
with_files() {
	conf "mode: $1" 'resource_files: [zone.json]' \
	    'networks: [{name: default}, {name: hub, presets: []}]' \
	    'response_policies: [{name: rp, rules_file: rules.yaml}]'
}
in_force() {
	same "$1: the rules are as they were" 10.0.0.7 \
	    "$(dig +short @127.0.0.1 api.example)"
	same "$1: so are the zones" "$private" \
	    "$(dig +short @127.0.0.1 run.app | sorted)"
}
# broken WHAT FILE TEXT: a reload with that text in the file is refused.
broken() {
	local seen

	cp "$2" "$2.good"
	printf '%s' "$3" >"$2"
	with_files restricted
	seen=$(wc -l <daemon.log)
	reload
	in_force "$1"
	holds "$1: its error has a place" "error: $2:[0-9]+(:[0-9]+)?: " \
	    "$(tail -n "+$((seen + 1))" daemon.log)"
	mv "$2.good" "$2"
}
with_files private
reload
in_force "a configuration of several files"
broken "a resource file that is cut off" zone.json '[{"name": "corp", "dnsNa'
broken "rules that are cut off" rules.yaml 'api: {dns_name: api.example., local_da'
broken "rules that are none" rules.yaml 'api: {dns_name: api.example., local_data: {SOA: {rrdatas: [x]}}}'
mv rules.yaml elsewhere.yaml
with_files restricted
seen=$(wc -l <daemon.log)
reload
in_force "rules that are missing"
holds "that they are missing is said" 'rules\.yaml' \
    "$(tail -n "+$((seen + 1))" daemon.log)"

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
