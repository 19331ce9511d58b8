#!/bin/bash
# The container image's file system: all there is within it suffices.
top=$(realpath "${BASH_SOURCE%/*}/../..")
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"

control=${RESOLVERD%/*}/resolverctl
(cd "$top" && conf/container/rootfs "$WORK/image" "$RESOLVERD" "$control") ||
    die "the file system cannot be made"
same "it has no shell" "" "$(find image -name sh -o -name bash)"
size=$(du -s --block-size=1M image | cut -f 1)
if ldd "$RESOLVERD" | grep -Eq 'lib[at]san'; then
	ok "sanitizers want /proc and more: it is not run"
	exit 0
fi
[ "$size" -le 16 ] || die "the image has $size MB"
ok "it has $size MB"

echo 'nameserver 10.53.0.2' >image/etc/resolv.conf
# As in a container: no privilege at all, but any port is free for everyone.
echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start
inside=(--groups= --userspec=65532:65532 image)
if [ "$(id -u)" -ne 0 ]; then
	inside=(image)
	chmod 777 image/run/resolverd
fi
start_upstream
chroot "${inside[@]}" /usr/sbin/resolverd -f -l 10.53.0.1 2>daemon.log &
daemon=$!
until_true "the daemon starts" daemon_spoke
same "it answers" "$restricted" \
    "$(dig +short @10.53.0.1 run.app | sorted)"
same "over TCP too" "$restricted" \
    "$(dig +short +tcp @10.53.0.1 run.app | sorted)"
same "it forwards" 203.0.113.5 \
    "$(dig +short @10.53.0.1 www.public.example)"
same "all that is loaded late is there too" \
    "ldns libevent libyaml OpenSSL" \
    "$(chroot "${inside[@]}" /usr/sbin/resolverd -V |
	grep -oE 'ldns|libevent|libyaml|OpenSSL' | paste -sd ' ')"
chroot "${inside[@]}" /usr/sbin/resolverctl cache >said 2>&1 ||
    die "resolverctl in there: $(cat said)"
ok "resolverctl reaches it, as the health check does"
stop
