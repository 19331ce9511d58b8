#!/bin/bash
# Without a configuration file: run.app restricted, the rest by resolv.conf.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
start_upstream
resolv_conf 'nameserver 127.0.0.1' 'nameserver 10.53.0.2'
start
same "a service resolves to the restricted VIP" "$restricted run.app." \
    "$(dig +short @127.0.0.1 hello-abc123-uc.a.run.app | sorted)"
same "the same over IPv6" "$restricted run.app." \
    "$(dig +short @::1 hello-abc123-uc.a.run.app | sorted)"
same "another name is forwarded to resolv.conf's other server" 203.0.113.5 \
    "$(dig +short @127.0.0.1 www.public.example)"
holds "it says what it does" \
    'listening on .*127\.0\.0\.1:53.*mode restricted.*10\.53\.0\.2' \
    "$(cat daemon.log)"
lacks "it does not forward to itself" 'forwarding to .*127\.0\.0\.1' \
    "$(cat daemon.log)"

# Who asks libc gets what dig gets, at once, without the public AAAA.  musl
# asks all name servers at the same time, so resolverd must be the only one.
resolv_conf 'nameserver 127.0.0.1'
for libc in glibc musl; do
	begin=$(date +%s%N)
	same "getaddrinfo of $libc sees the private path alone" "$restricted" \
	    "$("$BLACKBOX_TOOLS/lookup-$libc" leak.a.run.app | sort -u | sorted)"
	took=$((($(date +%s%N) - begin) / 1000000))
	[ "$took" -lt 1000 ] || die "$libc took $took ms"
	ok "$libc is answered at once"
	same "getaddrinfo of $libc sees public names whole" \
	    "2001:db8::5 203.0.113.5" \
	    "$("$BLACKBOX_TOOLS/lookup-$libc" www.public.example | sort -u | sorted)"
done
stop
