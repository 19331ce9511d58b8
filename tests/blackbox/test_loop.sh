#!/bin/bash
# Servers that lead back: another resolverd, dnsmasq, Unbound; reported once,
# left out, and cheap.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
start_upstream

# packets: datagrams that this host has sent so far.
packets() {
	awk '$1 == "Udp:" && ++n == 2 { print $5 }' /proc/net/snmp
}

# quick_failure WHAT ADDRESS PATTERN: SERVFAIL for a new name, fast, and few
# packets.
serial=0
quick_failure() {
	local answer before spent

	serial=$((serial + 1))
	before=$(packets)
	answer=$(dig +time=6 +tries=1 "@$2" "n$serial.public.example")
	spent=$(($(packets) - before))
	holds "$1: SERVFAIL" 'status: SERVFAIL' "$answer"
	holds "$1: with the reason" "$3" "$answer"
	holds "$1: fast" 'Query time: [0-9]{1,3} msec' "$answer"
	[ "$spent" -le 60 ] || die "$1: $spent packets"
	ok "$1: at most 60 packets ($spent)"
}

leads_back="loop: upstream server 127\.0\.0\.[0-9]+ leads back to this server; it is left out for 5 min$"
why='EDE: .*lead'

# Two of a kind.
"$RESOLVERD" -f -l 127.0.0.2 -u 127.0.0.1 2>second.log &
second=$!
until_true "the second starts" grep -q 'listening on' second.log
start -l 127.0.0.1 -u 127.0.0.2
until_true "the loop is found" grep -Eq "$leads_back" daemon.log
ok "two that forward to each other are found out"
quick_failure "a loop of two" 127.0.0.1 "$why"
same "names that are served do not mind" "$restricted" \
    "$(dig +short +time=1 +tries=1 @127.0.0.1 run.app | sorted)"
same "it is told once" 1 "$(grep -Ec "$leads_back" daemon.log)"
kill "$second"
wait "$second"
stop

# By way of a forwarder that other software keeps.
dnsmasq --keep-in-foreground --no-resolv --no-hosts --bind-interfaces \
    --listen-address=127.0.0.3 --server=127.0.0.1 --user=root \
    --pid-file= --conf-file=/dev/null 2>dnsmasq.log &
forwarder=$!
until_true "dnsmasq listens" sh -c "ss -Huln 'src 127.0.0.3' | grep -q :53"
start -l 127.0.0.1 -u 127.0.0.3
until_true "the loop is found" grep -Eq "$leads_back" daemon.log
ok "dnsmasq that forwards to us is found out"
quick_failure "a loop by dnsmasq" 127.0.0.1 "$why"
quick_failure "asked at its other end" 127.0.0.3 'status: SERVFAIL'
stop
start -l 127.0.0.1 -u 127.0.0.3 -u 10.53.0.2
until_true "the loop is found" grep -Eq "$leads_back" daemon.log
same "beside a server that leads back another is asked" 203.0.113.5 \
    "$(dig +short +time=2 +tries=1 @127.0.0.1 www.public.example)"
stop
kill "$forwarder"
wait "$forwarder"

cat >unbound.conf <<END
server:
  interface: 127.0.0.4
  access-control: 127.0.0.0/8 allow
  do-not-query-localhost: no
  chroot: ""
  directory: "$WORK"
  username: ""
  pidfile: ""
  do-daemonize: no
  use-syslog: no
  module-config: "iterator"
remote-control:
  control-enable: no
forward-zone:
  name: "."
  forward-addr: 127.0.0.1
END
unbound -d -c unbound.conf 2>unbound.log &
forwarder=$!
until_true "Unbound listens" sh -c "ss -Huln 'src 127.0.0.4' | grep -q :53"
start -l 127.0.0.1 -u 127.0.0.4
until_true "the loop is found" grep -Eq "$leads_back" daemon.log
ok "Unbound that forwards to us is found out"
quick_failure "a loop by Unbound" 127.0.0.1 "$why"
stop

# A loop that begins while it runs.
kill "$forwarder"
wait "$forwarder"
start -l 127.0.0.1 -u 127.0.0.4
lacks "a server that is not there is no loop" 'loop:' "$(cat daemon.log)"
dig +time=1 +tries=1 @127.0.0.1 before.public.example >/dev/null
unbound -d -c unbound.conf 2>unbound.log &
found() {
	dig +time=1 +tries=1 @127.0.0.1 "$RANDOM.public.example" >/dev/null
	grep -Eq "$leads_back" daemon.log
}
until_true "the loop is found" found
ok "a loop that begins while it runs is found, too"
stop
