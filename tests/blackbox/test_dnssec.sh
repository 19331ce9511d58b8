#!/bin/bash
# A signed root of the test's own, signed and unsigned zones below it in NSD, a
# recursive server that does not validate, and behind resolverd somebody who
# does: delv, with that root's key as its only anchor.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"

ip address add 10.53.0.2/24 dev lo
ip address add 10.53.0.5/24 dev lo

# sign ZONE [OPTION...]: makes a key, signs ZONE's file, keeps its DS in ZONE's
# ds file.
sign() {
	local zone=$1
	local key

	shift
	key=$(ldns-keygen -a ECDSAP256SHA256 -k "$zone") || die "no key"
	ldns-signzone "$@" -o "$zone" -f "$zone.signed" "$zone.zone" "$key" ||
	    die "$zone could not be signed"
	mv "$key.ds" "$zone.ds"
	mv "$key.key" "$zone.key"
}

# zone NAME: the beginning of its file; records come from stdin.
zone() {
	{
		printf '%s\n' "\$ORIGIN $1" "\$TTL 300"
		echo '@ SOA ns.servers. host.servers. 1 1800 900 604800 300'
		echo '@ NS ns.servers.'
		cat
	} >"$1.zone"
}

records() {
	cat <<-'END'
	www A 203.0.113.1
	www A 203.0.113.2
	www AAAA 2001:db8::1
	*.wild A 203.0.113.3
	a.ent TXT "below a name without records"
	forged A 203.0.113.4
	plain CNAME www.unsigned.
	gone CNAME missing.nsec3.
	*.detour CNAME www.nsec.
	END
	for n in $(seq 40); do
		echo "big TXT \"$n $(printf '%050d' 0)\""
	done
}

zone sub.nsec. < <(records)
sign sub.nsec.
zone open.nsec3. < <(records)
zone unsigned. < <(records)
{
	records
	echo 'alias CNAME www.nsec3.'
	echo 'chain CNAME alias.nsec3.'
	echo 'dname DNAME nsec3.'
	echo 'sub NS ns.servers.'
	cat sub.nsec..ds
} | zone nsec.
sign nsec.
{
	records
	echo 'alias CNAME www.nsec.'
	echo 'open NS ns.servers.'
} | zone nsec3.
sign nsec3. -n -t 1 -s beef
{
	echo 'ns.servers. A 10.53.0.5'
	echo 'nsec. NS ns.servers.'
	echo 'nsec3. NS ns.servers.'
	echo 'unsigned. NS ns.servers.'
	cat nsec..ds nsec3..ds
} | zone .
sign .
# Somebody changes an address on the way.
sed -i 's/^\(forged.nsec.*\)203\.0\.113\.4/\1203.0.113.66/' \
    nsec..signed nsec3..signed

{
	cat <<-END
	server:
	  ip-address: 10.53.0.5
	  username: ""
	  chroot: ""
	  pidfile: ""
	  zonesdir: "$WORK"
	  database: ""
	  xfrdfile: ""
	  zonelistfile: ""
	remote-control:
	  control-enable: no
	END
	for name in . nsec. nsec3. sub.nsec.; do
		printf 'zone:\n  name: "%s"\n  zonefile: "%s"\n' \
		    "$name" "$name.signed"
	done
	for name in open.nsec3. unsigned.; do
		printf 'zone:\n  name: "%s"\n  zonefile: "%s"\n' \
		    "$name" "$name.zone"
	done
} >nsd.conf
nsd -d -c nsd.conf >nsd.log 2>&1 &
until_true "NSD answers" sh -c 'dig +short @10.53.0.5 www.nsec | grep -q 203'

# recursive ADDRESS MODULES [LINE...]: Unbound, which asks NSD.
recursive() {
	local address=$1
	local modules=$2

	shift 2
	printf '. NS ns.servers.\nns.servers. A 10.53.0.5\n' >root.hints
	{
		cat <<-END
		server:
		  interface: $address
		  access-control: 0.0.0.0/0 allow
		  chroot: ""
		  directory: "$WORK"
		  username: ""
		  pidfile: ""
		  do-daemonize: no
		  use-syslog: no
		  do-ip6: no
		  module-config: "$modules"
		  root-hints: "root.hints"
		  do-not-query-localhost: no
		  ede: yes
		  val-log-level: 2
		END
		printf '  %s\n' "$@"
		printf 'remote-control:\n  control-enable: no\n'
	} >"unbound-$address.conf"
	unbound -d -c "unbound-$address.conf" 2>"unbound-$address.log" &
	upstream=$!
	until_true "the recursive server answers" \
	    sh -c "dig +short @$address www.nsec | grep -q 203"
}
recursive 10.53.0.2 iterator

anchor=$(sed -n 's/.*DNSKEY[[:space:]]*257 3 13 \([^ ]*\).*/\1/p' ..key)
[ -n "$anchor" ] || die "the root has no key"
echo "trust-anchors { . static-key 257 3 13 \"$anchor\"; };" >anchors

stub() {
	delv @127.0.0.1 -a anchors +root=. "$@" 2>&1
}

