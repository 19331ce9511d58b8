#!/bin/bash
# resolverctl setup, and what undoes it, with the real daemon in a machine
# whose /etc, /run and /var/lib are the test's.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
[ "$(id -u)" -eq 0 ] || {
	echo "ok setup is root's: left out"
	exit 0
}
RESOLVERCTL=${RESOLVERD%/*}/resolverctl
cp -a /etc etc 2>/dev/null
rm -rf etc/resolv.conf etc/docker etc/dhcp etc/NetworkManager etc/resolvconf* \
    etc/systemd/resolved.conf.d
mount --bind etc /etc || die "cannot mount an /etc"
mount -t tmpfs tmpfs /run || die "cannot mount a /run"
mount -t tmpfs tmpfs /var/lib || die "cannot mount a /var/lib"
mkdir -p /run/resolverd bin
start_upstream
name=www.public.example

setup() {
	"$RESOLVERCTL" setup --check "$name" "$@" 2>&1
}

# fingerprint: all that undo is to bring back, with modes, owners and links.
fingerprint() {
	(
		cd / || exit
		find etc run/resolvconf -xdev \( -path etc/ssl -o -path \
		    etc/alternatives \) -prune -o ! -type d -printf \
		    '%p %y %m %U %G %l\n' 2>/dev/null | sort
		cat etc/resolv.conf etc/dhcp/* etc/resolvconf.conf \
		    etc/docker/* 2>/dev/null
	)
}

# libc NAME
libc() {
	getent ahostsv4 "$1" | sed -n '1s/ .*//p'
}

# What systemctl would do, for services that are the test's.
cat >bin/systemctl <<-'END'
#!/bin/sh
echo "$*" >>"$WORK/systemctl.log"
[ ! -e "$WORK/systemctl.fails" ] || { echo "Job failed" >&2; exit 1; }
END
chmod +x bin/systemctl
mount --bind bin/systemctl /usr/bin/systemctl || die "cannot mount systemctl"

# Nobody answers yet.
printf 'search corp.example\nnameserver 10.53.0.2\noptions ndots:2\n' \
    >/etc/resolv.conf
before=$(fingerprint)
said=$(setup)
same "where nobody answers it is refused" 2 $?
holds "with what to do" 'nobody answers at 127.0.0.1:53: start resolverd' "$said"
same "and nothing is changed" "$before" "$(fingerprint)"
said=$(setpriv --reuid=65534 --clear-groups "$RESOLVERCTL" setup 2>&1)
same "who is not root is refused" 2 $?
holds "politely" "only root can do that: try 'sudo resolverctl setup'" "$said"

echo 'listen: [127.0.0.1]' >auto.yaml
start -c auto.yaml
same "names resolve before it" 203.0.113.5 "$(libc $name)"

# A stranger has the port; he even passes questions on to resolverd.
stop
start -l 127.0.0.2 -u 10.53.0.2
dnsmasq --keep-in-foreground --conf-file=/dev/null --listen-address=127.0.0.1 \
    --bind-interfaces --no-resolv --no-hosts --server=127.0.0.2 --pid-file= &
stranger=$!
until_true "a stranger answers" dig +short +time=1 +tries=1 @127.0.0.1 $name
before=$(fingerprint)
said=$(setup)
same "where another server has the port it is refused" 2 $?
holds "with who it is" \
    "dnsmasq \(process $stranger\) answers at 127.0.0.1:53, not resolverd" \
    "$said"
holds "and what to do" "'kill $stranger' stops it.*; or .* --address" "$said"
same "and nothing is changed" "$before" "$(fingerprint)"
setup --dry-run >/dev/null
same "a dry run tells it too" 2 $?
said=$(setpriv --reuid=65534 --clear-groups "$RESOLVERCTL" setup --dry-run 2>&1)
same "who cannot see the process is not told more than is known" 0 $?
said=$(setup --address 127.0.0.2)
same "where it listens it can be had" 0 $?
said=$(setup --address 127.0.0.2)
same "and is there already" "0 1" "$? $(grep -c 'set up so already' <<<"$said")"
kill -STOP "$daemon"
setup --address 127.0.0.2 >/dev/null
same "which nobody says of a resolverd that is silent" 2 $?
kill -CONT "$daemon"
setup --undo >/dev/null
rm -r /var/lib/resolverd
kill "$stranger"
wait "$stranger"
# What hands a container's port on, as Docker's does.
cat >docker-proxy.py <<-'END'
import socket
open("/proc/self/comm", "w").write("docker-proxy")
front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
front.bind(("127.0.0.1", 53))
back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
back.connect(("127.0.0.2", 53))
while True:
    query, client = front.recvfrom(4096)
    back.send(query)
    front.sendto(back.recv(4096), client)
