#!/bin/bash
# Reloads ten times a second, with the same file, with another and with a bad
# one, while questions wait for upstream servers: none is lost.
# shellcheck source=faulty.sh
. "${BASH_SOURCE%/*}/faulty.sh"
start_faulty 10.53.0.2
start_faulty 10.53.0.3

# configure LINE...
configure() {
	printf '%s\n' 'listen: [127.0.0.1]' 'workers: 2' \
	    'max_queries_per_client: 4096' \
	    'max_queries_per_upstream_group: 4096' "$@" >next.yaml
	mv next.yaml resolverd.yaml
}

# Another upstream group, another zone, a bad value, and back.
variants=(
	'upstreams: [10.53.0.2]'
	'upstreams: [10.53.0.3, 10.53.0.2]'
	'upstreams: [10.53.0.999]'
	'upstreams: [10.53.0.2]'
	'upstreams: [10.53.0.2]
zones: [{name: z, dns_name: delayed.test., forwarding_config: {target_name_servers: [{ipv4_address: 10.53.0.3}]}}]'
	'upstreams: [10.53.0.3'
)
configure "${variants[0]}"
start -c resolverd.yaml
descriptors=$(find "/proc/$daemon/fd" | wc -l)

volley -n 5000 -r 1000 -w 4000 127.0.0.1 delay-150.%.delayed.test >forwarded &
forwarded=$!
volley -n 2500 -r 500 -w 2000 -a 199.36.153.4 127.0.0.1 x%.run.app >served &
served=$!
for n in $(seq 400); do
	echo "delay-30.$n.stream.test A"
done >stream.names
dnsperf -m tcp -s 127.0.0.1 -d stream.names -n 4 -Q 300 -t 5 >stream 2>&1 &
stream=$!
reloads=0
while kill -0 "$forwarded" 2>/dev/null; do
	configure "${variants[reloads % ${#variants[@]}]}"
	kill -HUP "$daemon"
	reloads=$((reloads + 1))
	sleep 0.1
done
wait "$served" "$stream"
line=$(cat forwarded)
echo "# $reloads reloads: $line"
[ "$reloads" -ge 10 ] || die "only $reloads reloads in 5 s"
same "5000 questions that were out: none failed, none wrong" "0 0 0" \
    "$(of "$line" wrong) $(of "$line" servfail) $(of "$line" error)"
none_lost "none lost" "$line"
line=$(cat served)
same "2500 for served names: none failed" "0 0" \
    "$(of "$line" servfail) $(of "$line" error)"
none_lost "none lost" "$line"
same "1600 by TCP: none lost" "1600 0" "$(sed -n \
	's/.*Queries completed: *\([0-9]*\).*/\1/p' stream) $(sed -n \
	's/.*Queries lost: *\([0-9]*\).*/\1/p' stream)"
holds "a good file was in force" 'reload: mode|reload' "$(cat daemon.log)"
holds "a bad one was refused" 'running configuration is unchanged' \
    "$(cat daemon.log)"

configure "${variants[0]}"
reload
sleep 0.3
left=$(find "/proc/$daemon/fd" | wc -l)
[ "$left" -le $((descriptors + 8)) ] ||
    die "$left descriptors, there were $descriptors"
ok "no descriptor is left over"
stop
