#!/bin/bash
# Runs as root in the booted machine, with the package in /vm.  Each check has
# a number and a time limit; the first that fails ends it.
set -u
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
cd /vm || exit 2

number=0
config=/etc/resolverd/resolverd.yaml

ok() {
	number=$((number + 1))
	echo "ok $number $*"
}

die() {
	echo "not ok $((number + 1)) $*"
	exit 1
}

# does SECONDS WHAT COMMAND...: it ends well, in that time.
does() {
	local limit=$1 what=$2

	shift 2
	timeout "$limit" "$@" >said 2>&1 ||
	    die "$what (status $?): $* said: $(tail -20 said)"
	ok "$what"
}

# fails SECONDS WHAT COMMAND...: it ends badly, in that time.
fails() {
	local limit=$1 what=$2 status

	shift 2
	timeout "$limit" "$@" >said 2>&1
	status=$?
	case $status in
	0 | 124) die "$what: $* had status $status: $(tail -20 said)" ;;
	*) ok "$what" ;;
	esac
}

# same WHAT EXPECTED GOT
same() {
	[ "$2" = "$3" ] || die "$1
  expected: $2
  got:      $3"
	ok "$1"
}

# comes SECONDS WHAT COMMAND...: it ends well in the end; one of those below,
# or one that takes no time.
comes() {
	local until=$((SECONDS + $1)) what=$2

	shift 2
	until "$@" >said 2>&1; do
		[ "$SECONDS" -lt "$until" ] ||
		    die "$what: still not so: $(tail -5 said)"
		sleep 0.05
	done
	ok "$what"
}

# resolves NAME [SERVER]: its addresses, in order.
resolves() {
	dig +short +tries=2 +timeout=2 "@${2:-127.0.0.1}" "$1" |
	    grep -E '^[0-9.]+$' | sort | paste -sd ' '
}

answers() {
	[ "$(resolves "$@")" = "$expected" ]
}

# told PATTERN: the daemon's journal has such a line.
told() {
	journalctl --no-pager --unit=resolverd.service \
	    --unit=resolverd.socket | grep -Eq -- "$1"
}

# has COMMAND: this resolverctl knows it.
has() {
	resolverctl --help 2>&1 | grep -Eq "^ +$1( |\$)"
}

# status_text: what the daemon has told systemd of itself.
status_text() {
	systemctl show --property=StatusText --value resolverd.service
}

# has_status PATTERN
has_status() {
	status_text | grep -Eqx -- "$1"
}

main_pid() {
	systemctl show --property=MainPID --value resolverd.service
}

# set_config LINE...: the shipped file but for the mode, and these.
shipped=
set_config() {
	{
		grep -v '^mode:' <<<"$shipped"
		printf '%s\n' "$@"
	} >"$config"
}

fingerprint() {
	stat -c '%F %N %i %Y' "$1"
	cat "$1"
}

# by_libc NAME PREFIX: what programs get for it begins so.  A program of its
# own for 'does', whose time limit takes no function.
cat >/usr/local/bin/by_libc <<'END'
#!/bin/sh
found=$(getent ahostsv4 "$1")
echo "$found"
[ "${found#"$2"}" != "$found" ]
END
chmod 755 /usr/local/bin/by_libc

restricted='199.36.153.4 199.36.153.5 199.36.153.6 199.36.153.7'
private='199.36.153.10 199.36.153.11 199.36.153.8 199.36.153.9'

# The metadata server of a VM, and what is outside.
ip address add 169.254.169.254/32 dev lo
ip address add 10.0.0.5/32 dev lo
cat >/run/metadata.conf <<'END'
server:
  interface: 169.254.169.254
  access-control: 0.0.0.0/0 allow
  chroot: ""
  directory: "/run"
  username: ""
  pidfile: ""
  do-daemonize: no
  use-syslog: no
  module-config: "iterator"
  local-zone: "." redirect
  local-data: ". 60 A 203.0.113.5"
remote-control:
  control-enable: no
END
systemd-run --quiet --unit=metadata unbound -d -c /run/metadata.conf
expected=203.0.113.5
comes 20 "the metadata server answers" answers www.example.com 169.254.169.254

rm -f /etc/resolv.conf
echo 'nameserver 169.254.169.254' >/etc/resolv.conf
before=$(fingerprint /etc/resolv.conf)

# The package.
package=$(ls resolverd_*_*.deb)
does 60 "the package installs" dpkg --install "$package"
shipped=$(cat "$config")
does 5 "socket and service run" \
    systemctl is-active resolverd.socket resolverd.service