END
python3 docker-proxy.py &
stranger=$!
until_true "a proxy answers" dig +short +time=1 +tries=1 @127.0.0.1 $name
setup --dry-run >/dev/null
same "a container's resolverd is known by what it says" 0 $?
stop
start -l 127.0.0.2 -u 10.53.0.2 -c <(echo 'extended_errors: false')
said=$(setup)
same "and by nothing else" 2 $?
holds "which is said" "at 127.0.0.1:53, behind docker-proxy .* does not say" \
    "$said"
kill "$stranger"
wait "$stranger"
stop
start -c auto.yaml
same "a resolverd that is silent on it is known by its process" 0 \
    "$(setup --dry-run >/dev/null; echo $?)"

# A plain file.
chmod 664 /etc/resolv.conf
chown 7:8 /etc/resolv.conf
before=$(fingerprint)
said=$(setup --dry-run)
same "a dry run ends well" 0 $?
holds "it says who made resolv.conf" 'made by a person or an unnamed' "$said"
holds "and prints what goes" '^    - nameserver 10.53.0.2$' "$said"
holds "and what comes" '^    \+ nameserver 127.0.0.1$' "$said"
same "and changes nothing" "$before" "$(fingerprint)"
[ ! -e /var/lib/resolverd ] || die "a dry run has left something"
said=$(setup)
same "a plain file is set up" 0 $?
holds "which is said" 'this machine uses resolverd' "$said"
same "it names resolverd, and keeps search and options" \
    'nameserver 127.0.0.1 search corp.example options ndots:2' \
    "$(grep -v '^#' /etc/resolv.conf | tr '\n' ' ' | sed 's/ $//')"
same "its mode and owner stay" '664 7 8' "$(stat -c '%a %u %g' /etc/resolv.conf)"
same "names that it forwards resolve" 203.0.113.5 "$(libc $name)"
holds "names that it serves are its own" '^199\.36\.153\.[4-7]$' "$(libc x.run.app)"
same "what it replaced is root's alone" '600 0 0' \
    "$(stat -c '%a %u %g' /var/lib/resolverd/setup/* | sort -u)"
same "that it was here can be seen" '711 0 0' \
    "$(stat -c '%a %u %g' /var/lib/resolverd/setup)"
stop
start -c auto.yaml
same "the servers that were in use are its upstreams after a restart" \
    203.0.113.5 "$(libc $name)"
holds "which it found where setup kept them" \
    '10\.53\.0\.2.*from /var/lib/resolverd/upstreams' \
    "$("$RESOLVERCTL" upstreams)"
once=$(fingerprint)
said=$(setup)
same "twice is once" "0 $once" "$? $(fingerprint)"
holds "which is said" 'set up so already' "$said"
same "undo ends well" 0 "$(setup --undo >/dev/null; echo $?)"
same "undo brings back every octet, mode and owner" "$before" "$(fingerprint)"
[ ! -e /var/lib/resolverd/upstreams ] || die "undo has left the upstreams"
said=$(setup --undo)
same "undo without setup is an error" 2 $?
holds "that says so" 'this machine was not set up' "$said"

# Somebody changes it meanwhile.
until_true "the daemon has seen the undo" grep -q 'not this daemon' daemon.log
: >daemon.log
setup >/dev/null || die "set up"
until_true "the daemon sees that" grep -q 'ask this daemon$' daemon.log
echo '# Generated by NetworkManager' >/etc/resolv.conf
changed=$(fingerprint)
said=$(setup --undo)
same "undo refuses to write over what somebody changed" 2 $?
holds "and says what and how" '/etc/resolv.conf was changed since.*--force' "$said"
same "nothing was undone" "$changed" "$(fingerprint)"
until_true "the daemon tells" grep -q \
    "as NetworkManager made it; 'resolverctl setup' takes it back" daemon.log
