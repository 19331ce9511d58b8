#!/bin/bash
# Source ports, ids and letter case of 50,000 questions pass for random; what
# worse generators make does not.
# shellcheck source=faulty.sh
. "${BASH_SOURCE%/*}/faulty.sh"
questions=${ENTROPY:-50000}

# generated COUNT PROGRAM: questions as faulty keeps them, whose port and id the
# awk program sets; r(n) is below n.
generated() {
	awk -v count="$1" '
		function r(n) { return int(rand() * n) }
		function letters(  i, text) {
			text = ""
			for (i = 0; i < 8; i++)
				text = text substr("aA", r(2) + 1, 1)
			return text
		}
		BEGIN {
			srand(53)
			for (i = 0; i < count; i++) {
				port = 1024 + r(64512)
				id = r(65536)
				name = letters()
				'"$2"'
				print i, "udp", "10.53.0.2", port, id, name ".test."
			}
		}'
}

# unfair WHAT ROW PROGRAM: entropy says so, in that row.
unfair() {
	local said

	said=$(generated 10000 "$3" | entropy -c)
	holds "$1 is noticed" "^UNFAIR $2" "$said"
}

generated 10000 '' | entropy -c >fair || die "a fair source fails: $(cat fair)"
ok "a fair source passes"
unfair "one port for all" 'ports, by 252' 'port = 5353'
unfair "the kernel's range of ports" 'ports, by 252' 'port = 32768 + r(28232)'
unfair "a slice of the ports for each thread" 'ports, by 252' \
    'port = 1024 + r(32256)'
unfair "ports one after another" 'ports, each less' \
    'port = 1024 + (i * 7) % 64512'
unfair "a port for two questions running" 'ports, twice' \
    'if (i % 2) port = last; last = port'
unfair "ports below 1024" 'too few, or a port' 'port = r(65536)'
unfair "ids that count" 'ids, each less' 'id = i % 65536'
unfair "ids of 15 bits" 'ids, first' 'id = r(32768)'
unfair "ids without the last bit" 'ids, last' 'id = 2 * r(32768)'
unfair "ids that never come twice" 'ids, how many' \
    'id = (i * 40503) % 65536'
unfair "few ids that are far apart" 'ids, how many' 'id = r(4096) * 16 + r(2)'
unfair "ids out of the port" 'ids against ports' 'id = (port * 3) % 65536'
unfair "names in lower case" 'case of' 'name = tolower(name)'
unfair "the same capitals each time" 'case of' 'name = "aAaAAaAa"'

start_faulty 10.53.0.2
printf '%s\n' 'listen: [127.0.0.1]' 'upstreams: [10.53.0.2]' 'workers: 2' \
    >resolverd.yaml
start -c resolverd.yaml
line=$(volley -n "$questions" -w 200 127.0.0.1 abcdefgh.%.test)
same "all are answered" "$questions" "$(of "$line" right)"
entropy -c <10.53.0.2.asked >report ||
    die "a question can be guessed: $(cat report)"
sed 's/^/# /' report
ok "ports, ids and letter case of $questions questions pass for random"
stop
