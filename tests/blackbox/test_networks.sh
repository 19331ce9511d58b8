#!/bin/bash
# One daemon stands for several networks: who asks and where decides which,
# and each has its own zones, presets, logging and entry points.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
start_upstream
for address in 10.1.0.5 10.1.2.5 10.4.0.9 10.9.0.5 192.168.0.5 10.1.0.2; do
	ip address add "$address/32" dev lo
done

# zone OWNER ADDRESS networks|gke_clusters: what who.test is there.
zone() {
	cat <<-END
	  - name: who-$1
	    dns_name: who.test.
	    private_visibility_config: {$3: [$1]}
	    record_sets: [{name: who.test., type: A, ttl: 60, rrdatas: [$2]}]
	END
}
{
	cat <<-END
	mode: restricted
	allow: [0.0.0.0/0]
	upstreams: [10.53.0.2]
	workers: 1
	listen: [127.0.0.1, 10.1.0.2]
	networks:
	  - {name: wide, clients: [10.0.0.0/8]}
	  - {name: narrow, clients: [10.1.0.0/16], inbound_entry_points: [10.1.0.2]}
	  - {name: prod, listen: [127.0.0.2]}
	  - {name: dev, listen: [127.0.0.3], presets: []}
	  - {name: both, listen: [127.0.0.4], clients: [10.1.2.0/24]}
	gke_clusters:
	  - {name: pods, network: wide, clients: [10.4.0.0/14]}
	policies:
	  - {name: logs, networks: [dev], enable_logging: true}
	  - {name: silent, networks: [prod], enable_logging: false}
	  - {name: inbound, networks: [narrow], enable_inbound_forwarding: true}
	zones:
	END
	zone wide 10.0.0.1 networks
	zone narrow 10.0.0.2 networks
	zone prod 10.0.0.3 networks
	zone dev 10.0.0.4 networks
	zone both 10.0.0.5 networks
	zone default 10.0.0.6 networks
	zone pods 10.0.0.7 gke_clusters
} >resolverd.yaml
start -c resolverd.yaml

# who CLIENT ADDRESS [OPTION...]: who.test for a client that asks there.
who() {
	dig +short +time=2 +tries=1 -b "$1" "@$2" "${@:3}" who.test
}
for transport in +notcp +tcp; do
	same "a client of no network has the default one ($transport)" \
	    10.0.0.6 "$(who 192.168.0.5 127.0.0.1 $transport)"
	same "by its address ($transport)" \
	    10.0.0.1 "$(who 10.9.0.5 127.0.0.1 $transport)"
	same "by the longest prefix ($transport)" \
	    10.0.0.2 "$(who 10.1.0.5 127.0.0.1 $transport)"
	same "by where it asks ($transport)" \
	    10.0.0.3 "$(who 127.0.0.1 127.0.0.2 $transport)"
	same "where it asks comes before its address ($transport)" \
	    10.0.0.4 "$(who 10.1.0.5 127.0.0.3 $transport)"
	same "by both ($transport)" \
	    10.0.0.5 "$(who 10.1.2.5 127.0.0.4 $transport)"
	same "one of both is not enough: its address ($transport)" \
	    10.0.0.2 "$(who 10.1.2.5 127.0.0.1 $transport)"
	same "one of both is not enough: where it asks ($transport)" \
	    10.0.0.6 "$(who 192.168.0.5 127.0.0.4 $transport)"
	same "a pod has its cluster's ($transport)" \
	    10.0.0.7 "$(who 10.4.0.9 127.0.0.1 $transport)"
	same "an entry point gives its network's ($transport)" \
	    10.0.0.2 "$(who 192.168.0.5 10.1.0.2 $transport)"
done
holds "with AA, as from an entry point" 'flags: qr aa rd ra' \
    "$(dig -b 192.168.0.5 @10.1.0.2 who.test)"
same "a network has the presets" "$restricted" \
    "$(dig +short @127.0.0.2 run.app | sorted)"
holds "or its own, here none" 'status: NXDOMAIN' \
    "$(dig @127.0.0.3 nothing.run.app)"
lacks "which are asked of the upstream server" 'ns-gcp-private' \
    "$(dig @127.0.0.3 nothing.run.app)"

# enable_logging, without -v.
holds "a network that logs has its queries logged" \
    '^resolverd: query 10\.1\.0\.5 dev udp who\.test\. A NOERROR 1 zone:who-dev [0-9]+s [0-9]+us$' \
    "$(cat daemon.log)"
holds "also those that are asked elsewhere" \
    '^resolverd: query 127\.0\.0\.[13] dev udp nothing\.run\.app\. A NXDOMAIN 0 upstream:10\.53\.0\.2 - [0-9]+us$' \
    "$(cat daemon.log)"
lacks "others do not" 'zone:who-(prod|narrow|wide|default|both|pods)|zone:run-app' \
    "$(cat daemon.log)"

# A reload switches it on elsewhere and off here, and inbound forwarding off.
sed -i 's/enable_inbound_forwarding: true/enable_inbound_forwarding: false/
    s/networks: \[dev\], enable_logging: true/networks: [dev], enable_logging: false/
    s/networks: \[prod\], enable_logging: false/networks: [prod], enable_logging: true/' \
    resolverd.yaml
reload
seen=$(wc -l <daemon.log)
who 127.0.0.1 127.0.0.2 >/dev/null
who 127.0.0.1 127.0.0.3 >/dev/null
sleep 0.3
since=$(tail -n "+$((seen + 1))" daemon.log)
holds "a reload switches logging on" 'zone:who-prod ' "$since"
lacks "and off" 'zone:who-dev ' "$since"
lacks "without inbound forwarding an entry point is none" 'flags: qr aa' \
    "$(dig -b 192.168.0.5 @10.1.0.2 who.test)"
stop
