#!/bin/bash
# Sourced by each test_*.sh, which runs in its own namespaces: WORK is its
# folder, RESOLVERD the daemon.  The first deviation ends the test.
set -u

# Mounts must not reach the host.  In a chroot, / is no mount point that
# unshare could make private; the mount namespace's own root is one.
nsenter --mount=/proc/self/ns/mnt mount --make-rprivate / || exit 2
cd "$WORK" || exit 2
# Each test has a place of its own for control sockets.
if [ "$(id -u)" -eq 0 ]; then
	mkdir -p /run/resolverd
	mount -t tmpfs tmpfs /run/resolverd || exit 2
fi
mkdir -m 700 xdg
export XDG_RUNTIME_DIR=$WORK/xdg
ip link set lo up
ip address add 10.53.0.1/24 dev lo
ip address add 2001:db8:53::1/64 dev lo nodad
daemon=0
# shellcheck disable=SC2034 # for the tests
upstream=0

ok() {
	echo "ok $*"
}

die() {
	echo "not ok $*"
	[ ! -s daemon.log ] || sed 's/^/  daemon: /' daemon.log
	exit 1
}

# Whatever still runs was started here, some of it stopped on purpose.
stop_all() {
	for pid in $(jobs -p); do
		kill "$pid" 2>/dev/null
		kill -CONT "$pid" 2>/dev/null
	done
	wait
}
trap stop_all EXIT

# same WHAT EXPECTED GOT
same() {
	[ "$2" = "$3" ] || die "$1
  expected: $2
  got:      $3"
	ok "$1"
}

# holds WHAT PATTERN TEXT: TEXT has a line that matches PATTERN.
holds() {
	grep -Eq -- "$2" <<<"$3" || die "$1
  expected a line like: $2
  got: $3"
	ok "$1"
}

# lacks WHAT PATTERN TEXT
lacks() {
	if grep -Eq -- "$2" <<<"$3"; then
		die "$1
  expected no line like: $2
  got: $3"
	fi
	ok "$1"
}

# until_true WHAT COMMAND...: tries for up to ten seconds.
until_true() {
	local what=$1
	shift
	for _ in $(seq 200); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.05
	done
	die "$what: still not so after 10 s"
}

resolv_conf() {
	printf '%s\n' "$@" >"$WORK/resolv.conf"
	if ! mountpoint -q /etc/resolv.conf; then
		mount --bind "$WORK/resolv.conf" /etc/resolv.conf ||
		    die "cannot mount a resolv.conf"
	fi
}

# start ARG...: the daemon in the foreground, ready when it says so.
start() {
	: >daemon.log
	"$RESOLVERD" -f "$@" 2>daemon.log &
	daemon=$!
	until_true "the daemon starts" daemon_spoke
	grep -q 'listening on' daemon.log || die "the daemon did not start"
}

daemon_spoke() {
	grep -q 'listening on' daemon.log || ! kill -0 "$daemon"
}

stop() {
	local status

	kill -TERM "$daemon"
	wait "$daemon"
	status=$?
	daemon=0
	same "SIGTERM ends it with status 0" 0 "$status"
}

# reload: SIGHUP, and the line that tells how it went.
reload() {
	local before

	before=$(grep -c '^resolverd: .*reload' daemon.log)
	kill -HUP "$daemon"
	until_true "the daemon reloads" reloaded_since "$before"
}

reloaded_since() {
	[ "$(grep -c '^resolverd: .*reload' daemon.log)" -gt "$1" ]
}

# start_upstream [FILE]: a real server on 10.53.0.2 for which upstream.zone,
# with the records of FILE, is the whole internet.
start_upstream() {
	ip address add 10.53.0.2/24 dev lo
	cat >upstream.conf <<-END
	server:
	  interface: 10.53.0.2
	  access-control: 0.0.0.0/0 allow
	  chroot: ""
	  directory: "$WORK"
	  username: ""
	  pidfile: ""
	  do-daemonize: no
	  use-syslog: no
	  do-ip6: no
	  module-config: "iterator"
	remote-control:
	  control-enable: no
	auth-zone:
	  name: "."
	  zonefile: "upstream.zone"
	  for-downstream: no
	  for-upstream: yes
	END
	{
		cat <<-'END'
		$ORIGIN .
		$TTL 200
		@ SOA ns.public. hostmaster.public. 1 1800 900 604800 100
		@ NS ns.public.
		ns.public. A 10.53.0.2
		www.public.example. 200 A 203.0.113.5
		www.public.example. 200 AAAA 2001:db8::5
		www.public.example. 200 HTTPS 1 . alpn=h2
		www.public.example. 200 TYPE65280 \# 4 0a000001
		alias.public.example. 200 CNAME www.public.example.
		leak.a.run.app. A 216.239.32.53
		leak.a.run.app. AAAA 2001:4860:4802:32::35
		leak.a.run.app. HTTPS 1 . alpn=h2
		leak.a.run.app. TXT "leaked"
		END
		for n in $(seq 60); do
			echo "big.public.example. TXT \"$n $(printf '%050d' 0)\""
		done
		[ $# -eq 0 ] || cat "$1"
	} >upstream.zone
	unbound -d -c upstream.conf 2>upstream.log &
	# shellcheck disable=SC2034
	upstream=$!
	until_true "the upstream server answers" \
	    sh -c 'dig +short @10.53.0.2 www.public.example | grep -q 203'
}

sorted() {
	sort | tr '\n' ' ' | sed 's/ $//'
}

# shellcheck disable=SC2034 # for the tests
restricted='199.36.153.4 199.36.153.5 199.36.153.6 199.36.153.7'
# shellcheck disable=SC2034
private='199.36.153.10 199.36.153.11 199.36.153.8 199.36.153.9'
