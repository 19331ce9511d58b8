# shellcheck shell=bash
# Sourced by checks.sh: setup by way of those who own resolv.conf, the real
# ones of Debian, each of which writes it again in the middle and may not win.

# A network whose server does DHCP and DNS, in a machine of its own.
open_network() {
	cat >/run/outside.sh <<'END'
until ip link set net1 up; do sleep 0.05; done
ip address add 10.0.7.1/24 dev net1
exec dnsmasq --keep-in-foreground --conf-file=/dev/null --interface=net1 \
    --bind-interfaces --no-resolv --no-hosts --address=/#/203.0.113.5 \
    --no-ping --dhcp-authoritative --leasefile-ro --dhcp-option=3 \
    --dhcp-range=10.0.7.50,10.0.7.60,1h --domain=corp.example
END
	ip link add net0 type veth peer name net1
	systemd-run --quiet --unit=outside --property=PrivateNetwork=yes \
	    sh /run/outside.sh
	ip link set net1 netns \
	    "$(systemctl show --property=MainPID --value outside)"
	ip link set net0 up
}

# all_of_etc: what undo is to bring back.
all_of_etc() {
	(
		cd /etc || exit
		find . -xdev ! -type d -printf '%p %m %U %G %l\n' | sort
		find . -xdev -type f -print0 | sort -z | xargs -0 sha256sum
	)
}

# asks_resolverd WHEN: as every program does, by libc or by itself.
asks_resolverd() {
	does 10 "$1 programs ask resolverd" by_libc x.run.app 199.36.153.
	does 10 "$1 dig does" bash -c 'dig +short x.run.app | grep -q ^199'
	does 10 "$1 other names resolve" by_libc www.example.com 203.0.113.
}

# owner_said: by whose way setup went, as it says.
owner_said() {
	sed -n 's/.* is set up by way of //p' said
}

# lives_with OWNER COMMAND...: that is set up, the command, which has the owner
# write resolv.conf again, changes nothing, and undo leaves what was there.
lives_with() {
	local owner=$1 was

	shift
	comes 10 "names resolve by way of $owner" by_libc x.run.app 203.0.113.
	was=$(all_of_etc)
	does 60 "setup by way of $owner succeeds" \
	    resolverctl setup --check www.example.com
	same "it is the owner" "$owner" "$(owner_said)"
	asks_resolverd "after setup by way of $owner"
	"$@" >said 2>&1 || die "$owner does not write again: $(tail -5 said)"
	asks_resolverd "after $owner wrote again"
	does 20 "the servers that were there are still known after a restart" \
	    systemctl restart resolverd
	does 10 "so that other names resolve" by_libc www.example.com 203.0.113.
	does 20 "setup for that again does nothing" bash -c \
	    'resolverctl setup | grep -q "set up so already"'
	does 60 "setup by way of $owner is undone" resolverctl setup --undo
	same "which leaves every octet of /etc as it was" "$was" \
	    "$(all_of_etc)"
	comes 10 "and programs ask as before" by_libc x.run.app 203.0.113.
}

leave() {
	rm -f /etc/resolv.conf
	echo 'nameserver 169.254.169.254' >/etc/resolv.conf
}

# netplan, which has systemd-networkd ask by DHCP and systemd-resolved use what
# comes, the search domain as well.
describe_network() {
	cat >/etc/netplan/90-default.yaml <<END
network:
  version: 2
  ethernets:
    net0:
      dhcp4: true
      dhcp4-overrides: {use-domains: true}
      nameservers: {search: [$*]}
END
	chmod 600 /etc/netplan/90-default.yaml
}

says_of_netplan() {
	resolverctl setup --dry-run >plan &&
	    grep -q "^the network is netplan's (/etc/netplan/90-default.yaml) by way of systemd-networkd" plan &&
	    grep -q '^note: names below corp.example go past resolverd to the servers of net0' plan
}

lives_with_netplan() {
	# "netplan apply" triggers events of links, whose files a container
	# has read-only.
	mkdir /run/sysfs
	mount -t sysfs sysfs /run/sysfs
	mount -o remount,rw /run/sysfs
	mount --bind /run/sysfs/devices/virtual/net /sys/devices/virtual/net
	systemctl start systemd-resolved.service
	ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
	describe_network
	does 30 "netplan has a network" netplan apply
	comes 10 "the domain of DHCP comes" grep -q corp.example \
	    /etc/resolv.conf
	comes 5 "netplan is named, and whose names go past us" says_of_netplan
	lives_with systemd-resolved netplan apply
	describe_network '"~."'
	does 30 "a link can want all names" netplan apply
	comes 10 "which it does" grep -q '^ROUTE_DOMAINS=\.' -r \
	    /run/systemd/netif/links
	fails 30 "beside it resolverd is not" resolverctl setup
	same "which is said" 1 "$(grep -c "net0 has the domain '~\.'" said)"
	rm /etc/netplan/90-default.yaml
	netplan generate
	systemctl stop systemd-networkd.socket systemd-networkd.service \
	    systemd-resolved.service
	umount /sys/devices/virtual/net /run/sysfs
	rmdir /run/sysfs
	ip address flush dev net0
}