does 5 "and will after a boot" \
    systemctl is-enabled resolverd.socket resolverd.service
same "resolv.conf is as it was" "$before" "$(fingerprint /etc/resolv.conf)"
same "port 53 of loopback is all it listens on" '127.0.0.1:53 127.0.0.1:53' \
    "$(ss -Hlnut | awk '{ print $5 }' |
	grep -v '^169\.254\.169\.254:' | sort | paste -sd ' ')"
expected=$restricted
does 5 "it answers" bash -c "dig +short @127.0.0.1 run.app | grep -q 199.36"
same "names of Cloud Run are private" "$restricted" "$(resolves x.run.app)"
same "others come from the metadata server" 203.0.113.5 \
    "$(resolves www.example.com)"
same "it runs as resolverd" resolverd \
    "$(stat -c %U "/proc/$(main_pid)")"
same "without any capability" 0000000000000000 \
    "$(sed -n 's/^CapEff:[[:space:]]*//p' "/proc/$(main_pid)/status")"
listens='127.0.0.1:53 (udp, tcp)'
asks='forwarding to 169.254.169.254'
drifts='this machine asks 169.254.169.254'
same "its status says where it listens and whom it asks" \
    "$listens; mode restricted; $asks; $drifts" "$(status_text)"
does 5 "which systemctl status shows" bash -c \
    'systemctl status resolverd | grep -q "Status:.*127.0.0.1:53"'
same "the control socket is the group's" '660 resolverd resolverd' \
    "$(stat -c '%a %U %G' /run/resolverd/control)"
same "and so is its folder" '750 resolverd resolverd' \
    "$(stat -c '%a %U %G' /run/resolverd)"
useradd --groups resolverd member
useradd stranger
does 10 "a member of the group may use it" \
    setpriv --reuid=member --regid=member --init-groups resolverctl cache
fails 10 "nobody else may" \
    setpriv --reuid=stranger --regid=stranger --init-groups resolverctl cache
for folder in lib/resolverd/daemon cache/resolverd log/resolverd; do
	same "it has /var/$folder" resolverd "$(stat -c %U "/var/$folder")"
done
same "what setup keeps is root's" root "$(stat -c %U /var/lib/resolverd)"

# Reloads.
set_config 'mode: private'
does 20 "a reload succeeds" systemctl reload resolverd
same "and is in force when it returns" "$private" "$(resolves x.run.app)"
same "as its status says" "$listens; mode private; $asks; $drifts" \
    "$(status_text)"
set_config 'mode: privat'
fails 20 "a reload with a bad file fails" systemctl reload resolverd
comes 5 "and shows what is wrong" \
    told 'resolverctl.*resolverd\.yaml:[0-9]+:7: error: .*did you mean .private'
same "as its status says, too" \
    "$listens; mode private; $asks; the last reload failed; $drifts" \
    "$(status_text)"
does 5 "the service goes on" systemctl is-active resolverd.service
same "with what was in force" "$private" "$(resolves x.run.app)"

# Starts that cannot be: a person mends the file, and nothing else is needed.
ended() {
	systemctl show --value --property=ActiveState,Result,ExecMainStatus \
	    resolverd.service | sort | paste -sd ' '
}
refused() {
	dig +tries=1 +timeout=1 @127.0.0.1 x.run.app | grep -q refused
}
fails 30 "a restart with a bad file fails" systemctl restart resolverd
comes 5 "and the journal says why" \
    told 'resolverd\[.*resolverd\.yaml:[0-9]+:7: error: .*did you mean .private'
sleep 1
same "it is not tried again" '1 exit-code failed' "$(ended)"
comes 20 "who asks is refused, and not left waiting" refused
comes 20 "doctor says that nobody runs" bash -c \
    'resolverctl doctor --timeout 5s 2>&1 | grep -q "resolverd does not run"'
for _ in 1 2 3 4 5 6; do
	systemctl start resolverd >said 2>&1 && die "it starts with a bad file"
done
comes 20 "again" refused
set_config 'mode: restricted'
does 20 "with the file mended it starts, however often it has not" \
    systemctl start resolverd
does 5 "and its port is open again" systemctl is-active resolverd.socket
same "it answers" "$restricted" "$(resolves x.run.app)"
mv "$config" kept.yaml
fails 30 "a restart without a file fails" systemctl restart resolverd
same "and is not tried again either" '3 exit-code failed' "$(ended)"
mv kept.yaml "$config"
does 20 "with one it starts" systemctl restart resolverd

