# Sourced by test_query_log*.sh, which has set `here`: a configuration with a
# query log, and what is in it.
# shellcheck shell=bash
# shellcheck source=lib.sh disable=SC2154
. "$here/lib.sh"
start_upstream
mkdir logs
[ "$(id -u)" -ne 0 ] || chown nobody logs

ask() {
	dig +time=6 +tries=1 @127.0.0.1 "$@" >/dev/null
}

# flood NAME NUMBER: asks for it that often, and keeps what dnsperf says.
flood() {
	echo "$1 A" >names
	dnsperf -s 127.0.0.1 -d names -n "$2" -c 1 -q 50 >dnsperf.txt 2>&1
}

# entries FILE [PATH=VALUE ...]: how many have all the values.
entries() {
	"$here/query_log.py" "$@"
}

# logs WHAT NUMBER FILE [PATH=VALUE ...]
logs() {
	local what=$1 number=$2 got=none

	shift 2
	for _ in $(seq 20); do
		[ ! -e "$1" ] || got=$(entries "$@")
		if [ "$got" = "$number" ]; then
			ok "$what"
			return
		fi
		sleep 0.2
	done
	die "$what
  expected: $number of $*
  got:      $got
  at last:  $(tail -n 1 "$1")"
}

# text WHAT PATTERN: the file has the line, without its time.
text() {
	for _ in $(seq 20); do
		if grep -Eq "^[0-9-]+T[0-9:.]+Z $2\$" logs/text; then
			ok "$1"
			return
		fi
		sleep 0.1
	done
	die "$1
  expected: $2
  at last:  $(tail -n 1 logs/text)"
}

counter() {
	kill -USR1 "$daemon"
	until_true "counters" grep -q 'counters:' daemon.log
	sleep 0.1
	grep 'counters:' daemon.log | tail -n 1 | grep -o "$1 [0-9]*" |
	    cut -d ' ' -f 2
}

# configure KEY: VALUE, ...
configure() {
	cat >resolverd.yaml <<-END
	workers: 1
	networks:
	  - {name: default, project: my-project, region: europe-west2}
	  - {name: spoke, project: other, clients: [127.0.2.0/24]}
	policies:
	  - {name: quiet, networks: [default], enable_logging: false}
	  - {name: logged, networks: [spoke], enable_logging: true}
	instances:
	  - {name: web, zone: europe-west2-a, network_ip: 127.0.0.1,
	     id: 2838092002611613780}
	zones:
	  - name: corp
	    dns_name: corp.test.
	    forwarding_config: {target_name_servers: [{ipv4_address: 10.53.0.2}]}
	  - name: dead
	    dns_name: dead.test.
	    forwarding_config: {target_name_servers: [{ipv4_address: 10.53.0.9}]}
	  - name: to-default
	    dns_name: run.app.
	    private_visibility_config: {networks: [{network_url: spoke}]}
	    peering_config: {target_network: {network_url: default}}
	query_log: {$1}
	END
}