# validated WHAT PATTERN NAME TYPE
validated() {
	local answer

	answer=$(stub "$3." "$4")
	holds "$1: validated$round" '^; (negative response, )?fully validated' \
	    "$answer"
	holds "$1$round" "$2" "$answer"
}

insecure() {
	local answer

	answer=$(stub "$3." "$4")
	holds "$1: known to be unsigned$round" '^; unsigned answer' "$answer"
	holds "$1$round" "$2" "$answer"
}

bogus() {
	holds "$1$round" 'resolution failed' "$(stub "$2." "$3")"
}

everything() {
	local zone

	for zone in nsec nsec3; do
		validated "$zone: addresses" '203\.0\.113\.1$' www.$zone A
		validated "$zone: no such type" 'ncache nxrrset' www.$zone MX
		validated "$zone: no such name" 'ncache nxdomain' \
		    missing.$zone A
		validated "$zone: a wildcard" '^x\.y\.wild.*203\.0\.113\.3$' \
		    x.y.wild.$zone A
		validated "$zone: a wildcard without the type" \
		    'ncache nxrrset' x.wild.$zone AAAA
		validated "$zone: an empty non-terminal" 'ncache nxrrset' \
		    ent.$zone A
		validated "$zone: the DS at its cut" 'DS.*13 ' $zone DS
		validated "$zone: its own keys" 'DNSKEY.*257' $zone DNSKEY
		validated "$zone: an answer that needs TCP" '"40 0' \
		    big.$zone TXT
		validated "$zone: a CNAME to another zone" '203\.0\.113\.2$' \
		    alias.$zone A
		validated "$zone: a CNAME to a missing name" 'missing\.nsec3' \
		    gone.$zone A
		validated "$zone: a CNAME of a wildcard's" \
		    '203\.0\.113\.2$' x.detour.$zone A
		insecure "$zone: a CNAME to an unsigned zone" \
		    '203\.0\.113\.1$' plain.$zone A
		bogus "$zone: what was tampered with is found out" \
		    forged.$zone A
	done
	validated "a chain over three zones" '203\.0\.113\.1$' chain.nsec A
	validated "a DNAME" '203\.0\.113\.1$' www.dname.nsec A
	validated "a zone below a zone" '203\.0\.113\.1$' www.sub.nsec A
	validated "no DS at an unsigned cut" 'ncache nxrrset' open.nsec3 DS
	validated "no DS at a cut of the root" 'ncache nxrrset' unsigned DS
	insecure "an unsigned zone below a signed one" '203\.0\.113\.1$' \
	    www.open.nsec3 A
	insecure "an unsigned zone" '203\.0\.113\.1$' www.unsigned A
}

# One worker: the second round must find the cache of the first.
cat >resolverd.yaml <<'END'
listen: [127.0.0.1]
workers: 1
upstreams: [10.53.0.2]
END
start -c resolverd.yaml
round=
everything
kill -KILL "$upstream"
wait "$upstream"
round=" (from the cache)"
everything
stop

# NSD alone is no recursive server, but has all the zones: what it leaves open
# of a chain is asked for.
round=" (without a recursive server)"
start -l 127.0.0.1 -u 10.53.0.5
everything
stop

# A server that validates, on loopback: its word is taken when the operator
# says so, and passed on to whoever wants it (RFC 6840 sections 5.7 and 5.8).
round=
recursive 127.0.0.6 "validator iterator" 'trust-anchor-file: "..key"'
flags() {
	dig @127.0.0.1 "$@" | sed -n 's/^;; flags: \([a-z ]*\);.*/\1/p'
}

# vouched SUFFIX: what is asked twice comes from the cache then.
vouched() {
	holds "AD for who sets AD$1" ' ad' "$(flags +adflag www.nsec)"
	holds "AD for who sets DO$1" ' ad' \
	    "$(flags +noadflag +dnssec www.nsec)"
	lacks "no AD for who sets neither$1" ' ad' "$(flags +noadflag www.nsec)"
	holds "AD for what is not there$1" ' ad' \
	    "$(flags +adflag missing.nsec3)"
	lacks "no AD for what is not signed$1" ' ad' \
	    "$(flags +adflag www.unsigned)"
}

cat >resolverd.yaml <<'END'
listen: [127.0.0.1]
workers: 1
upstreams: [127.0.0.6]
trust_upstream_ad: true
END
start -c resolverd.yaml
vouched ""
vouched " (from the cache)"
answer=$(dig @127.0.0.1 forged.nsec)
holds "what its server finds out is a failure" 'status: SERVFAIL' "$answer"
holds "which says what the server said" \
    'EDE: 6 .*127\.0\.0\.6 .*DNSSEC Bogus' "$answer"
answer=$(dig +cdflag +adflag @127.0.0.1 forged.nsec)
holds "who checks himself gets it" '203\.0\.113\.66' "$answer"
lacks "and nobody vouches for it" 'flags:.* ad' "$answer"
stop
sed -i 's/^trust.*/trust_upstream_ad: false/' resolverd.yaml
start -c resolverd.yaml
lacks "no AD when the operator does not trust it" ' ad' \
    "$(flags +adflag www.nsec)"
lacks "nor for who sets DO" ' ad' "$(flags +dnssec www.nsec)"
stop
