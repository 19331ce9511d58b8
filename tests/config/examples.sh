#!/bin/bash
# Loads every configuration that is shipped, and asks the questions that stand
# in its comments as "# try: dig @ADDRESS NAME TYPE" and "# expect: ANSWER",
# the answer as dig +short shows it, addresses sorted, on one line.
# RESOLVERD names the program.

set -u -o pipefail
cd "$(dirname "$0")/../.." || exit 1
resolverd=${RESOLVERD:-build/release/resolverd}
failures=0
asked=0
daemon=
work=$(mktemp -d) || exit 1
trap 'stop; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
	printf 'FAIL %s\n' "$*" >&2
	failures=$((failures + 1))
}

stop() {
	local status

	[ -n "$daemon" ] || return 0
	kill "$daemon" 2>/dev/null
	wait "$daemon"
	status=$?
	daemon=
	return "$status"
}

# ask @ADDRESS NAME TYPE: aliases first, then the rest in order.
ask() {
	dig -p "$port" +short +tries=1 +timeout=5 "$@" |
	    sed -E 's/^.*\.$/0 &/; t; s/^/1 /' | sort -V | cut -c 3- |
	    paste -sd ' '
}

# Bounded by dig's patience and by the daemon's life.
await_answer() {
	for _ in $(seq 100); do
		ask @127.0.0.1 probe.run.app SOA >/dev/null 2>&1 && return
		kill -0 "$daemon" 2>/dev/null || break
	done
	return 1
}

# The addresses that a file's questions are asked at, and the usual one.
addresses() {
	{
		echo 127.0.0.1
		sed -n 's/^# try: dig @\([0-9.]*\) .*/\1/p' "$1"
	} | sort -u
}

# start FILE: on a port that nobody has; exit code 2 says that somebody had.
start() {
	local address listen

	for _ in 1 2 3 4 5; do
		port=$(shuf -i 20000-60000 -n 1)
		listen=()
		for address in $(addresses "$1"); do
			listen+=(-l "$address:$port")
		done
		"$resolverd" -f -c "$1" "${listen[@]}" -u 127.0.0.1:9 \
		    2>"$work/log" &
		daemon=$!
		await_answer && return
		stop
		[ $? -eq 2 ] || break
	done
	fail "$1: does not answer: $(cat "$work/log")"
	return 1
}

# questions FILE: "@ADDRESS NAME TYPE|ANSWER" a line.
questions() {
	sed -n -e '/^# try: dig /{s///;h;}' \
	    -e '/^# expect: */{s///;H;g;s/\n/|/p;}' "$1"
}

try() {
	local question answer got

	start "$1" || return
	while IFS='|' read -r question answer; do
		# shellcheck disable=SC2086 # an address, a name and a type
		got=$(ask $question)
		asked=$((asked + 1))
		[ "$got" = "$answer" ] ||
		    fail "$1: $question: expected '$answer', got '$got'"
	done < <(questions "$1")
	stop || fail "$1: ended with exit code $?: $(cat "$work/log")"
}

check() {
	"$resolverd" -t -c "$1" >"$work/log" 2>&1 ||
	    fail "$1: $(cat "$work/log")"
}

for file in conf/resolverd.yaml conf/examples/*.yaml; do
	check "$file"
done
for file in conf/examples/*.yaml; do
	try "$file"
done
printf 'examples: %d questions, %d failed\n' "$asked" "$failures"
[ "$failures" -eq 0 ]
