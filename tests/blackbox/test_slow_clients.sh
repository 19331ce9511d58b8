#!/bin/bash
# Four hundred TCP clients that say next to nothing, or ask and do not read,
# keep nobody else from being served.
slow_clients=$(realpath "${BASH_SOURCE%/*}/slow_clients.py")
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
cat >resolverd.yaml <<END
listen: [127.0.0.1]
upstreams: [10.53.0.2]
END
start -c resolverd.yaml
of() {
	tr ' ' '\n' <<<"$line" | sed -n "s/^$1=//p"
}
# What the machine makes of it when nobody is slow.
line=$(python3 "$slow_clients" 127.0.0.1 4 0)
echo "# $line"
tcp_limit=$((1000 + 4 * $(of tcp_p99_ms)))
udp_limit=$((50 + 4 * $(of udp_p99_ms)))
before=$(awk '/^VmRSS/ { print $2 }' "/proc/$daemon/status")
line=$(python3 "$slow_clients" 127.0.0.1 10 400)
after=$(awk '/^VmRSS/ { print $2 }' "/proc/$daemon/status")
echo "# $line rss_kib=$before..$after"
[ "$(of tcp_all)" -ge 100 ] || die "fewer than 100 new TCP clients"
[ "$(($(of tcp_lost) * 100))" -le "$(of tcp_all)" ] ||
	die "more than 1 of 100 new TCP clients lost"
ok "99 of 100 new TCP clients are answered"
[ "$(of tcp_p99_ms)" -le "$tcp_limit" ] || die "TCP takes too long"
ok "within a second"
[ "$(($(of udp_lost) * 500))" -le "$(of udp_all)" ] ||
	die "more than 2 of 1,000 UDP queries lost"
ok "998 of 1,000 UDP queries are answered"
[ "$(of udp_p99_ms)" -le "$udp_limit" ] || die "UDP takes too long"
ok "within 50 ms"
[ "$(of lives)" -ge 800 ] || die "slow clients are not hung up on"
ok "the slow ones are hung up on"
[ $((after - before)) -le 65536 ] || die "memory grew by 64 MiB"
ok "and memory stays bounded"
same "the last answer is right" "$restricted" \
    "$(dig +short +tcp +time=2 +tries=1 @127.0.0.1 run.app | sorted)"
stop
