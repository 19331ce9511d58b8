#!/bin/bash
# Names that are asked elsewhere: the patterns that conf/examples shows, with
# real servers at the addresses they name, and targets given by name.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
examples=$(realpath "$OLDPWD/conf/examples")

# serve NAME ADDRESS...: another resolverd, which is all that it serves.
serve() {
	local name=$1 address
	shift
	for address; do
		ip address add "$address/32" dev lo
		echo "listen: [$address]" >"$name-$address.yaml"
		cat "$name.yaml" >>"$name-$address.yaml"
		"$RESOLVERD" -f -c "$name-$address.yaml" -u 10.53.0.9 \
		    2>"$name-$address.log" &
		until_true "$address answers" \
		    sh -c "dig +short +time=1 +tries=1 @$address probe.test SOA"
	done
}

zone() {
	cat <<-END
	mode: off
	allow: [0.0.0.0/0]
	zones:
	  - name: corp
	    dns_name: corp.test.
	    record_sets:
	      - {name: files.corp.test., type: A, ttl: 300, rrdatas: [$1]}
	      - {name: alias.corp.test., type: CNAME, ttl: 300, rrdatas: [db.gcp.corp.test.]}
	  - name: reverse
	    dns_name: 20.10.in-addr.arpa.
	    record_sets:
	      - {name: 7.0.20.10.in-addr.arpa., type: PTR, ttl: 300, rrdatas: [files.corp.test.]}
	END
}

found_twice() {
	[ "$(grep -c 'target ns\.dns\.test\.: 1 address$' daemon.log)" -eq 2 ]
}

ask() {
	dig +short +time=5 +tries=1 "$@" | sorted
}

zone 10.20.0.7 >onprem.yaml
serve onprem 10.20.0.53
ip address add 10.128.0.7/32 dev lo

start -c "$examples/on-premises.yaml" -l 127.0.0.1 -l 10.128.0.7
same "a name of the company's is asked there" 10.20.0.7 \
    "$(ask @127.0.0.1 files.corp.test)"
same "so is the name of an address" files.corp.test. \
    "$(ask @127.0.0.1 -x 10.20.0.7)"
same "a longer private zone is not" 10.0.0.7 \
    "$(ask @127.0.0.1 db.gcp.corp.test)"
same "an alias of the company's is followed by nobody until 2027" \
    db.gcp.corp.test. "$(ask @127.0.0.1 alias.corp.test)"
holds "what comes in by the entry point has AA" 'flags: qr aa rd ra' \
    "$(dig @10.128.0.7 db.gcp.corp.test)"
lacks "what a VM asks has not" 'flags: qr aa' \
    "$(dig @127.0.0.1 db.gcp.corp.test)"
stop

sed 's/^mode:/cname_chasing: per_hop\nmode:/' "$examples/on-premises.yaml" \
    >per-hop.yaml
start -c per-hop.yaml -l 127.0.0.1
same "hop by hop the alias leads back into the cloud" \
    '10.0.0.7 db.gcp.corp.test.' "$(ask @127.0.0.1 alias.corp.test)"
stop

start -c "$examples/alternative-servers.yaml" -l 127.0.0.1 -l 127.0.0.2
same "an alternative name server is asked" 10.20.0.7 \
    "$(ask @127.0.0.1 files.corp.test)"
holds "and nothing else, not even for Cloud Run" 'SERVFAIL' \
    "$(dig +time=5 +tries=1 @127.0.0.1 hello-abc123-uc.a.run.app)"
same "another network has its own order" "run.app. $restricted" \
    "$(ask @127.0.0.2 hello-abc123-uc.a.run.app | tr ' ' '\n' |
	sort -r | head -1) $(ask @127.0.0.2 hello-abc123-uc.a.run.app |
	tr ' ' '\n' | grep 199 | sorted)"
stop

# A target by its name, which a zone of ours knows.
conf() {
	cat <<-END >resolverd.yaml
	mode: off
	listen: [127.0.0.1]
	upstreams: [10.53.0.9]
	zones:
	  - name: servers
	    dns_name: dns.test.
	    record_sets:
	      - {name: ns.dns.test., type: A, ttl: 60, rrdatas: [$1]}
	  - name: corp
	    dns_name: corp.test.
	    forwarding_config:
	      target_name_servers: [{domain_name: ns.dns.test.}]
	END
}
zone 10.20.1.7 >moved.yaml
serve moved 10.20.1.53
conf 10.20.0.53
start -c resolverd.yaml
until_true "the target is found" \
    grep -q 'target ns\.dns\.test\.: 1 address$' daemon.log
same "a target may be given by name" 10.20.0.7 \
    "$(ask @127.0.0.1 files.corp.test)"
conf 10.20.1.53
reload
until_true "the target is found where it moved to" \
    found_twice
same "its new address is asked" 10.20.1.7 "$(ask @127.0.0.1 files.corp.test)"
sed -i 's/ns\.dns\.test\., type/other.dns.test., type/' resolverd.yaml
reload
until_true "that it is gone is said" \
    grep -q 'target ns\.dns\.test\.: no address found in network default; the last ones stay in use$' daemon.log
same "what was known stays in use" 10.20.1.7 \
    "$(ask @127.0.0.1 files.corp.test)"
stop
start -c resolverd.yaml
until_true "a target without any address is told" \
    grep -q 'target ns\.dns\.test\.: no address found in network default$' daemon.log
holds "its names fail, and why" \
    'EDE: 22 .*no forwarding target of zone "corp" has an address yet' \
    "$(dig @127.0.0.1 files.corp.test)"
stop