mkdir -p /run/systemd/system/resolverd.service.d
printf '[Service]\nExecStartPre=/bin/sleep 8\n' \
    >/run/systemd/system/resolverd.service.d/test.conf
systemctl daemon-reload
systemctl restart --no-block resolverd
comes 20 "doctor knows a port behind which nobody runs" bash -c \
    'resolverctl doctor --timeout 3s | grep -q "the service manager holds port 53"'
rm -r /run/systemd/system/resolverd.service.d
systemctl daemon-reload
expected=$restricted
comes 20 "and who asked waits until somebody does" answers x.run.app

# Ends.
comes 10 "it runs" systemctl is-active resolverd.service
old=$(main_pid)
kill -KILL "$old"
from=$(date +%s%N)
until [ "$(main_pid)" != 0 ] && [ "$(main_pid)" != "$old" ] &&
    systemctl --quiet is-active resolverd.service; do
	[ $(($(date +%s%N) - from)) -lt 10000000000 ] ||
	    die "killed, it does not come back"
done
took=$((($(date +%s%N) - from) / 1000000))
# A second; more only where others have the processors.
load=$(cut -d . -f 1 /proc/loadavg)
allowed=$((1000 + 1000 * load / $(nproc)))
[ "$took" -le "$allowed" ] || die "killed, it is back in $took ms"
ok "killed, it is back in $took ms (load $load)"
same "and answers" "$restricted" "$(resolves x.run.app)"
kill -TERM "$(main_pid)"
comes 10 "one that was sent away comes with the next question" \
    answers x.run.app

# While it restarts its questions wait: one try each, and none may fail.
asker() {
	local lost=0 asked=0

	until [ -e stop-asking ]; do
		dig +short +tries=1 +timeout=5 @127.0.0.1 x.run.app |
		    grep -q '^199\.36\.153\.' || lost=$((lost + 1))
		asked=$((asked + 1))
	done
	echo "$lost of $asked lost" >lost
}
rm -f stop-asking
asker &
does 30 "it restarts" systemctl restart resolverd
sleep 0.5
touch stop-asking
wait %asker 2>/dev/null || wait
grep -q '^0 of' lost || die "a restart loses questions: $(cat lost)"
ok "a restart loses no question ($(cat lost))"

mkdir -p /run/systemd/system/resolverd.service.d
cat >/run/systemd/system/resolverd.service.d/test.conf <<'END'
[Service]
WatchdogSec=2
TimeoutAbortSec=1
END
systemctl daemon-reload
does 30 "the watchdog is made impatient" systemctl restart resolverd
old=$(main_pid)
sleep 4
same "a daemon that works is left alone" "$old" "$(main_pid)"
kill -STOP "$old"
hung() {
	[ "$(main_pid)" != "$old" ] && answers x.run.app
}
comes 20 "one that hangs is ended and replaced" hung
comes 5 "the journal says why" told 'Watchdog timeout'
rm -r /run/systemd/system/resolverd.service.d
systemctl daemon-reload
systemctl restart resolverd

# What came after the package: each part when this resolverctl has it.
if has mode; then
	does 10 "a mode for a while is taken" \
	    resolverctl mode private --for 3s
	same "it holds" "$private" "$(resolves x.run.app)"
	does 5 "as the status says" grep -Eqx \
	    '.*; mode private; .*; ordered by root \(.*\) until 20.*Z; .*' \
	    <(status_text)
	expected=$restricted
	comes 10 "and ends by itself" answers x.run.app
	comes 5 "which the status says" has_status \
	    "[^;]*; mode restricted; $asks; $drifts"
	comes 5 "the journal tells who asked for it" told \
	    'mode: private for 3s, ordered by root'
	does 10 "status succeeds" resolverctl status
fi
if grep -q '\.key = "query_log"\|query_log' <(resolverd -t -v 2>&1); then
	set_config 'mode: restricted' 'query_log: {to: journal}'
	does 20 "the query log goes to the journal" \
	    systemctl reload-or-restart resolverd
	systemctl restart resolverd
	resolves logged.run.app >/dev/null
	comes 10 "and is there" told 'logged\.run\.app'
	fails 10 "what the daemon asks itself is not" bash -c \
	    'journalctl --unit=resolverd | grep -q "queryName.:.resolverd\."'
	set_config 'mode: restricted'
	systemctl restart resolverd
fi

# What a person sees of a file, whoever wrote it last.
look_of() {
	stat -c '%F %N %a %U' "$1"
	cat "$1"
}

