#!/bin/bash
# resolverctl doctor, on a machine that is well and on those that are broken on
# purpose.  Across a link of its own there is a second network namespace with
# the restricted VIP and an HTTPS service upon it.
tests=$(realpath "${BASH_SOURCE%/*}")
# shellcheck source=lib.sh
. "$tests/lib.sh"
ctl=$(dirname "$RESOLVERD")/resolverctl
service=svc.a.run.app

# The real systemd-resolved where it can be had.  It is not installed, for its
# package takes over the machine's resolv.conf.
resolved=/lib/systemd/systemd-resolved
get_resolved() {
	[ ! -x "$resolved" ] || return 0
	mkdir -p resolved || return 1
	(
		cd resolved || exit 1
		nsenter --net="/proc/$PPID/ns/net" --wd=. -- timeout 60 \
		    apt-get -q download systemd-resolved &&
		    dpkg-deb -x systemd-resolved_*.deb .
	) >resolved.log 2>&1
	resolved=$WORK/resolved/lib/systemd/systemd-resolved
	[ -x "$resolved" ] && ! ldd "$resolved" | grep -q 'not found'
}
kind=stand-in
if [ "$(id -u)" -eq 0 ] && get_resolved; then
	kind=real
fi

# An /etc of the test's own, with nothing in it that the host alone has.
cp -a /etc etc 2>/dev/null
rm -rf etc/resolv.conf etc/docker
mkdir etc/docker
echo "127.0.0.1 localhost" >etc/hosts
mount --bind etc /etc || die "cannot mount an /etc"
mkdir -p /etc/systemd/resolved.conf.d

resolv() {
	printf '%s\n' "$@" >/etc/resolv.conf
}

nsswitch() {
	echo "hosts: $*" >/etc/nsswitch.conf
}

# far COMMAND...: in the namespace across the link.
far() {
	nsenter --target "$far" --net --wd=. -- "$@"
}

