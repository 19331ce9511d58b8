#!/bin/bash
# Port 53 without any capability: sockets that somebody else has opened.
tests=$(realpath "${BASH_SOURCE%/*}")
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"

real=$RESOLVERD
resolv_conf 'nameserver 10.53.0.2'
user=()
[ "$(id -u)" -ne 0 ] || user=(--reuid=65534 --regid=65534 --clear-groups)

# hand_over SOCKET...: what RESOLVERD starts from now on gets these.
hand_over() {
	cat >handed <<-END
	#!/bin/sh
	exec "$tests/hand_over.py" $* -- setpriv ${user[*]} \
	    --inh-caps=-all --ambient-caps=-all --bounding-set=-all \
	    sh -c 'LISTEN_PID=\$\$ exec "\$0" "\$@"' "$real" "\$@"
	END
	chmod 755 handed
	RESOLVERD=$PWD/handed
}

# fails_with PATTERN WHAT ARG...: it does not start, with exit code 2.
fails_with() {
	local pattern=$1 what=$2 said status

	shift 2
	said=$("$RESOLVERD" -f "$@" 2>&1)
	status=$?
	same "$what: exit status" 2 "$status"
	holds "$what: is told" "$pattern" "$said"
}

hand_over
fails_with 'needs root or CAP_NET_BIND_SERVICE' "no socket and no capability" \
    -l 127.0.0.1

hand_over udp:127.0.0.1:53 tcp:127.0.0.1:53
start
holds "it listens where the sockets are, and nowhere else" \
    'listening on 127\.0\.0\.1:53 \(udp, tcp\);' "$(cat daemon.log)"
same "it has no capability" "0000000000000000" \
    "$(sed -n 's/^CapEff:[[:space:]]*//p' "/proc/$daemon/status")"
same "it answers over UDP" "$restricted" \
    "$(dig +short @127.0.0.1 run.app | sorted)"
same "and over TCP" "$restricted" \
    "$(dig +short +tcp @127.0.0.1 run.app | sorted)"
echo 'hello.a.run.app A' >queries
holds "every worker answers what it takes" 'Queries completed: *2000 \(100' \
    "$(dnsperf -s 127.0.0.1 -d queries -n 2000 -c 20 2>&1)"
reload
same "a reload keeps them" "$restricted" \
    "$(dig +short @127.0.0.1 run.app | sorted)"
stop

hand_over udp:127.0.0.1:53 tcp:127.0.0.1:53 udp:10.53.0.1:5353 \
    tcp:10.53.0.1:5353 udp:10.53.0.1:5354
start -l 10.53.0.1:5353
holds "a socket that is not configured is warned of" \
    'warning: .*127\.0\.0\.1:53 \(udp\) is not one of the addresses' \
    "$(cat daemon.log)"
same "addresses that are configured hold" "$restricted" \
    "$(dig +short -p 5353 @10.53.0.1 run.app | sorted)"
stop

hand_over udp:127.0.0.1:53
fails_with '127\.0\.0\.1:53 \(tcp\): a port below 1024 needs root' \
    "UDP alone at a privileged port"
hand_over udp:127.0.0.1:53 tcp:127.0.0.1:53 udp:127.0.0.1:53
fails_with 'descriptor 5 is for an address and protocol that another is for' \
    "the same twice"
hand_over /dev/null
fails_with 'descriptor 3 is no socket' "a file"

# Who may not have a port learns that somebody else has it all the same.
hand_over
"$tests/hand_over.py" udp:127.0.0.1:53 -- sleep 60 &
until_true "the port is taken" sh -c "ss -Huln 'sport = 53' | grep -q ."
fails_with '127\.0\.0\.1:53 \(udp\) is in use by another process' \
    "a taken port without a capability" -l 127.0.0.1