open_network
lives_with_netplan
# Its package brings a resolvconf of its own, which the others would use.
dpkg --purge systemd-resolved >/dev/null 2>&1
leave

# NetworkManager, which asks by DHCP.
systemctl unmask NetworkManager.service
does 30 "NetworkManager runs" systemctl start NetworkManager.service
does 30 "it has a network" nmcli --wait 20 connection add type ethernet \
    ifname net0 con-name net0 autoconnect no
does 30 "it is up" nmcli --wait 20 connection up net0
lives_with networkmanager nmcli --wait 20 connection up net0

# Its dnsmasq is asked at 127.0.0.1, so that resolverd has to be elsewhere.
mkdir -p /run/systemd/system/resolverd.socket.d
printf '%s\n' '[Socket]' ListenDatagram= ListenDatagram=127.0.0.2:53 \
    ListenStream=127.0.0.2:53 >/run/systemd/system/resolverd.socket.d/at.conf
systemctl daemon-reload
systemctl stop resolverd.socket resolverd.service
does 30 "resolverd can have another address" systemctl start resolverd
printf '[main]\ndns=dnsmasq\n' >/etc/NetworkManager/conf.d/dns.conf
does 30 "NetworkManager may have a dnsmasq" \
    systemctl restart NetworkManager.service
does 30 "and a network again" nmcli --wait 20 connection up net0
comes 10 "which programs ask" grep -qx 'nameserver 127.0.0.1' /etc/resolv.conf
comes 10 "and which answers" by_libc www.example.com 203.0.113.
was=$(all_of_etc)
fails 30 "where dnsmasq is asked resolverd is not" \
    resolverctl setup --domain run.app
does 60 "a domain alone comes from resolverd" resolverctl setup \
    --domain run.app --address 127.0.0.2 --check www.example.com
same "by way of NetworkManager" networkmanager "$(owner_said)"
comes 10 "names of it do" by_libc x.run.app 199.36.153.
does 10 "others do not" by_libc www.example.com 203.0.113.
does 60 "that is undone" resolverctl setup --undo
same "which leaves every octet of /etc as it was, too" "$was" "$(all_of_etc)"
comes 10 "and programs ask as before it" by_libc x.run.app 203.0.113.
systemctl stop NetworkManager.service
kill "$(cat /run/NetworkManager/dnsmasq.pid)"
rm /etc/NetworkManager/conf.d/dns.conf
rm -r /run/systemd/system/resolverd.socket.d
systemctl daemon-reload
systemctl stop resolverd.socket resolverd.service
does 30 "resolverd has its own address again" systemctl start resolverd
ip address flush dev net0
leave

# dhclient, whose script writes the file at each lease.
lease() {
	local files=(-pf /run/dhclient.net0.pid
	    -lf /var/lib/dhcp/dhclient.net0.leases)

	[ ! -e /run/dhclient.net0.pid ] || dhclient -x "${files[@]}" net0
	dhclient -1 "${files[@]}" net0
}
lease || die "dhclient gets no lease"
lives_with dhclient lease

# One that runs since before setup has its old configuration, and its script
# is told the network's own server when it renews the lease.
renew() {
	local address

	address=$(ip -4 -o address show net0 | sed 's/.*inet \([^/]*\).*/\1/')
	env reason=RENEW interface=net0 old_ip_address="$address" \
	    new_ip_address="$address" new_subnet_mask=255.255.255.0 \
	    new_domain_name_servers=10.0.7.1 /sbin/dhclient-script
}
lives_with dhclient renew

# resolvconf, which dhclient's hook tells.
for manager in resolvconf openresolv; do
	# A hook for an unbound that is the machine's; here it is outside.
	rm -f /etc/resolvconf/update.d/unbound
	dpkg --install /opt/later/"$manager"_*.deb >said 2>&1 ||
	    die "$manager does not install: $(tail -5 said)"
	lease || die "dhclient gets no lease"
	lives_with "$manager" lease
	dpkg --purge "$manager" >/dev/null 2>&1
	leave
done
dhclient -x -pf /run/dhclient.net0.pid net0
systemctl stop outside
rm -rf /etc/resolvconf /var/lib/dhcp/dhclient.net0.leases
