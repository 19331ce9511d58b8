#!/bin/bash
# Inside addresses in answers from outside: logged or left out.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
cat >records <<'END'
router.public.example. A 192.168.1.1
od\010d.public.example. A 10.0.0.1
metadata.public.example. A 169.254.169.254
home.public.example. A 192.168.1.2
END
start_upstream records
for how in log block; do
	cat >"$how.yaml" <<-END
	listen: [127.0.0.1]
	upstreams: [10.53.0.2]
	workers: 1
	rebind_protection: $how
	rebind_allow: [home.public.example]
	END
done

start -c log.yaml
same "log: the address is passed on" 192.168.1.1 \
    "$(dig +short @127.0.0.1 router.public.example)"
holds "and the log says so" \
    'rebinding: router\.public\.example\. A for 127\.0\.0\.1: .* passed on$' \
    "$(cat daemon.log)"
begun=$SECONDS
for _ in $(seq 20); do
	dig +short @127.0.0.1 router.public.example
	dig +short +tcp @127.0.0.1 router.public.example
done >/dev/null
lines=$(grep -c 'rebinding:' daemon.log)
if [ "$lines" -gt $((SECONDS - begun + 2)) ]; then
	die "$lines lines in $((SECONDS - begun)) s"
fi
ok "once a second at most"
sleep 1.1
same "a name with a line feed" 10.0.0.1 \
    "$(dig +short @127.0.0.1 'od\010d.public.example')"
holds "is escaped" 'rebinding: od\\010d\.public\.example\. A for ' \
    "$(cat daemon.log)"
same "those left out are counted" 42 "$(awk '/rebinding:/ {
	n++
	if (sub(/ more$/, ""))
		n += $NF
} END { print n }' daemon.log)"
stop

start -c block.yaml
answer=$(dig @127.0.0.1 router.public.example)
holds "block: NOERROR" 'status: NOERROR' "$answer"
holds "without the address" 'ANSWER: 0' "$answer"
holds "and why" 'EDE: 17 \(Filtered\): .*rebind_protection' "$answer"
same "the metadata server's address is one" "" \
    "$(dig +short @127.0.0.1 metadata.public.example)"
same "a name that is allowed keeps its own" 192.168.1.2 \
    "$(dig +short @127.0.0.1 home.public.example)"
same "outside addresses are passed on" 203.0.113.5 \
    "$(dig +short @127.0.0.1 www.public.example)"
holds "the log knows" 'rebinding: .* left out' "$(cat daemon.log)"
stop
