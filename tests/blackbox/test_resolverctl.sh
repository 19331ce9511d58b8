#!/bin/bash
# resolverctl: explanations as they are kept in tests/explain, the impact of
# the new rule for CNAMEs, and how it takes what people type.
# UPDATE=yes writes the explanations anew.
explain=$(cd "${BASH_SOURCE%/*}/../explain" && pwd) || exit 2
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
resolverctl=${RESOLVERD%/*}/resolverctl
start_upstream "$explain/public.zone"
cp "$explain/explain.yaml" .
ip address add 10.53.0.4/24 dev lo
ip address add 10.53.0.3/24 dev lo
# 10.53.0.3 takes questions and never answers.
nc -u -l 10.53.0.3 53 >/dev/null 2>&1 </dev/zero &
silent=$!
until_true "a silent server listens" \
    sh -c "ss -Huln 'src 10.53.0.3' | grep -q :53"
kill -STOP "$silent"

# TTLs that the upstream server counts down are put back, those of DNS64 in
# text and, where they stand two lines above the address, in JSON.
steady() {
	sed -E '/"ttl":/{N;N;}
	    s/1[0-9][0-9]([[:blank:]]|,)/200\1/
	    s/[0-9]+([[:blank:]](IN[[:blank:]])?AAAA[[:blank:]]+64:ff9b)/100\1/
	    s/("ttl": )[0-9]+(,.*"data": "64:ff9b)/\1100\2/'
}

explained() {
	case " $* " in
	*" --at "*) ;;
	*) set -- --at 2026-12-01 "$@" ;;
	esac
	"$resolverctl" -c explain.yaml explain "$@" 2>&1 | steady
}

while read -r name arguments; do
	case $name in
	'#' | '') continue ;;
	esac
	# shellcheck disable=SC2086 # several arguments
	explained $arguments >"$name.got" </dev/null
	[ -z "${UPDATE:-}" ] || cp "$name.got" "$explain/$name.txt"
	diff -u "$explain/$name.txt" "$name.got" >"$name.diff" ||
	    die "$(cat "$name.diff")"
	ok "explain $arguments"
done <"$explain/cases"

sed 's/^upstreams:/cname_chasing: per_hop\n&/' explain.yaml >fixed.yaml
holds "the configuration may choose the rule for CNAMEs" \
    'as cname_chasing says; --at has no effect' "$("$resolverctl" \
	-c fixed.yaml explain --at 2026-12-01 --network prod db.corp.example)"
lacks "no colour where nobody sees it" $'\033' "$(explained db.corp.example)"
holds "a client that is not served is told so" "the client is not in 'allow'" \
    "$("$resolverctl" -c explain.yaml explain --client 192.0.2.1 run.app)"
sed 's/ipv4_address: 10.53.0.3/domain_name: host.target.example/' \
    explain.yaml >named.yaml
holds "a target given by name is looked up" 'asked 10.53.0.2: NXDOMAIN' \
    "$("$resolverctl" -c named.yaml explain --network prod x.silent.example)"

# impact STATUS INPUT OPTION...: what it prints for names on standard input.
impact() {
	local status=$1 input=$2 got

	shift 2
	printf '%s\n' "$input" |
	    "$resolverctl" -c explain.yaml impact "$@" >impact.out 2>impact.err
	got=$?
	steady <impact.out >impact.got
	[ "$got" -eq "$status" ] || die "impact ended with $got, not $status: $(
		cat impact.got impact.err)"
}

impact 1 '# a list
www.public.example
api.public.example A # this one
API.public.example. a
web.corp.example
db.corp.example' --network prod
[ -z "${UPDATE:-}" ] || cp impact.got "$explain/impact.txt"
diff -u "$explain/impact.txt" impact.got >impact.diff || die "$(cat impact.diff)"
ok "impact shows the names that change, and why"
same "its summary" "impact: 7 questions, 3 answered otherwise from 2027-01-05 on, 0 without an answer" \
    "$(tail -n 1 impact.err)"
impact 0 'db.corp.example' --network prod
same "a name that does not change prints nothing" "" "$(cat impact.got)"
impact 0 'api.public.example' --network hub
ok "in a network without the zone nothing changes"
impact 2 'www..example' --network prod
holds "a name that is none" "standard input:1: error: the name 'www..example' is" \
    "$(cat impact.err)"
impact 2 'host.gone.example A' --network prod
holds "a name without an answer" 'host.gone.example. A: SERVFAIL: .*reached' \
    "$(cat impact.err)"
impact 1 '{"jsonPayload": {"queryName": "api.public.example.", "queryType": "A"}}
{"jsonPayload": {"queryType": "A", "queryName": "api.public.example."}}' \
    --network prod
same "a query log has each name once" "impact: 1 question, 1 answered otherwise from 2027-01-05 on, 0 without an answer" \
    "$(tail -n 1 impact.err)"
impact 2 '[{"jsonPayload": {"queryName": "db.corp.ex' --network prod
holds "a log that breaks off" 'standard input:2: error: this is not JSON' \
    "$(cat impact.err)"
impact 2 '{"textPayload": "hello"}' --network prod
holds "a log of something else" \
    'standard input:1: error: no entry has a queryName' "$(cat impact.err)"
impact 0 '[]' --network prod
ok "a log without entries has no names that change"
impact 2 $'\033[31mred.example A\nx \007' --network prod
lacks "what a file holds does not reach the terminal" $'[\007\033]' \
    "$(cat impact.err)"
impact 2 "$(printf '%0.s..\n' {1..50})" --network prod
same "faults are told up to a number" 20 "$(grep -c error: impact.err)"
holds "and counted beyond" '^impact: 30 more errors not shown$' \
    "$(cat impact.err)"
impact 1 'api.public.example A' --network prod --json
[ -z "${UPDATE:-}" ] || cp impact.got "$explain/impact-json.txt"
diff -u "$explain/impact-json.txt" impact.got >impact.diff ||
    die "$(cat impact.diff)"
ok "impact --json"
"$resolverctl" -c explain.yaml impact nowhere.txt 2>impact.err
same "a file that is not there is status 2" 2 "$?"
holds "and named" 'impact: nowhere.txt: No such file' "$(cat impact.err)"

# complaint WHAT PATTERN ARGUMENT...: status 2 and a line like PATTERN.
complaint() {
	local what=$1 pattern=$2 said status

	shift 2
	said=$("$resolverctl" "$@" 2>&1)
	status=$?
	[ "$status" -eq 2 ] || die "$what: status $status: $said"
	holds "$what" "$pattern" "$said"
}

complaint "no command" '^usage: resolverctl'
complaint "a command mistyped" "unknown command 'explian' .did you mean 'explain'" explian
complaint "an option mistyped" "unknown option '--netwrk' .did you mean '--network'" \
    explain --netwrk prod x
complaint "an option without its value" "'--network' needs a value" explain x --network
complaint "a flag with a value" "'--json=1' takes no value" explain --json=1 x
complaint "a letter that is no option" "unknown option '-z'" explain -z x
complaint "-c without its value" "'-c' needs a value" -c
complaint "a command's option before it" \
    "unknown option '--tcp'; .* follow it: 'resolverctl query --tcp'" \
    --tcp query x
complaint "an option of no command" "^resolverctl: unknown option '--tcp'$" --tcp
complaint "--json of a command that has none" \
    "resolverctl export: unknown option '--json'" --json export
for option in --json -j; do
	same "$option may stand before the command" \
	    "$("$resolverctl" -c explain.yaml explain --json api.example.com)" \
	    "$("$resolverctl" "$option" -c explain.yaml explain api.example.com)"
done
complaint "an import of nothing" 'import: which files' import
mkdir nothing wrong
complaint "an import of an empty folder" \
    'nothing is written, for nothing of Cloud DNS was found' \
    import -o nothing.yaml nothing
printf '{"name":"Bad Name","dnsName":"x.test.","visibility":"private"}' \
    >wrong/zone.json
complaint "an import of something wrong" \
    'nothing is written, for there were errors' import -o wrong.yaml wrong
same "an import that fails writes nothing" "" \
    "$(ls nothing.yaml wrong.yaml 2>/dev/null)"
complaint "an import's option mistyped" \
    "unknown option '--outptu' .did you mean '--output'" import --outptu x .
complaint "an export's option mistyped" \
    "unknown option '--fromat' .did you mean '--format'" export --fromat bind
complaint "an export's operand" "'x' is one argument too many" export x
complaint "an export over its own configuration" \
    'explain.yaml is the configuration itself' \
    -c explain.yaml export -o explain.yaml
complaint "no name" 'which name' explain
complaint "too many operands" 'one name and one type' explain a A b
complaint "a type that is none" "'AA' is no record type" explain x AA
complaint "a name that is none" "the name 'a..b' is" explain a..b
complaint "a date that is none" "'2027-02-30' is no date" explain --at 2027-02-30 x
complaint "a client that is none" "'10.1' is no IP address" \
    -c explain.yaml explain --client 10.1 x
complaint "a network mistyped" "no network is called 'prd' .did you mean 'prod'" \
    -c explain.yaml explain --network prd x
complaint "a configuration that is not there" 'nowhere.yaml' -c nowhere.yaml explain x
holds "the help lists the commands" '^  impact ' "$("$resolverctl" --help)"
holds "a command has help" '^usage: resolverctl explain' "$("$resolverctl" explain -h)"
for command in explain impact import export; do
	holds "$command --help" "^usage: resolverctl $command" \
	    "$("$resolverctl" "$command" --help)"
done
holds "the version" '^resolverctl [0-9]' "$("$resolverctl" -V)"
