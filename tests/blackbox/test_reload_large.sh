#!/bin/bash
# A reload of 100,000 records under load: while it is read, checked and put in
# place, no query is lost, over UDP and TCP.
generator=$(realpath "${BASH_SOURCE%/*}/../bench/configuration.sh")
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"

# conf FILE: the large configuration, as many zones or as one.
conf() {
	{
		printf '%s\n' 'listen: [127.0.0.1]' 'upstreams: [127.0.0.9]' \
		    'workers: 2'
		cat "$1"
	} >new.yaml
	mv new.yaml resolverd.yaml
}

# reloaded N: N reloads have ended; these may take their time.
reloaded() {
	for _ in $(seq 600); do
		[ "$(grep -c '^resolverd: .*reload: ' daemon.log)" -ge "$1" ] &&
		    return
		sleep 0.1
	done
	die "reload $1 does not end"
}

# load MODE ARG...: asks until it is told to stop.
load() {
	dnsperf -s 127.0.0.1 -m "$1" -d names -c 4 -q 40 -Q 1000 -t 3 -l 300 \
	    >"$1.out" 2>&1 &
}

soa() {
	dig +noall +authority @127.0.0.1 nobody.team-7.example.internal |
	    awk '{ print $1 }'
}

"$generator" zones >many
"$generator" zone >one
{
	cat many
	echo '  - name: Broken'
} >broken
awk '$2 == "name:" { print $3, "A" }' one | awk 'NR % 97 == 0' >names

conf many
start -c resolverd.yaml
same "a name is in the zone of its team" team-7.example.internal. "$(soa)"
load udp
udp=$!
load tcp
tcp=$!
count=0
for form in one many broken one; do
	conf "$form"
	kill -HUP "$daemon"
	count=$((count + 1))
	reloaded "$count"
done
same "the reload is in force" example.internal. "$(soa)"
holds "the broken one was refused" 'running configuration is unchanged' \
    "$(cat daemon.log)"
kill -INT "$udp" "$tcp"
wait "$udp" "$tcp"
for mode in udp tcp; do
	holds "$mode: something was asked" 'Queries completed: +[1-9]' \
	    "$(cat $mode.out)"
	holds "$mode: no query is lost" 'Queries lost: +0 ' "$(cat $mode.out)"
	holds "$mode: every answer is good" \
	    'Response codes: +NOERROR [0-9]+ \(100\.00%\)$' "$(cat $mode.out)"
done
stop
