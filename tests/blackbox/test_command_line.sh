#!/bin/bash
# Options, messages and exit codes, typed wrong and right.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"

# exits STATUS WHAT ARG...: what it printed is in $out.
exits() {
	local want=$1 what=$2 status

	shift 2
	out=$("$RESOLVERD" "$@" 2>&1 </dev/null)
	status=$?
	same "$what: exit status" "$want" "$status"
}

exits 0 "-V" -V
holds "-V tells the version and the libraries" '^resolverd [0-9]' "$out"
holds "-V names ldns" 'ldns 1\.' "$out"
exits 0 "-h" -h
holds "-h shows the usage" '^usage: resolverd' "$out"
for flag in -c -t -f -d -v -V -h -l -m -u; do
	holds "-h explains $flag" "(^|[[:space:]\[|])$flag" "$out"
done
exits 1 "an unknown option" -Z
holds "an unknown option shows the way" "try 'resolverd -h'" "$out"
exits 1 "an operand" something
exits 3 "a missing file" -t -c nowhere.yaml
holds "a missing file is named" 'nowhere\.yaml: .*No such file' "$out"
exits 3 "a directory" -t -c .
holds "a directory is told from a file" '^\.: .*[Dd]irectory' "$out"
exits 1 "a wrong mode" -t -m restrictd
holds "a wrong mode gets a hint" 'did you mean .?restricted' "$out"
exits 1 "psc without an address" -t -m psc
holds "psc without an address shows the way" '-m psc=10\.10\.10\.10' "$out"
exits 1 "psc with a wrong address" -t -m psc=10.10.10
exits 0 "psc with an address" -t -m psc=10.10.10.10
exits 1 "a wrong listen address" -t -l 127.0.0.1:70000
holds "a wrong listen address is quoted" '70000' "$out"
exits 1 "a wrong upstream" -t -u dns.google

printf 'mode: private\nzones:\n  - {name: g, dns_name: gcp.test.}\n' >good.yaml
exits 0 "-t on a good file" -t -c good.yaml
exits 0 "-tv on a good file" -tv -c good.yaml
holds "-tv prints the mode" '^mode: private' "$out"
holds "-tv prints the zone" 'gcp\.test\.' "$out"
printf '%s\n' "$out" | grep -v '^configuration OK' >again.yaml
exits 0 "what -tv prints loads again" -t -c again.yaml

printf 'mode: privat\nupstreems: [10.0.0.1]\nttl: x\n' >bad.yaml
exits 1 "-t on a bad file" -t -c bad.yaml
holds "the first error has its place" '^bad\.yaml:1:7: error: .*private' "$out"
holds "the second too" \
    '^bad\.yaml:2:1: error: unknown key .upstreems.*did you mean .upstreams' \
    "$out"
holds "and the third" '^bad\.yaml:3:6: error: ' "$out"
holds "and the sum" '3 errors' "$out"
printf 'mode: off\nuser: no-such-user\n' >user.yaml
exits 1 "-t with a user that does not exist" -t -c user.yaml
holds "the user has its place" \
    "^user\.yaml:2:7: error: there is no user 'no-such-user'" "$out"
exits 1 "a start with a user that does not exist" \
    -f -c user.yaml -l 127.0.0.1:5353
holds "the start says the same" '^user\.yaml:2:7: error: ' "$out"
printf 'zones:\n  *.run.app: x\n' >star.yaml
exits 1 "an unquoted star" -t -c star.yaml
holds "an unquoted star gets a hint" 'star\.yaml:2:.*quote' "$out"

start -l 127.0.0.1:5353 -m psc=10.10.10.10
same "-m psc=IP serves the endpoint" "10.10.10.10 run.app." \
    "$(dig +short -p 5353 @127.0.0.1 x.run.app | sorted)"
exits 2 "a taken port" -f -l 127.0.0.1:5353
holds "the owner of the port is named" \
    "127\.0\.0\.1:5353.*resolverd.*$daemon" "$out"
holds "and how to stop it, and a port that is free" \
    "stop it \((kill $daemon|systemctl stop [^ ]+)\), or .*: -l 127\.0\.0\.1:5354\$" \
    "$out"
if [ "$(id -u)" -eq 0 ] && [ "$(stat -c %u "/proc/$daemon")" -ne 0 ]; then
	ok "root was given up"
else
	grep -q '^ *0 *0 *4294967295' /proc/self/uid_map &&
	    die "it still runs as root"
fi
stop
start -l 127.0.0.1 -m off -u 10.53.0.9
holds "the log tells the version and the libraries that are in use" \
    'version [0-9.]+, with libevent 2\.[^,]*, libyaml 0\.[^,]*$' \
    "$(cat daemon.log)"
same "the others are not loaded" "" \
    "$(grep -E 'lib(ldns|ssl|crypto|event_openssl)' "/proc/$daemon/maps")"
stop
cat <<-'END' >records.yaml
	mode: off
	listen: [127.0.0.1]
	upstreams: ["tls://10.53.0.9#dns.test"]
	zones:
	  - name: local
	    dns_name: local.test.
	    record_sets:
	      - {name: local.test., type: MX, rrdatas: ["10 mail.local.test."]}
END
start -c records.yaml
holds "with records and TLS all are in use" \
    'with ldns 1\.[^,]*, libevent 2\.[^,]*, libyaml 0\.[^,]*, OpenSSL 3\.' \
    "$(cat daemon.log)"
stop

echo 'const char *ldns_version(void) { return "1.6.17"; }' |
    "${CC:-cc}" -shared -fPIC -x c -o old.so - || die "no old library"
export LD_PRELOAD=$PWD/old.so ASAN_OPTIONS=verify_asan_link_order=0
exits 1 "a library that is too old" -f -c records.yaml
holds "it is named, with the one that is needed" \
    'cannot be read: ldns 1\.6\.17 is too old: 1\.8\.0 or later is needed' \
    "$out"
start -l 127.0.0.1 -m off -u 10.53.0.9
ok "where nothing needs it, it does no harm"
stop
unset LD_PRELOAD ASAN_OPTIONS

# In the background: the parent comes back when the daemon answers.
resolv_conf 'nameserver 10.53.0.2'
"$RESOLVERD" -l 127.0.0.1 || die "it does not go to the background"
same "it answers at once" "$restricted" \
    "$(dig +short @127.0.0.1 run.app | sorted)"
daemon=$(ss -Hulnp 'sport = 53' | sed -n 's/.*pid=\([0-9]*\).*/\1/p' | head -1)
kill -TERM "$daemon"
until_true "it ends" sh -c "! kill -0 $daemon"
daemon=0
exits 2 "a background start that fails" -l 192.0.2.1
