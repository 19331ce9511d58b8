#!/bin/bash
# resolverctl setup and its undo are killed at every step that changes a file
# system; undo brings back what there was, whatever was done by then.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
RESOLVERCTL=${RESOLVERD%/*}/resolverctl
[ "$(id -u)" -eq 0 ] || {
	echo "ok setup is root's: left out"
	exit 0
}

# An image of a machine whose dhclient writes resolv.conf, with Docker.
mkdir -p image/etc/dhcp/dhclient-enter-hooks.d image/etc/docker image/var/lib/dhcp image/run
printf 'nameserver 10.0.0.2\nsearch corp.example\n' >image/etc/real.conf
ln -s real.conf image/etc/resolv.conf
printf 'request subnet-mask;' >image/etc/dhcp/dhclient.conf
chmod 604 image/etc/dhcp/dhclient.conf
chown 11:12 image/etc/dhcp/dhclient.conf
: >image/var/lib/dhcp/dhclient.eth0.leases
printf '{"debug": true}' >image/etc/docker/daemon.json

# fingerprint: the image without what setup keeps.
fingerprint() {
	(
		cd image || exit
		find . -path ./var/lib/resolverd -prune -o \
		    -printf '%p %y %m %U %G %l\n' | sort
		find . -path ./var/lib/resolverd -prune -o -type f -print0 |
		    sort -z | xargs -0 sha256sum
	)
}

setup() {
	"$RESOLVERCTL" setup --root image "$@" >said 2>&1
}

# killed CALL N ARG...: setup, killed as its Nth such call ends.
killed() {
	local call=$1 n=$2

	shift 2
	# The shell would tell of each death.
	{
		strace -qq -o /dev/null -e trace="$call" \
		    -e inject="$call:signal=SIGKILL:when=$n" \
		    "$RESOLVERCTL" setup --root image "$@" >said 2>&1
	} 2>/dev/null
	[ $? -eq 137 ]
}

fresh=$(fingerprint)
image=$(mktemp -d "$WORK/fresh.XXXXXX")
cp -a image/. "$image"
setup --docker || die "set up: $(cat said)"
done=$(fingerprint)
[ "$fresh" != "$done" ] || die "setup did nothing"
setup --undo || die "undo: $(cat said)"
same "an image is set up, and as before when that is undone" "$fresh" \
    "$(fingerprint)"

steps=0
for call in mkdirat fchown fsync renameat; do
	for n in $(seq 60); do
		killed "$call" "$n" --docker || break
		steps=$((steps + 1))
		setup --undo || grep -q 'was not set up' said ||
		    die "undo after $call $n: $(cat said)"
		[ "$fresh" = "$(fingerprint)" ] ||
		    die "after $call $n and undo:
$(diff <(echo "$fresh") <(fingerprint))"
		[ $((n % 4)) -gt 0 ] || {
			killed "$call" "$n" --docker
			setup --docker || die "setup after $call $n: $(cat said)"
			[ "$done" = "$(fingerprint)" ] ||
			    die "after $call $n and another setup:
$(diff <(echo "$done") <(fingerprint))"
			setup --undo || die "undo: $(cat said)"
		}
	done
	[ "$n" -gt 1 ] || die "$call was never called"
	setup --undo
	rm -rf image/var/lib/resolverd
done
[ "$steps" -ge 25 ] || die "only $steps places to be killed at"
ok "killed at any of $steps steps, undo brings all back, and setup goes on"

steps=0
for call in fchown fsync renameat unlinkat; do
	for n in $(seq 60); do
		setup --docker || die "setup: $(cat said)"
		if ! killed "$call" "$n" --undo; then
			break
		fi
		steps=$((steps + 1))
		setup --undo || grep -q 'was not set up' said ||
		    die "undo after undo until $call $n: $(cat said)"
		[ "$fresh" = "$(fingerprint)" ] ||
		    die "after an undo until $call $n and another:
$(diff <(echo "$fresh") <(fingerprint))"
	done
done
[ "$steps" -ge 20 ] || die "only $steps places to be killed at"
ok "an undo killed at any of $steps steps is ended by another"