ok "the daemon tells who did it"
setup --undo --force >/dev/null
same "with --force it is undone" "$before" "$(fingerprint)"

setup >/dev/null
printf 'nameserver 10.53.0.2\n' >/etc/resolv.conf
mine=$(fingerprint)
said=$(setup)
same "setup takes back what somebody took" 0 $?
same "resolverd is asked" 127.0.0.1 \
    "$(sed -n 's/nameserver //p' /etc/resolv.conf)"
setup --undo >/dev/null
same "what he had written comes back by undo" "$mine" "$(fingerprint)"

# Links and the fallback.
printf '# Generated by NetworkManager\nnameserver 10.53.0.2\n' >/etc/real.conf
echo 'search corp.example' >>/etc/real.conf
ln -sf real.conf /etc/resolv.conf
before=$(fingerprint)
said=$(setup --owner plain --fallback)
same "a link gives way to a file" 0 $?
holds "which is printed" 'in place of the link to real.conf' "$said"
holds "a fallback is warned of" 'note: warning: .*bypasses' "$said"
same "the fallback stands behind resolverd" '127.0.0.1 10.53.0.2' \
    "$(sed -n 's/nameserver //p' /etc/resolv.conf | tr '\n' ' ' | sed 's/ $//')"
same "search domains behind the link stay" 'search corp.example' \
    "$(grep search /etc/resolv.conf)"
kill -STOP "$daemon"
same "a dead resolverd does not leave the machine without names" 203.0.113.5 \
    "$(libc $name)"
kill -CONT "$daemon"
setup --undo >/dev/null
same "the link comes back" "$before" "$(fingerprint)"

# It does not work, and is taken back.
stop
echo 'upstreams: [192.0.2.1]' >dead.yaml
start -c dead.yaml
said=$(setup --owner plain)
same "a resolverd that does not resolve is found out" 1 $?
holds "which is said" "resolverd does not resolve $name" "$said"
same "and all is taken back" "$before" "$(fingerprint)"
[ ! -e /var/lib/resolverd/setup/manifest ] || die "the manifest is left"
stop
start -c auto.yaml

# NetworkManager.
mkdir -p /etc/NetworkManager/conf.d /run/NetworkManager
cp /etc/real.conf /run/NetworkManager/resolv.conf
before=$(fingerprint)
setup >said
same "NetworkManager's file is set up" "0 reload NetworkManager.service" \
    "$? $(tail -1 systemctl.log)"
holds "by its own means" '^rc-manager=unmanaged$' \
    "$(cat /etc/NetworkManager/conf.d/zz-resolverd.conf)"
: >systemctl.fails
said=$(setup --undo)
same "a service that fails is told of" 2 $?
holds "with what it says" \
    "files are as they were .*reload NetworkManager.service' failed: Job" \
    "$said"
rm systemctl.fails
setup --undo >/dev/null
same "and undo can be had again" "0 $before" "$? $(fingerprint)"

# systemd-resolved, as far as its files go.
mkdir -p /run/systemd/resolve /etc/systemd/resolved.conf.d
printf 'nameserver 127.0.0.53\n' >/run/systemd/resolve/stub-resolv.conf
printf 'nameserver 10.53.0.2\n' >/run/systemd/resolve/resolv.conf
ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
printf '[Resolve]\nDNS=10.53.0.2\n' \
    >/etc/systemd/resolved.conf.d/gce-resolved.conf
