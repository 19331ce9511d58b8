#!/bin/bash
# A server that comes and goes, by silence and by a closed port, and messages
# of which nobody knows who sent them: nothing is lost, and nothing unproved
# is held against the server.
# shellcheck source=faulty.sh
. "${BASH_SOURCE%/*}/faulty.sh"
start_faulty 10.53.0.2
cat >resolverd.yaml <<END
listen: [127.0.0.1]
upstreams: [10.53.0.2]
END
start -c resolverd.yaml

volley -n 400 -r 70 -w 2000 -t 6000 127.0.0.1 plain.%.flap.test >flap.line &
flapping=$!
while kill -0 "$flapping" 2>/dev/null; do
	kill -USR1 "$faulty"
	sleep 0.4
	kill -USR2 "$faulty"
	sleep 0.4
done
line=$(cat flap.line)
echo "# $line"
same "silent half of the time: nothing wrong is said" 0 "$(of "$line" wrong)"
[ "$(of "$line" right)" -ge 396 ] || die "fewer than 396 of 400: $line"
ok "and 99 of 100 are answered"

# Closed and opened again: an ICMP error ends its transmission, no more.
volley -n 400 -r 70 -w 2000 -t 6000 127.0.0.1 plain.%.icmp.test >icmp.line &
closing=$!
while kill -0 "$closing" 2>/dev/null; do
	kill "$faulty"
	wait "$faulty" 2>/dev/null
	start_faulty 10.53.0.2
	sleep 0.4
done
line=$(cat icmp.line)
echo "# $line"
same "closed for a moment now and then: nothing wrong, nothing lost" "0 0" \
    "$(of "$line" wrong) $(of "$line" lost)"
[ "$(of "$line" right)" -ge 40 ] || die "fewer than 40 of 400: $line"
ok "an error of the network ends its own transmission, nothing else"
line=$(volley -n 50 -w 5 127.0.0.1 plain.%.open.test)
same "and once the port stays open all is answered" "50 0" \
    "$(of "$line" right) $(of "$line" wrong)"
stop

# A thousand forged messages to as many transmissions: TC, FORMERR, SERVFAIL
# and garbage with wrong ids.  The server stays as good as it was.
start -c resolverd.yaml
line=$(volley -n 300 -w 50 127.0.0.1 flood-4.%.forged.test)
same "under forged messages all is answered" "300 0" \
    "$(of "$line" right) $(of "$line" wrong)"
# A busy machine may be slower than the server's time at its best.
[ "$(counter upstream_silent)" -lt 30 ] ||
	die "$(counter upstream_silent) of 300 were held to be silence"
ok "the server is not held to be silent"
ask plain.1.after.test >/dev/null
holds "nor to be without EDNS" ' edns=1232' \
    "$(grep -i 'plain.1.after' 10.53.0.2.asked)"
stop
