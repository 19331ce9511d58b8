#!/bin/bash
# The JSON that a daemon tells of itself: members that programs go by keep their
# names and types, the control socket and HTTP tell the same, and the manual
# has them all.  UPDATE=yes writes documents.expected anew.
here=$(realpath "${BASH_SOURCE%/*}")
# shellcheck source=lib.sh
. "$here/lib.sh"
resolverctl=${RESOLVERD%d}ctl
export RESOLVERCTL_SOCKET=$WORK/control
chmod 777 .

# tell COMMAND...: what resolverctl prints of it, as JSON.
tell() {
	"$resolverctl" "$@" --json
}

# shape COMMAND...: the shape of that, under a heading.
shape() {
	echo "# $*"
	tell "$@" | "$here/shape.py" counters 'latency[].rcodes' | LC_ALL=C sort
	echo
}

# steady: a document without what passes while it is told, on one line.
steady() {
	python3 -c 'import json, sys
document = json.load(sys.stdin)
document.pop("ok", None)
document.pop("uptime_seconds", None)
document.get("order", {}).pop("seconds_left", None)
print(json.dumps(document))'
}

start_upstream
resolv_conf 'nameserver 10.53.0.2'
cat >resolverd.yaml <<END
listen: [127.0.0.1]
workers: 1
http_listen: [127.0.0.1]
control_socket: $RESOLVERCTL_SOCKET
query_log: {to: $WORK/queries}
networks:
  - {name: default}
  - {name: spoke, clients: [127.0.2.0/24]}
gke_clusters:
  - {name: pods, network: spoke, clients: [127.0.3.0/24]}
zones:
  - name: corp
    dns_name: corp.test.
    description: what only pods see
    private_visibility_config: {gke_clusters: [pods]}
    forwarding_config: {target_name_servers: [{ipv4_address: 10.53.0.9}]}
  - name: forgotten
    dns_name: forgotten.test.
    private_visibility_config: {networks: []}
response_policies:
  - response_policy_name: blocklist
    networks: [spoke]
    rules:
      - rule_name: no-ads
        dns_name: ads.example.
        local_data:
          local_datas:
            - {name: ads.example., type: A, ttl: 60, rrdatas: [0.0.0.0]}
END
start -c resolverd.yaml
dig +short @127.0.0.1 www.public.example >/dev/null
dig +short @127.0.0.1 run.app >/dev/null
"$resolverctl" mode psc 10.1.2.3 --for 1h >/dev/null

for document in status zones stats cache upstreams; do
	same "the control socket and HTTP tell the same: $document" \
	    "$(tell "$document" | steady)" \
	    "$(curl -s "http://127.0.0.1:9153/api/$document" | steady)"
done

cp resolverd.yaml good.yaml
{
	shape status
	shape zones
	shape stats
	shape cache
	shape upstreams
	shape mode
	shape flush
	shape log-level
	echo 'lisen: [127.0.0.1]' >>resolverd.yaml
	shape reload
	shape check resolverd.yaml
} | sed '${/^$/d}' >documents.got
mv good.yaml resolverd.yaml
[ -z "${UPDATE:-}" ] || cp documents.got "$here/documents.expected"
diff -u "$here/documents.expected" documents.got >documents.diff ||
    die "$(cat documents.diff)"
ok "every member has the name and type that it had"

same "zones are shown by who sees them, and those that nobody sees at last" \
    'network default run.app. network spoke * run.app. cluster pods corp.test. nobody forgotten.test.' \
    "$("$resolverctl" zones | sed 's/^  \([^ ]*\).*/\1/' | tr '\n' ' ' |
	sed 's/ $//')"

manual=$(sed -n '/^.Sh JSON/,/^.Sh /p' "$here/../../resolverd/resolverctl.8" |
    tr ' ' '\n')
sed -n 's/^\([^#:]*\): .*/\1/p' documents.got | sed 's/.*\.//; s/[][?]//g' |
    grep -v '^\*$' | sort -u >members
while read -r member; do
	grep -qx -- "$member" <<<"$manual" ||
	    die "resolverctl(8) has nothing of '$member'"
done <members
ok "the manual has every member"
stop
