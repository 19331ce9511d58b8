#!/bin/bash
# resolverctl compare: servers that answer the same, and servers that differ
# in each way on purpose.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
resolverctl=${RESOLVERD%/*}/resolverctl
start_upstream
ip address add 10.53.0.3/24 dev lo
ip address add 10.53.0.4/24 dev lo

# configuration PORT: a zone with most of what there is, all to be overridden.
configuration() {
	cat <<-END
	mode: restricted
	listen: [10.53.0.1:$1]
	control_socket: $WORK/control.$1
	upstreams: [10.53.0.2]
	edns_udp_size: ${edns:-512}
	max_udp_size: ${udp:-1232}
	ttl: ${preset:-60}
	zones:
	  - name: corp
	    dns_name: corp.example.
	    record_sets:
	      - {name: db.corp.example., type: A, ttl: ${ttl:-300},
	         rrdatas: [${data:-10.0.0.7, 10.0.0.8}]}
	      - {name: "*.app.corp.example.", type: CNAME,
	         rrdatas: [db.corp.example.]}
	      - {name: long.corp.example., type: TXT, rrdatas: [${long:-'"a"'}]}
	      - {name: corp.example., type: SOA, ttl: ${soa:-900},
	         rrdatas: ["ns.corp.example. root.corp.example. 1 2 3 4 5"]}
	      ${more:-}
	${after:-}
	END
}

# other [NAME=VALUE...]: a second daemon with a configuration that differs.
second=0
other() {
	local - setting
	set -f
	for setting in "$@"; do
		local "${setting%%=*}"="${setting#*=}"
	done
	[ "$second" -eq 0 ] || {
		kill "$second"
		wait "$second"
	}
	configuration 5302 >other.yaml
	: >other.log
	"$RESOLVERD" -f -c other.yaml 2>other.log &
	second=$!
	until_true "the other daemon starts" grep -q 'listening on' other.log
}

# compare ARG...: what it prints and its exit status.
compare() {
	"$resolverctl" compare -c one.yaml --against 10.53.0.1:5302 \
	    "$@" >compare.out 2>compare.err
	echo "exit $?" >>compare.out
	cat compare.out compare.err
}

configuration 5301 >one.yaml
start -c one.yaml

other
got=$(compare)
holds "the same configuration answers the same" '^exit 0$' "$got"
holds "every question of it" '^37 questions: 37 answered the same$' \
    "$got"
same "as JSON" '37 questions, 37 the same, 0 shown, exit 0' \
    "$(compare --json | python3 -c '
import json, sys
text, _, status = sys.stdin.read().rpartition("exit")
got = json.loads(text)
print(f"{got['"'summary'"']['"'questions'"']} questions,",
      f"{got['"'summary'"']['"'same'"']} the same,",
      f"{len(got['"'questions'"'])} shown, exit{status.rstrip()}")')"

other more="- {name: new.corp.example., type: A, rrdatas: [10.0.0.9]}"
got=$(compare new.corp.example)
holds "another rcode" '^  rcode$' "$got"
holds "is shown with both" '^    < NXDOMAIN$' "$got"
holds "in their order" '^    > NOERROR$' "$got"
holds "an extra set" '^  records: A of new.corp.example.$' "$got"
holds "is none on the other side" '^    < none$' "$got"
holds "exit status 1" '^exit 1$' "$got"

other data="10.0.0.8, 10.0.0.6"
got=$(compare)
holds "other data" '^  records: A of db.corp.example.$' "$got"
holds "all of it" '^    < 10.0.0.7, 10.0.0.8$' "$got"
holds "on both sides" '^    > 10.0.0.6, 10.0.0.8$' "$got"
holds "behind a wildcard too" '^made-up-by-resolverctl.app.corp.example. A$' \
    "$got"
got=$(compare --ignore records,edns)
holds "what is ignored does not count" '^exit 0$' "$got"

other ttl=299 preset=61
got=$(compare)
holds "another TTL" '^  ttl: A of db.corp.example.$' "$got"
holds "of a preset too" '^  ttl: A of run.app.$' "$got"
lacks "and nothing else" '^  (rcode|flags|records|chain|edns|trunc|auth)' "$got"

other soa=4 edns=1232
got=$(compare nowhere.corp.example)
holds "another negative TTL" '^  ttl: SOA of corp.example.$' "$got"
holds "which is the lesser of two" '^    > 4$' "$got"
holds "another EDNS size" '^    > 1232 octets$' "$got"
lacks "but not of positive answers" 'SOA' \
    "$(compare --types A db.corp.example)"

text=$(printf '%0200d' 0)
other udp=512 long="'\"$text\" \"$text\" \"$text\"'"
got=$(compare <<<"long.corp.example TXT" -)
holds "truncation" '^  truncation$' "$got"
holds "of the second" '^    > truncated over UDP$' "$got"

# A cache's time runs, and is no difference; who counts for nobody is one.
other
"$resolverctl" query --server 10.53.0.1:5301 www.public.example >query.out
until_true "the cached answer is older" sh -c "'$resolverctl' query \
    --server 10.53.0.1:5301 www.public.example | grep -Eq ' 1([0-8][0-9]|9[0-7]) '"
got=$(compare --types A www.public.example)
holds "a counted-down TTL is no difference" '^exit 0$' "$got"
got=$(compare --types A --against 10.53.0.2 --ignore flags,edns \
    www.public.example)
holds "nor against its source" '^exit 0$' "$got"

# NSD answers with AA, and a server of our own with the chain upside down.
mkdir nsd
cat >nsd.conf <<-END
server:
  ip-address: 10.53.0.3
  username: ""
  database: ""
  zonesdir: "$WORK"
  zonelistfile: "$WORK/nsd/zone.list"
  xfrdfile: "$WORK/nsd/xfrd.state"
  pidfile: "$WORK/nsd/nsd.pid"
  logfile: "$WORK/nsd/log"
remote-control:
  control-enable: no
zone:
  name: corp.example
  zonefile: corp.zone
END
cat >corp.zone <<-'END'
$ORIGIN corp.example.
$TTL 300
@ 900 SOA ns root 1 2 3 4 5
@ NS ns
db A 10.0.0.7
db A 10.0.0.8
END
nsd -d -c nsd.conf 2>nsd.log &
until_true "NSD answers" sh -c 'dig @10.53.0.3 db.corp.example | grep -q 10.0'
got=$(compare --types A --against 10.53.0.3 db.corp.example)
holds "flags" '^  flags$' "$got"
holds "without AA" '^    < ra$' "$got"
holds "and with" '^    > aa$' "$got"

cat >chain.py <<-'END'
import socket
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("10.53.0.4", 53))
while True:
    query, client = sock.recvfrom(4096)
    end = query.index(b"\0", 12) + 5
    target = b"\2db\4corp\7example\0"
    address = b"\0\1\0\1\0\0\1\x2c\0\4\n\0\0"
    sock.sendto(query[:2] + b"\x81\x80\0\1\0\3\0\0\0\1" + query[12:end] +
                target + address + b"\7" + target + address + b"\x08" +
                b"\xc0\x0c\0\5\0\1\0\0\1\x2c\0\x11" + target +
                b"\0\0\x29\2\0\0\0\0\0\0\0", client)
END
python3 chain.py &
until_true "the chain's server answers" \
    sh -c 'dig @10.53.0.4 x.app.corp.example | grep -q CNAME'
got=$(compare --types A --against 10.53.0.4 x.app.corp.example)
holds "the chain upside down" \
    '^    < CNAME of x.app.corp.example., A of db.corp.example.$' "$got"
holds "is a difference" '^  chain$' "$got"
lacks "of order alone" '^  (records|rcode|ttl|edns)' "$got"

other after='faults:
  - {name: db.corp.example., fault: drop}'
got=$(compare --types A db.corp.example corp.example)
holds "a time-out is no difference" '^exit 2$' "$got"
holds "and told as such" '^    > did not answer within 5 s$' "$got"
holds "beside who did answer" '^    < answered$' "$got"
holds "and what is the same" \
    '^2 questions: 1 answered the same, 1 not answered$' "$got"
compare --types A --junit db.corp.example corp.example >junit.out
same "JUnit" "2 tests, 1 errors: db.corp.example. A" "$(sed '$d' junit.out |
    python3 -c '
import sys, xml.etree.ElementTree as tree
suite = tree.parse(sys.stdin).getroot()
bad = [case.get("name") for case in suite if case.find("error") is not None]
print(f"{suite.get('"'tests'"')} tests, {suite.get('"'errors'"')} errors:",
      *bad)')"

kill "$second"
wait "$second"
got=$(compare)
holds "nobody to compare with" '^exit 2$' "$got"
holds "is found out early" ' not asked any more$' "$got"

holds "a server is needed" 'against which server' \
    "$("$resolverctl" compare a 2>&1)"
holds "types have to be such" "is no list of record types" \
    "$(compare --types A,,B a)"
holds "kinds too" "did you mean 'records'" "$(compare --ignore record a)"
holds "a network has to be there" "there is no network 'x'" \
    "$(compare --network x)"
holds "a rate is a number" 'rate must be a number from 1' \
    "$(compare --rate 0 a)"
echo 'a..b' >names.txt
holds "a name has to be one" 'names.txt:1: this is no domain name' \
    "$(compare ./names.txt)"
echo '{"severity": "INFO"}' >other.json
holds "a log of something else is none of names" \
    'other.json:1: no entry has a queryName' "$(compare ./other.json)"
stop