if has setup; then
	looked=$(look_of /etc/resolv.conf)
	does 20 "setup can be tried" resolverctl setup --dry-run
	same "without a change" "$before" "$(fingerprint /etc/resolv.conf)"
	does 60 "setup succeeds" resolverctl setup
	does 5 "resolv.conf names resolverd" \
	    grep -x 'nameserver 127.0.0.1' /etc/resolv.conf
	does 10 "programs resolve by it" bash -c \
	    'getent ahostsv4 x.run.app | grep -q "^199\.36\.153\."'
	does 10 "and other names" bash -c \
	    'getent ahostsv4 www.example.com | grep -q "^203\.0\.113\.5"'
	does 30 "a restart changes nothing" systemctl restart resolverd
	expected=203.0.113.5
	comes 10 "the servers that were there are still known" \
	    answers www.example.com
	ours=$(cat /etc/resolv.conf)
	echo 'nameserver 169.254.169.254' >/etc/resolv.conf
	comes 20 "who takes resolv.conf away is told of" \
	    told 'resolv\.conf: programs of this machine ask 169\.254\.169\.254 '
	echo "$ours" >/etc/resolv.conf
	does 60 "setup is undone" resolverctl setup --undo
	same "and leaves what was there" "$looked" \
	    "$(look_of /etc/resolv.conf)"
	before=$(fingerprint /etc/resolv.conf)
fi

# By way of systemd-resolved, on a link that has a server of its own and with
# the drop-in of Compute Engine's images.
if has setup; then
	mkdir -p /etc/systemd/resolved.conf.d
	printf '[Resolve]\nDNS=169.254.169.254\n' \
	    >/etc/systemd/resolved.conf.d/gce-resolved.conf
	systemctl unmask systemd-resolved.service
	does 20 "systemd-resolved runs" systemctl start systemd-resolved.service
	ip link add net0 type veth peer name net1
	ip address add 10.0.7.2/24 dev net0
	ip link set net0 up
	ip link set net1 up
	does 10 "a link has a server of its own" \
	    resolvectl dns net0 169.254.169.254
	ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
	comes 10 "names resolve by systemd-resolved" by_libc \
	    www.example.com 203.0.113.
	does 60 "setup by way of systemd-resolved succeeds" \
	    resolverctl setup --check www.example.com
	same "resolv.conf stays a link" \
	    ../run/systemd/resolve/stub-resolv.conf \
	    "$(readlink /etc/resolv.conf)"
	does 10 "programs get what resolverd says" by_libc x.run.app 199.36.153.
	does 10 "and other names, too" by_libc www.example.com 203.0.113.
	comes 5 "the daemon knows by which way" \
	    told 'this machine ask this daemon, by way of 127\.0\.0\.53'
	does 20 "doctor finds it well" bash -c \
	    'resolverctl doctor --timeout 5s | grep -q "pass  systemd-resolved asks resolverd"'
	does 20 "setup for that again does nothing" bash -c \
	    'resolverctl setup | grep -q "set up so already"'
	does 60 "it is set up for a domain alone" \
	    resolverctl setup --domain run.app --check www.example.com
	does 10 "whose names are private" by_libc x.run.app 199.36.153.
	does 10 "others resolve" by_libc www.example.com 203.0.113.
	does 60 "that is undone" resolverctl setup --undo
	same "by which its drop-in goes" gce-resolved.conf \
	    "$(ls /etc/systemd/resolved.conf.d)"
	does 10 "and systemd-resolved asks as before" \
	    by_libc x.run.app 203.0.113.
	systemctl stop systemd-resolved.service
	ip link del net0
	rm -r /etc/resolv.conf /etc/systemd/resolved.conf.d
	echo 'nameserver 169.254.169.254' >/etc/resolv.conf
	# shellcheck source=/dev/null
	. ./owners.sh
	before=$(fingerprint /etc/resolv.conf)
fi

# Another server has the port.
systemctl stop resolverd.socket resolverd.service
sed 's/169\.254\.169\.254/127.0.0.1/' /run/metadata.conf >/run/other.conf
systemd-run --quiet --unit=other unbound -d -c /run/other.conf
expected=203.0.113.5
comes 20 "another server has the port" answers x.run.app
fails 30 "setup does not take it for resolverd" resolverctl setup
same "and says who it is" 1 "$(grep -c \
    'unbound (process .* of other.service) answers at 127.0.0.1:53' said)"
