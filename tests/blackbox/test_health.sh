#!/bin/bash
# Load balancers that come and go, and what routing policies make of it.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
# balance ADDRESS: something to connect to; its process is $balancer.
balance() {
	nc -k -l "$1" 8443 >/dev/null 2>&1 </dev/null &
	balancer=$!
	until_true "$1 listens" \
	    sh -c "ss -Htln 'src $1' | grep -q :8443"
}
# fall PROCESS
fall() {
	kill "$1"
	wait "$1" 2>/dev/null
}
ask() {
	dig +short +time=2 +tries=1 @127.0.0.1 "$1" | sorted
}
answers() {
	[ "$(ask "$1")" = "$2" ]
}
# conf LINE...: with two more lines of configuration
conf() {
	{
		printf '%s\n' "$@"
		cat <<-END
		listen: [127.0.0.1]
		upstreams: [10.53.0.9]
		networks: [{name: default, region: europe-west1}]
		zones:
		  - name: corp
		    dns_name: corp.example.
		    record_sets:
		      - name: db.corp.example.
		        type: A
		        ttl: 5
		        routing_policy:
		          primary_backup:
		            primary_targets:
		              internal_load_balancers:
		                - {ip_address: 10.53.0.11, port: 8443, ip_protocol: tcp}
		                - {ip_address: 10.53.0.12, port: 8443, ip_protocol: tcp}
		            backup_geo_targets:
		              items:
		                - {location: us-east1, rrdatas: [10.0.0.1]}
		                - {location: europe-west4, rrdatas: [10.0.0.2, 10.0.0.3]}
		      - name: api.corp.example.
		        type: A
		        ttl: 5
		        routing_policy:
		          wrr:
		            items:
		              - weight: 1000
		                health_checked_targets:
		                  internal_load_balancers:
		                    - {ip_address: 10.53.0.12, port: 8443, ip_protocol: tcp}
		              - {weight: 0, rrdatas: [10.0.0.4]}
		      - name: canary.corp.example.
		        type: A
		        ttl: 5
		        routing_policy:
		          wrr:
		            items:
		              - {weight: 4, rrdatas: [10.0.0.5]}
		              - {weight: 1, rrdatas: [10.0.0.6]}
		              - {weight: 0, rrdatas: [10.0.0.7]}
		END
	} >new.yaml
	mv new.yaml resolverd.yaml
}
for last in 11 12; do
	ip address add 10.53.0.$last/24 dev lo
done
balance 10.53.0.11
first=$balancer
balance 10.53.0.12
second=$balancer
conf 'health_check_interval: 1s'
start -c resolverd.yaml

same "all primaries that are healthy come" '10.53.0.11 10.53.0.12' \
    "$(ask db.corp.example)"
same "the weighted item comes" 10.53.0.12 "$(ask api.corp.example)"
# By chance one of the two is missing once in 400 billion runs.
drawn=$(for _ in $(seq 120); do ask canary.corp.example; echo; done | sort)
same "items are drawn by weight, none of weight 0" '10.0.0.5 10.0.0.6' \
    "$(sort -u <<<"$drawn" | sed '/^$/d' | sorted)"
[ "$(grep -c 10.0.0.5 <<<"$drawn")" -gt "$(grep -c 10.0.0.6 <<<"$drawn")" ] ||
    die "the item of weight 4 was drawn less often than that of weight 1"
ok "the heavier one more often"
fall "$second"
until_true "a primary that is gone is left out" \
    answers db.corp.example 10.53.0.11
holds "the log says so" \
    'health: 10\.53\.0\.12:8443 is down: connection refused$' \
    "$(cat daemon.log)"
same "and so is an item without a healthy address" 10.0.0.4 \
    "$(ask api.corp.example)"

conf 'health_check_interval: 1s' 'ttl: 7'
reload
same "what is known outlives a reload" 10.53.0.11 "$(ask db.corp.example)"
same "nothing is logged twice" 1 "$(grep -c 'is down' daemon.log)"

fall "$first"
until_true "without primaries the nearest backup comes" \
    answers db.corp.example '10.0.0.2 10.0.0.3'
balance 10.53.0.12
until_true "a primary that is back comes again" \
    answers db.corp.example 10.53.0.12
holds "the log says that too" 'health: 10\.53\.0\.12:8443 is up$' \
    "$(cat daemon.log)"
stop
