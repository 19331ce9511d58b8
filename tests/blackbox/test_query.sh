#!/bin/bash
# resolverctl query: what a client gets, and how it takes what people type.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
resolverctl=${RESOLVERD%/*}/resolverctl
start_upstream
cat >query.yaml <<-'END'
mode: restricted
listen: [0.0.0.0:5301]
upstreams: [10.53.0.2]
zones:
  - name: corp
    dns_name: corp.example.
    record_sets:
      - {name: db.corp.example., type: A, rrdatas: [10.0.0.7]}
  - name: gone
    dns_name: gone.example.
    forwarding_config:
      target_name_servers: [{ipv4_address: 10.53.0.1, port: 9}]
faults:
  - {name: late.corp.example., fault: drop}
END
start -c query.yaml

# query ARG...: what it prints and its exit status, times left out.
query() {
	"$resolverctl" query -c query.yaml "$@" >query.out 2>query.err
	echo "exit $?" >>query.out
	sed -E 's/, [0-9]+\.[0-9]+ ms,/,/; s/ +/ /g' query.out query.err
}

same "a name of a zone" 'db.corp.example. 300 A 10.0.0.7
;; NOERROR, flags: qr rd ra
;; 127.0.0.1:5301 over UDP, 60 octets
exit 0' "$(query db.corp.example)"
got=$(query db.corp.example AAAA)
holds "no record of a type" '^\(no AAAA records\)$' "$got"
holds "says what SOA it rests on" '^corp.example. 300 SOA ns-gcp' "$got"
holds "and is no failure" '^exit 0$' "$got"
got=$(query hello-abc123-uc.a.run.app AAAA)
holds "an alias without the type shows the alias" 'CNAME run.app.$' "$got"
holds "and that it leads to nothing" '^\(no AAAA records\)$' "$got"
got=$(query nowhere.corp.example)
holds "a name that is not there" '^;; NXDOMAIN, ' "$got"
holds "is no failure either" '^exit 0$' "$got"
got=$(query 10.0.0.7)
holds "an address asks for its PTR" '^\(no PTR records\)$' "$got"
got=$(query big.public.example TXT)
holds "what does not fit comes over TCP" ' over TCP, ' "$got"
holds "and is whole" '"60 0+"' "$got"
holds "over TCP when told so" ' over TCP, ' "$(query --tcp db.corp.example)"
holds "or as dig is told" ' over TCP, ' "$(query db.corp.example +tcp)"
holds "another server" '^;; 10.53.0.2:53 over UDP' \
    "$(query www.public.example @10.53.0.2)"
holds "the same as an option" '^;; 10.53.0.2:53 over UDP' \
    "$(query www.public.example --server 10.53.0.2)"
got=$("$resolverctl" query -c query.yaml --why db.corp.example)
holds "why: the answer first" '^;; 127.0.0.1:5301 over UDP' "$got"
holds "and the steps to it" \
    '^=> 3 Managed private zones +private zone "corp"' "$got"

same "JSON" "['db.corp.example.', 'A', '127.0.0.1:5301', 'UDP', 'NOERROR']" \
    "$("$resolverctl" query -c query.yaml --json db.corp.example |
	python3 -c '
import json, sys
got = json.load(sys.stdin)
print([got[key] for key in ("name", "type", "server", "transport")] +
      [got["response"]["status"]])')"

got=$(query www.gone.example)
holds "a failure says why" '^;; EDE 2[23] \(.*10.53.0.1' "$got"
holds "and is one" '^exit 1$' "$got"
got=$(query @127.0.0.1:5302 db.corp.example)
holds "nobody there" \
    '^resolverctl query: 127.0.0.1:5302 could not be reached' "$got"
holds "is no answer" '^exit 2$' "$got"
got=$(query late.corp.example)
holds "no answer" 'did not answer within' "$got"
holds "is none" '^exit 2$' "$got"

holds "a name is needed" 'which name' "$(query)"
holds "a wrong type" "'AX' is no record type" "$(query db.corp.example AX)"
holds "a wrong name" "the name 'a..b' is empty or has" "$(query a..b)"
holds "one too many" "'C' is one argument too many" "$(query a B C)"
holds "a wrong server" "'1.2.3' is no address" "$(query @1.2.3 a)"
holds "what dig has and this has not" "there are .tcp and .dnssec" \
    "$(query +short a)"
holds "a configuration that is none" 'nowhere.yaml: error: cannot be opened' \
    "$("$resolverctl" query -c nowhere.yaml a 2>&1)"
stop