fails 30 "the service does not start then" systemctl start resolverd
comes 5 "the journal says that the port is taken" told \
    'in use by another process|Address already in use'
systemctl stop other
expected=$restricted
comes 20 "it comes by itself when the port is free" answers x.run.app
comes 10 "by its socket again" systemctl is-active resolverd.socket

# Another address beside, by the socket, as resolverd(8) says.
install -d /etc/systemd/system/resolverd.socket.d
printf '%s\n' '[Socket]' ListenDatagram=10.0.0.5:53 ListenStream=10.0.0.5:53 \
    >/etc/systemd/system/resolverd.socket.d/override.conf
set_config 'mode: restricted' 'allow: [127.0.0.0/8, 10.0.0.0/8]'
systemctl daemon-reload
does 20 "both can be stopped" systemctl stop resolverd.socket resolverd
does 20 "and started with a drop-in" systemctl start resolverd
same "which gives it another address" "$restricted" \
    "$(resolves x.run.app 10.0.0.5)"
same "beside its own" "$restricted" "$(resolves x.run.app)"
rm -r /etc/systemd/system/resolverd.socket.d
systemctl daemon-reload

# Another address, without the socket.
does 20 "the socket can be masked" systemctl mask --now resolverd.socket
install -D -m 0644 /usr/share/doc/resolverd/examples/resolverd-ports.conf \
    /etc/systemd/system/resolverd.service.d/ports.conf
set_config 'mode: restricted' 'listen: [127.0.0.1, 10.0.0.5]' \
    'allow: [10.0.0.0/8]'
systemctl daemon-reload
does 30 "with the drop-in it opens ports itself" systemctl restart resolverd
same "on another address" "$restricted" "$(resolves x.run.app 10.0.0.5)"
rm -r /etc/systemd/system/resolverd.service.d
set_config 'mode: restricted'
systemctl unmask resolverd.socket
systemctl daemon-reload
systemctl stop resolverd.service
does 30 "and back" systemctl start resolverd.socket resolverd.service

# An upgrade keeps the configuration, and loses no question.
set_config 'mode: private'
does 20 "a mode of its own" systemctl reload resolverd
kept=$(cat "$config")
rm -rf next
dpkg-deb --raw-extract "$package" next
sed -i 's/^Version: .*/&+next/' next/DEBIAN/control
dpkg-deb --build --root-owner-group next next.deb >/dev/null
old=$(main_pid)
rm -f stop-asking lost
asker &
does 60 "an upgrade succeeds" dpkg --install next.deb
sleep 0.5
touch stop-asking
wait
grep -q '^0 of' lost || die "an upgrade loses questions: $(cat lost)"
ok "an upgrade loses no question ($(cat lost))"
[ "$(main_pid)" != "$old" ] || die "the old daemon still runs"
ok "the new daemon runs"
same "the configuration is kept" "$kept" "$(cat "$config")"
same "and in force" "$private" "$(resolves x.run.app)"

# The end.
same "resolv.conf is still as it was" "$before" \
    "$(fingerprint /etc/resolv.conf)"
if has setup; then
	looked=$(look_of /etc/resolv.conf)
	does 60 "it is set up once more" resolverctl setup
fi
does 60 "the package can be removed" dpkg --remove resolverd
[ -z "${looked:-}" ] ||
    same "which undoes that" "$looked" "$(look_of /etc/resolv.conf)"
fails 5 "the service is gone" systemctl is-active resolverd.service
fails 5 "and the socket" systemctl is-active resolverd.socket
same "nobody has the port" '' "$(ss -Hlnut 'sport = 53' |
    awk '{ print $5 }' | grep -v '^169')"
same "the configuration stays" "$kept" "$(cat "$config")"
does 60 "the package can be purged" dpkg --purge resolverd
same "nothing is left" '' "$(find /etc /lib/systemd /usr /var /run \
    -xdev -name '*resolverd*' -not -path '/var/log/journal/*' \
    -not -path '/run/log/*' 2>/dev/null)"
does 5 "no unit of it has failed" bash -c \
    '! systemctl --failed --no-legend | grep -q resolverd'
does 60 "it can be installed again" dpkg --install "$package"
same "and answers" "$restricted" "$(resolves x.run.app)"
if has setup; then
	does 60 "what was set up and undone" bash -c \
	    'resolverctl setup && resolverctl setup --undo'
	does 60 "is nothing to undo at a removal" dpkg --remove resolverd
	same "nor to warn of" '' "$(grep resolv.conf said)"
fi

echo "vm: $number checks"
