#!/bin/bash
# The same 2,000 ordinary questions asked of resolverd, Unbound and dnsmasq
# over one upstream: they answer alike, but for what peers.expected explains.
blackbox=$(cd "${BASH_SOURCE%/*}" && pwd) || exit 2
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"

# Groups of names, by the first label; %d is 1 to 25.
records() {
	for n in $(seq 25); do
		cat <<-END
		plain.$n.ord.example. A 198.51.100.$n
		plain.$n.ord.example. AAAA 2001:db8::$n
		plain.$n.ord.example. TXT "text $n" "and more"
		plain.$n.ord.example. MX 10 plain.$((n % 25 + 1)).ord.example.
		only4.$n.ord.example. A 198.51.100.$n
		many.$n.ord.example. A 198.51.100.1
		many.$n.ord.example. A 198.51.100.2
		many.$n.ord.example. A 198.51.100.3
		alias.$n.ord.example. CNAME plain.$n.ord.example.
		far.$n.ord.example. CNAME alias.$n.ord.example.
		lost.$n.ord.example. CNAME nothing.$n.ord.example.
		service.$n.ord.example. SRV 1 2 443 plain.$n.ord.example.
		service.$n.ord.example. CAA 0 issue "ca.example"
		service.$n.ord.example. HTTPS 1 . alpn=h2
		below.empty.$n.ord.example. A 198.51.100.$n
		zero.$n.ord.example. 0 A 198.51.100.$n
		END
		for k in $(seq 24); do
			echo "big.$n.ord.example. TXT \"$k $(printf '%060d' 0)\""
		done
	done
	echo '*.wild.ord.example. A 198.51.100.200'
}

questions() {
	for n in $(seq 25); do
		for group in plain only4 many alias far lost service empty zero \
		    big nothing PLaiN star.wild; do
			for type in A AAAA TXT MX SRV HTTPS; do
				echo "$group.$n.ord.example $type"
			done
		done
		echo "service.$n.ord.example CAA"
		echo "alias.$n.ord.example CNAME"
		echo "plain.$n.ord.example ANY"
		echo "$n.wild.ord.example A"
	done | sed 's/^star\.wild\.\([0-9]*\)\.ord/star.\1.wild.ord/'
}

ip address add 10.53.0.5/24 dev lo
ip address add 10.53.0.6/24 dev lo
records >ordinary.records
start_upstream ordinary.records
start -l 127.0.0.1 -u 10.53.0.2
cat >peer.conf <<END
server:
  interface: 10.53.0.5
  access-control: 0.0.0.0/0 allow
  chroot: ""
  directory: "$WORK"
  username: ""
  pidfile: ""
  do-daemonize: no
  use-syslog: no
  do-not-query-localhost: no
  module-config: "iterator"
remote-control:
  control-enable: no
forward-zone:
  name: "."
  forward-addr: 10.53.0.2
END
unbound -d -c peer.conf 2>peer.log &
dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts \
    --user=root --pid-file= --server=10.53.0.2 --listen-address=10.53.0.6 \
    --bind-interfaces --cache-size=10000 2>dnsmasq.log &
for server in 10.53.0.5 10.53.0.6; do
	until_true "$server answers" \
	    sh -c "dig +short @$server plain.1.ord.example | grep -q 198"
done

questions >names
same "two thousand questions" 2050 "$(wc -l <names)"
peers() {
	"$blackbox/peers.py" names "$blackbox/peers.expected" "$@" >report
}
peers ours=127.0.0.1 unbound=10.53.0.5 dnsmasq=10.53.0.6 ||
    die "others answer otherwise: $(cat report)"
sed 's/^/# /' report
ok "three resolvers answer alike, but for the known differences"
stop

# Would it be noticed?  A zone changes one address of ours.
cat >other.yaml <<'END'
zones:
  - name: other
    dns_name: many.7.ord.example.
    record_sets:
      - {name: many.7.ord.example., type: A, rrdatas: [198.51.100.8]}
END
start -c other.yaml -l 127.0.0.1 -u 10.53.0.2
peers ours=127.0.0.1 unbound=10.53.0.5 &&
    die "an address that differs goes unnoticed"
holds "an address that differs is noticed" '^unbound answer many A 1 ' \
    "$(cat report)"
stop