far_is_there() {
	[ "$(readlink "/proc/$far/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}

certificate() {
	openssl req -quiet -x509 -newkey rsa:2048 -nodes -days "${3:-30}" \
	    -subj "/CN=$1" -addext "subjectAltName=DNS:$2" \
	    -keyout "$1.key" -out "$1.pem" 2>/dev/null ||
	    openssl req -x509 -newkey rsa:2048 -nodes -days "${3:-30}" \
		-subj "/CN=$1" -addext "subjectAltName=DNS:$2" \
		-keyout "$1.key" -out "$1.pem" 2>/dev/null ||
	    die "no certificate"
}

service_answers() {
	far sh -c 'exec 3<>/dev/tcp/199.36.153.4/443' 2>/dev/null ||
	    far bash -c 'exec 3<>/dev/tcp/199.36.153.4/443'
}

# serve CERTIFICATE: the service shows that one from now on.
serve() {
	if [ "$serving" -ne 0 ]; then
		kill "$serving"
		wait "$serving"
	fi
	nsenter --target "$far" --net --wd=. -- python3 "$tests/service.py" \
	    0.0.0.0 "$1.pem" "$1.key" 2>service.log &
	serving=$!
	until_true "the service listens" service_answers
}

# doctor STATUS [ARGUMENT...]: what it says, in $said; its exit status is
# STATUS.
doctor() {
	local expected=$1 status

	shift
	said=$(timeout 40 "$ctl" doctor -c "$WORK/conf.yaml" \
	    --ca-file "$WORK/ca.pem" "$@" 2>doctor.err)
	status=$?
	[ "$status" -eq "$expected" ] || die "doctor $*: status $status
$said
$(cat doctor.err)"
}

# names WHAT WORDS: a finding that fails has these words, whatever its lines.
names() {
	local text

	text=$(tr -s ' \n' ' ' <<<"$said")
	[[ $text == *"$2"* ]] || die "$1
  expected: $2
  got: $said"
	ok "$1: $2"
}

restart() {
	[ "$daemon" -eq 0 ] || { kill "$daemon"; wait "$daemon"; }
	start -c conf.yaml
}

# The machine.
unshare --net sleep 900 &
far=$!
until_true "a namespace is there" far_is_there
ip link add v0 type veth peer name v1 netns "$far" || die "no link"
ip address add 10.0.5.2/24 dev v0
ip address add 2001:db8:5::2/64 dev v0 nodad
ip link set v0 up
far ip link set lo up
far ip address add 10.0.5.1/24 dev v1
far ip link set v1 up
vips() {
	for n in 4 5 6 7; do
		far ip address "$1" "199.36.153.$n/32" dev lo
	done
}
vips add
ip route add 199.36.153.4/30 via 10.0.5.1
certificate good '*.a.run.app'
certificate wrong 'other.example'
cat good.pem wrong.pem >ca.pem
serving=0
serve good
cat >records <<END
*.corp.example. A 192.0.2.66
old.public.example. A 203.0.113.7
END
start_upstream records
mkdir -m 777 control
cat >conf.yaml <<END
mode: restricted
presets: [cloud-run]
listen: [127.0.0.1, 10.0.5.2]
control_socket: $WORK/control/socket
upstreams: [10.53.0.2]
zones:
  - name: six
    dns_name: six.example.
    record_sets:
      - {name: six.example., type: A, ttl: 5, rrdatas: [199.36.153.4]}
      - {name: six.example., type: AAAA, ttl: 5, rrdatas: ['2001:db8:9::1']}
END
echo '{"dns": ["10.0.5.2"]}' >/etc/docker/daemon.json
nsswitch files dns
resolv 'nameserver 127.0.0.1'
start -c conf.yaml

# Healthy.
doctor 0 "$service"
lacks "a machine that is well: nothing fails" '^[a-z]* +(fail|warn) ' "$said"
names "it says where the name leads" \
    'the name leads to the restricted VIP: 199.36.153.4, 199.36.153.5, 199.36.153.6, 199.36.153.7'
names "and why" 'private zone "run-app" (run.app.) is the longest match'
names "by which way" 'via 10.0.5.1 on v0, from 10.0.5.2'
names "that libc gives programs the same" \
    'libc gives programs what resolverd says'
names "whose certificate there is" 'for *.a.run.app; until 20'
names "and what the service answers" 'the service answers (200)'
same "nothing is wider than 80 columns" '' \
    "$(awk 'length > 80' <<<"$said")"
doctor 0
names "without a name an example is taken" 'doctor.a.run.app'
names "and its service is not asked" 'no service was named'

# 1: no route.
ip route del 199.36.153.4/30
doctor 1 "$service"
names "1. no route" 'fail no route to 199.36.153.4'
names "with what mends it" \
    'gcloud compute routes create google-apis'
names "to the right network" '--destination-range=199.36.153.4/30'
names "and the hop" '--next-hop-gateway=default-internet-gateway'

# 2: a VIP that swallows what is sent to it: here, and beyond.
ip route add blackhole 199.36.153.4/30
doctor 1 "$service"
names "2. blackholed VIP, by this machine" \
    'fail the route to 199.36.153.4 is a blackhole'
names "the connection fails for that" \
    'cannot be reached: a blackhole see the check of routes'
ip route del blackhole 199.36.153.4/30
ip route add unreachable 199.36.153.4/30
doctor 1 "$service"
names "unreachable is told apart" \
    'fail the route to 199.36.153.4 says unreachable'
ip route del unreachable 199.36.153.4/30
ip route add 199.36.153.4/30 via 10.0.5.1
vips del
doctor 1 "$service"
names "2. blackholed VIP, by the network" 'fail port 443 of 199.36.153.4'
names "it is silence" 'does not answer'
names "Private Google Access is named" \
    'Private Google Access is off on the subnet'
names "with the command" '--enable-private-ip-google-access'
vips add
kill "$serving"
wait "$serving"
serving=0
doctor 1 "$service"
names "a refusal is told apart" 'refuses connections'

# 3: wrong certificate.
serve wrong
doctor 1 "$service"
names "3. wrong certificate" \
    'fail wrong certificate: it is for other.example and not for this name'
names "nothing that it says is taken for the service's" \
    'skip who answers has not shown to be the service'

# Somebody who is no HTTPS service at all.
babble() {
	kill "$serving"
	wait "$serving"
	nsenter --target "$far" --net --wd=. -- python3 -c "
import socket, time
with socket.create_server(('0.0.0.0', 443)) as listener:
    while True:
        peer, _ = listener.accept()
        peer.sendall(bytes(range(256)) * $1)
        if $1:
            peer.close()
        else:
            time.sleep(60)" 2>babble.log &
	serving=$!
	until_true "somebody listens" service_answers
}
babble 64
doctor 1 "$service"
names "what is no TLS is told apart" 'fail the TLS handshake fails: wrong version number'
babble 0
doctor 1 "$service" --timeout 6
names "silence after a connection, too" 'fail the TLS handshake fails: the server hangs up, or says nothing'
serve good

# 4: resolved goes round us.
resolved_answers() {
	dig +short +time=1 +tries=1 @127.0.0.53 localhost | grep -q 127
}

start_resolved() {
	mkdir -p /etc/systemd/resolved.conf.d
	rm -f /etc/systemd/resolved.conf.d/*
	printf '[Resolve]\nDNS=%s\nDNSSEC=no\n' "$1" \
	    >/etc/systemd/resolved.conf.d/test.conf
	"$resolved" 2>>resolved.log &
	resolved_pid=$!
	until_true "systemd-resolved answers" resolved_answers
}

# Somebody like it, for where it cannot be had: its files and its stub.
start_stand_in() {
	# shellcheck disable=SC2086 # a list of servers
	printf 'nameserver %s\n' $1 >/run/systemd/resolve/resolv.conf
	dnsmasq --keep-in-foreground --no-resolv --no-hosts --user= \
	    --conf-file=/dev/null --listen-address=127.0.0.53 \
	    --bind-interfaces --server="${1%% *}" --cache-size=150 \
	    --host-record=localhost,127.0.0.1 --pid-file= 2>>resolved.log &
	resolved_pid=$!
	until_true "a stand-in for systemd-resolved answers" resolved_answers
}

mount -t tmpfs tmpfs /run/systemd 2>/dev/null || {
	mkdir -p /run/systemd && mount -t tmpfs tmpfs /run/systemd
} || die "no /run/systemd"
mkdir -p /run/systemd/resolve
run_resolved=start_stand_in
if [ "$kind" = real ]; then
	grep -q ^systemd-resolve: /etc/passwd || {
		echo 'systemd-resolve:x:997:997::/:/usr/sbin/nologin' \
		    >>/etc/passwd
		echo 'systemd-resolve:x:997:' >>/etc/group
	}
	chown systemd-resolve: /run/systemd/resolve
	run_resolved=start_resolved
fi
$run_resolved 10.53.0.2
resolv 'nameserver 127.0.0.53'
doctor 1 leak.a.run.app
names "4. resolved bypasses us ($kind)" \
    'fail systemd-resolved bypasses resolverd, and answers otherwise'
names "whom it asks is told" 'it asks 10.53.0.2'
names "programs are known to be misled" \
    'fail programs do not get what resolverd answers'
mkdir -p /run/systemd/netif/links
printf 'ADMIN_STATE=configured\nDNS=192.0.2.77\n' \
    >"/run/systemd/netif/links/$(ip -o link show v0 | cut -d: -f1)"
doctor 1 leak.a.run.app
names "a link's own server is named" '(v0 has 192.0.2.77)'
echo 'DOMAINS=corp.example run.app' \
    >>"/run/systemd/netif/links/$(ip -o link show v0 | cut -d: -f1)"
doctor 1 leak.a.run.app
names "a link whose domain the name lies below is told" \
    'v0 has the domain run.app, so that its servers are asked'
names "setup would not change that" '$ resolvectl domain'
rm -r /run/systemd/netif
kill "$resolved_pid"
wait "$resolved_pid"
$run_resolved 127.0.0.1
doctor 0 "$service"
names "resolved that asks us is well ($kind)" \
    'pass systemd-resolved asks resolverd'
kill "$resolved_pid"
wait "$resolved_pid"
$run_resolved '127.0.0.1 10.53.0.2'
doctor 0 "$service"
names "another server beside is told of" \
    'warn systemd-resolved asks others than resolverd, who say the same'
touch /etc/systemd/resolved.conf.d/zz-resolverd.conf
doctor 0 "$service"
names "a link's is in order where setup has told it whom to ask" \
    'pass systemd-resolved asks resolverd as resolverctl setup told it; its links have 10.53.0.2'
mkdir -p /run/systemd/netif/links
echo 'ROUTE_DOMAINS=.' >/run/systemd/netif/links/1
doctor 0 "$service"
names "a link that wants all names is warned of" \
    "warn systemd-resolved asks resolverd and the servers of lo, which has the domain '~.'"
rm -r /run/systemd/netif
kill "$resolved_pid"
wait "$resolved_pid"
doctor 1 "$service"
names "resolved that is dead is named" \
    'fail programs ask systemd-resolved, which does not answer'
umount /run/systemd
resolv 'nameserver 127.0.0.1'

# 5: search domain trap.
resolv 'nameserver 127.0.0.1' 'search corp.example' 'options ndots:5'
doctor 1 "$service"
names "5. search domain trap" \
    "fail search domain trap: programs get the addresses of $service.corp.example. instead"
names "with the wildcard's answer" 'a wildcard there answers with 192.0.2.66'
names "with a command that can be pasted" "\$ getent ahosts $service. libc"
resolv 'nameserver 127.0.0.1' 'search none.example' 'options ndots:5'
doctor 0 "$service"
names "without a wildcard the order is told" \
    'warn libc asks for 1 other name first, for ndots is 5'
doctor 0 "$service."
names "a final dot ends the search" 'pass libc asks for the name itself first'
resolv 'nameserver 127.0.0.1'

# 6: IPv6 first.
ip -6 route add 2001:db8:9::/48 dev v0
certificate six 'six.example'
cat good.pem wrong.pem six.pem >ca.pem
serve six
doctor 1 six.example
names "6. IPv6 first" \
    'fail IPv6 first: programs try a public IPv6 address before the private path'
names "which one" 'getaddrinfo puts first 2001:db8:9::1'
names "the record is named" \
    'warn AAAA records lead past the private path that the A records name'
ip -6 route del 2001:db8:9::/48
serve good

# 7: two resolvers.
resolv 'nameserver 127.0.0.1' 'nameserver 10.53.0.2'
doctor 1 leak.a.run.app
names "7. two resolvers" \
    'fail two resolvers: resolv.conf names 10.53.0.2 beside resolverd, which answers otherwise'
names "what the other says" '10.53.0.2 says 216.239.32.53'
resolv 'nameserver 10.53.0.2'
doctor 1 leak.a.run.app
names "another alone is told apart" \
    'fail resolv.conf does not name resolverd: programs ask 10.53.0.2'
resolv 'nameserver 127.0.0.1'

# 8: port taken.
stop
python3 -c '
import signal, socket
taken = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
taken.bind(("127.0.0.1", 5397))
signal.pause()' &
taker=$!
until_true "a port is taken" sh -c "ss -Huln 'sport = 5397' | grep -q ."
doctor 1 "$service" --server 127.0.0.1:5397
names "another port than 53 is told once" \
    "fail port 5397 of 127.0.0.1 is taken by python3 (process $taker)"
kill "$taker"
wait "$taker"
dnsmasq --keep-in-foreground --no-resolv --no-hosts --user= \
    --conf-file=/dev/null --listen-address=127.0.0.1 --bind-interfaces \
    --server=10.53.0.2 --pid-file= 2>dnsmasq.log &
dnsmasq=$!
until_true "dnsmasq answers" sh -c \
    'dig +short +time=1 +tries=1 @127.0.0.1 www.public.example | grep 203'
doctor 1 leak.a.run.app
names "8. port taken" \
    "fail port 53 of 127.0.0.1 is taken by dnsmasq (process $dnsmasq)"
names "nobody is told to have resolverd read its file again" \
    'skip it is not resolverd that answers'
names "with what frees it" "kill $dnsmasq && systemctl restart resolverd"
kill "$dnsmasq"
wait "$dnsmasq"
doctor 1 "$service"
names "a daemon that does not run is told apart" \
    'fail resolverd does not run: nobody listens at port 53 of 127.0.0.1 it'
doctor 1 "$service" --server 127.0.0.1:5398
names "at another port, too" \
    'fail resolverd does not run: nobody listens at port 5398 of 127.0.0.1 it'
start -c conf.yaml

# 9: stale cache.
same "a name does not exist yet" '' \
    "$(dig +short +time=2 +tries=1 @127.0.0.1 new.public.example)"
kill "$upstream"
wait "$upstream"
ip address del 10.53.0.2/24 dev lo
echo 'new.public.example. A 203.0.113.8' >>records
start_upstream records
doctor 1 new.public.example --timeout 8
names "9. stale cache" \
    'fail stale cache: resolverd keeps an answer that is no longer true'
names "both answers" 'kept: NXDOMAIN; now: 203.0.113.8'
names "with what mends it" '$ resolverctl flush new.public.example.'
sed -i 's/^mode: .*/mode: private/' conf.yaml
doctor 1 "$service"
names "a file that was not read again is told apart" \
    'fail resolverd answers otherwise than its configuration file says'
sed -i 's/^mode: .*/mode: restricted/' conf.yaml
"$ctl" -s "$WORK/control/socket" mode private >/dev/null ||
    die "no mode by hand"
doctor 1 "$service"
names "a mode set by hand is told apart" \
    'warn mode private was set by hand, and resolverd answers otherwise'
names "with what takes it back" '$ resolverctl mode default'
names "and who did it" 'mode private is set over the file'"'"'s, by root'
"$ctl" -s "$WORK/control/socket" mode default >/dev/null ||
    die "no mode default"
sed -i 's|^upstreams: .*|upstreams: ["tls://10.53.0.2#dns.example"]|' conf.yaml
doctor 0 "$service"
names "servers over TLS are told of" \
    'skip it asks 1 server over TLS, not tried here'
sed -i 's/^upstreams: .*/upstreams: [10.53.0.2]/' conf.yaml

# 10: dead upstream, with nothing in the cache.
kill -STOP "$upstream"
restart
begin=$(date +%s)
doctor 1 dead.public.example
took=$(($(date +%s) - begin))
names "10. dead upstream" 'fail dead upstream: 10.53.0.2 did not answer'
names "a command asks it again" 'dig -p 53 @10.53.0.2 . NS'
names "and the name's fate" 'fail resolverd finds no answer (SERVFAIL)'
[ "$took" -le 16 ] || die "it took $took s"
ok "it took no longer than 15 s"
doctor 1 "$service"
names "a name of its own is well all the same" \
    'pass the name leads to the restricted VIP'
kill -CONT "$upstream"

# The rest of what stands between a program and an answer.
echo '203.0.113.99 svc.a.run.app' >>/etc/hosts
doctor 1 "$service"
names "a hosts entry is named" \
    'fail /etc/hosts has the name, so that programs do not ask for it'
echo '127.0.0.1 localhost' >/etc/hosts
nsswitch files
doctor 1 "$service"
names "a switch without DNS is named" \
    'fail nsswitch.conf has programs never ask DNS for hosts'
nsswitch files dns
echo '{"dns": ["8.8.8.8"]}' >/etc/docker/daemon.json
doctor 0 "$service"
names "Docker's other servers are named" \
    'warn Docker gives containers servers other than resolverd'
rm /etc/docker/daemon.json
touch /etc/docker/daemon.json
doctor 0 "$service"
names "that Docker drops loopback servers is known" \
    "warn Docker's containers do not ask resolverd: it leaves loopback servers out"
echo '{"dns": ["10.0.5.2"]}' >/etc/docker/daemon.json

# What a status means.
doctor 0 s404.a.run.app
names "404: the caller is not internal" \
    'the caller is not recognised as internal (404)'
names "and DNS is right" 'names, routes and TLS are right'
doctor 0 s403.a.run.app
names "403: IAM" 'it does not let this caller in (403)'
doctor 0 s503.a.run.app
names "5xx: the service's own" 'the service is reached and fails by itself (503)'

# Negative tests.
doctor 0 --expect-blocked s404.a.run.app
names "404 is blocked" 'pass blocked, as expected: status 404'
doctor 1 --expect-blocked "$service"
names "200 is not" 'fail the name is not blocked: the service answers with status 200'
doctor 0 --expect-blocked none.public.example
names "a name that is not there is blocked" \
    'pass blocked, as expected: the name has no address'
vips del
doctor 0 --expect-blocked "$service"
names "silence is blocked" 'pass blocked, as expected: no connection can be made'
vips add
doctor 0 "$service" --expect-blocked s403.a.run.app
names "both kinds in one run" 's403.a.run.app. (expected to be blocked)'

# For machines.
ip route del 199.36.153.4/30
doctor 1 --json "$service"
same "JSON has the failures" 'False route no route to 199.36.153.4' \
    "$(python3 -c '
import json, sys
d = json.load(sys.stdin)
f = [f for f in d["findings"] if f["result"] == "fail"]
print(d["passed"], f[0]["check"], f[0]["text"])' <<<"$said")"
doctor 1 --junit "$service"
same "JUnit has them" 'route no route to 199.36.153.4' \
    "$(python3 -c '
import sys, xml.etree.ElementTree as tree
c = [c for c in tree.parse(sys.stdin).iter("testcase") if c.find("failure") is not None]
print(c[0].get("classname"), c[0].find("failure").get("message"))' <<<"$said")"
doctor 2 --junit --json
doctor 2 'a..b'
doctor 2 --timeout soon
doctor 2 a b
ok "what could not be run has status 2"
stop