before=$(fingerprint)
said=$(setup)
same "a stub that does not come to ask resolverd is found out" 1 $?
holds "which is said" 'this machine does not ask resolverd' "$said"
same "and all is taken back, too" "$before" "$(fingerprint)"
cat >bin/systemctl <<-'END'
#!/bin/sh
echo "$*" >>"$WORK/systemctl.log"
sed -n 's/^DNS=\(..*\)/nameserver \1/p' /etc/systemd/resolved.conf.d/*.conf |
    tail -1 >/run/systemd/resolve/resolv.conf
END
"$RESOLVERD" -f -l 127.0.0.53 -u 10.53.0.2 2>stub.log &
until_true "the stub answers" dig +short +time=1 +tries=1 @127.0.0.53 $name
said=$(setup)
same "systemd-resolved is set up" 0 $?
holds "what Google's image pins is seen" \
    'note: /etc/systemd/resolved.conf.d/gce-resolved.conf names servers' "$said"
same "by a drop-in that is ours alone" 'DNS=
DNS=127.0.0.1
Domains=~.' "$(grep -E '^(DNS|Domains)=' \
    /etc/systemd/resolved.conf.d/zz-resolverd.conf)"
ln -sf real.conf /etc/resolv.conf
said=$(setup)
same "a drop-in stands, and resolv.conf is another's: it is set up anew" \
    "0 nameserver 127.0.0.1" "$? $(grep nameserver /etc/resolv.conf)"
setup --undo >/dev/null
ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
same "and undone" "$before" "$(fingerprint)"

# netplan, and what links are told by it.
mkdir -p /etc/netplan /run/systemd/netif/links
printf 'network:\n  ethernets:\n    lo: {nameservers: {search: [a.example]}}\n' \
    >/etc/netplan/50-cloud-init.yaml
echo 'DOMAINS=a.example internal' >/run/systemd/netif/links/1
before=$(fingerprint)
said=$(setup --dry-run)
holds "netplan is named, and who carries it out" \
    '^the network is netplan.s \(/etc/netplan/50-cloud-init.yaml\) by way of systemd-networkd' \
    "$said"
holds "names that will go past resolverd are" \
    'note: names below a.example, internal go past resolverd to the servers of lo' \
    "$said"
same "JSON tells both" '/etc/netplan/50-cloud-init.yaml networkd lo internal' \
    "$(setup --dry-run --json | python3 -c 'import json,sys
n = json.load(sys.stdin)["network"]
print(n["netplan"]["files"][0], n["netplan"]["renderers"][0],
    n["links"][0]["name"], n["links"][0]["domains"][1])')"
setup >/dev/null
same "it is set up" 0 $?
setup --undo >/dev/null
same "and undone, netplan's files being what they were" "0 $before" \
    "$? $(fingerprint)"
echo 'ROUTE_DOMAINS=.' >>/run/systemd/netif/links/1
said=$(setup)
same "beside a link that wants all names it is refused" 2 $?
holds "which is said" "lo has the domain '~.'.*--owner plain" "$said"
rm -r /etc/netplan /run/systemd/netif
before=$(fingerprint)

# Another wish that cannot be had, after one that could.
setup >/dev/null || die "set up"
once=$(fingerprint)
said=$(setup --owner nobody)
same "an owner that is none changes nothing" "2 $once" "$? $(fingerprint)"
holds "and those that are one are told" "'nobody' is no owner .*: plain, .* are$" \
    "$said"
holds "netplan is none" "whoever carries netplan's network out is it" \
    "$(setup --owner netplan)"
: >systemctl.log
said=$(setup --owner plain --domain run.app)
same "a wish that cannot be had takes back the one that stood" \
    "1 $before" "$? $(fingerprint)"
holds "which is said" 'everything is as it was before setup' "$said"
same "and its service told" 'restart systemd-resolved.service' \
    "$(cat systemctl.log)"
setup --domain run.app --domain gcr.io. >/dev/null
same "chosen domains are" 'Domains=~run.app ~gcr.io' \
    "$(grep '^Domains=.' /etc/systemd/resolved.conf.d/zz-resolverd.conf)"
setup --undo >/dev/null
said=$(setup --domain 'run.app
DNS=10.0.0.1')
same "what is no domain is refused" 2 $?
printf 'nameserver 10.53.0.2\n' >/etc/real.conf
ln -sf real.conf /etc/resolv.conf
said=$(setup --domain run.app)
same "chosen domains need somebody who can choose" 2 $?
holds "which is said" 'only systemd-resolved, and NetworkManager' "$said"

# resolvconf, of which one of other packages' hooks fails.
mkdir -p sbin /run/resolvconf/interface
cat >sbin/resolvconf <<-'END'
#!/bin/sh
[ -e "$WORK/resolvconf.stuck" ] ||
    cat /run/resolvconf/interface/* >/run/resolvconf/resolv.conf
echo "run-parts: /etc/resolvconf/update.d/unbound exited with return code 1" >&2
exit 1
END
chmod +x sbin/resolvconf
with_resolvconf() {
	unshare --mount --propagation private sh -c \
	    "mount --bind '$WORK/sbin' /usr/sbin && exec \"\$@\"" sh \
	    "$RESOLVERCTL" setup --check "$name" "$@" 2>&1
}
printf 'nameserver 10.53.0.2\n' >/run/resolvconf/interface/network
cp /run/resolvconf/interface/network /run/resolvconf/resolv.conf
ln -sf /run/resolvconf/resolv.conf /etc/resolv.conf
before=$(fingerprint)
said=$(with_resolvconf)
same "where names resolve a hook that failed is no failure" 0 $?
holds "it is a warning" "'resolvconf -u' failed, as a hook.*update.d/unbound" \
    "$said"
same "and resolverd is asked" 127.0.0.1 \
    "$(sed -n '1s/nameserver //p' /etc/resolv.conf)"
said=$(with_resolvconf --undo)
same "nor does it keep undo from its end" "0 $before" "$? $(fingerprint)"
holds "which tells it, too" "'resolvconf -u' failed, as a hook" "$said"
: >resolvconf.stuck
said=$(with_resolvconf)
same "where it has done nothing all is taken back" "1 $before" \
    "$? $(fingerprint)"
holds "with both reasons" \
    "does not ask resolverd; 'resolvconf -u' failed, as a hook" "$said"
printf 'nameserver 10.53.0.2\n' >/etc/real.conf
ln -sf real.conf /etc/resolv.conf

# Docker.
mkdir -p /etc/docker
printf '{\n\t"log-driver": "journald",\n\t"dns" : [ "8.8.8.8" ] ,\n\t"x": {"dns": 1}}' \
    >/etc/docker/daemon.json
before=$(fingerprint)
said=$(setup --docker)
same "containers need a listener" 2 $?
holds "and it is said what resolverd.yaml must have" \
    "listen: \[127.0.0.1, \"::1\", 172.17.0.1\]" "$said"
ip link add docker0 type veth peer name container0 || die "cannot make a docker0"
ip link set docker0 up
ip address add 172.18.0.1/16 dev docker0
stop
start -l 127.0.0.1 -l 172.18.0.1 -u 10.53.0.2
said=$(setup --docker)
same "with it Docker is told" 0 $?
same "and every other octet of its file stays" \
    "$(printf '{\n\t"log-driver": "journald",\n\t"dns" : ["172.18.0.1"] ,\n\t"x": {"dns": 1}}')" \
    "$(cat /etc/docker/daemon.json)"
said=$(setup --undo)
same "and it is undone" "0 $before" "$? $(fingerprint)"
holds "but for the containers, which is said" \
    "ask resolverd until 'systemctl restart docker'" "$said"

# What is mounted can only be written over.
rm /etc/resolv.conf
printf 'nameserver 10.53.0.2\n' >mounted.conf
: >/etc/resolv.conf
mount --bind mounted.conf /etc/resolv.conf
said=$(setup --json)
same "a mounted file is set up" 0 $?
same "JSON says it" 'done plain' \
    "$(python3 -c 'import json,sys; d=json.load(sys.stdin)
print(d["result"], d["manager"])' <<<"$said")"
same "in its place" 127.0.0.1 "$(sed -n 's/nameserver //p' mounted.conf)"
setup --undo >/dev/null
same "and undone" 'nameserver 10.53.0.2' "$(cat mounted.conf)"
umount /etc/resolv.conf

# Others must not be able to have root write.
printf 'nameserver 10.53.0.2\n' >/etc/resolv.conf
before=$(fingerprint)
chmod 777 /var/lib/resolverd/setup
said=$(setup)
same "a state that others can write to is not believed" 2 $?
holds "which is said" 'must belong to root' "$said"
rm -r /var/lib/resolverd/setup
ln -s /tmp /var/lib/resolverd/setup
setup >/dev/null
same "nor is a link" "2 $before" "$? $(fingerprint)"
rm /var/lib/resolverd/setup
setup >/dev/null || die "set up"
sed -i 's/^changed .*resolv.conf/changed etc\/shadow/' \
    /var/lib/resolverd/setup/manifest
said=$(setup --undo)
same "a manifest that was tampered with is not believed" 2 $?
holds "which is said" 'manifest is damaged' "$said"
stop
