#!/bin/bash
# resolverctl and the daemon's control socket, with users and a /run of the
# test's own.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
resolverctl=${RESOLVERD%d}ctl
mount -t tmpfs -o mode=755 tmpfs /run || die "cannot mount a /run"
cp -a /etc etc 2>/dev/null
echo 'resolverd:x:989:' >>etc/group
echo 'resolverd:x:989:989::/nonexistent:/usr/sbin/nologin' >>etc/passwd
mount --bind etc /etc || die "cannot mount an /etc"
socket=/run/resolverd/control
[ "$(id -u)" -eq 0 ] || socket=$WORK/control

# control ARG...: as resolverctl, what it says and its exit status.
control() {
	local output

	output=$("$resolverctl" -s "$socket" "$@" 2>&1)
	echo "$output
exit $?"
}

# as GROUPS ARG...: the same for another user.
as() {
	local groups=$1 output

	shift
	output=$(setpriv --reuid=4711 --regid=4711 "$groups" \
	    "$resolverctl" "$@" 2>&1)
	echo "$output
exit $?"
}

# say TEXT: a request as it is; prints the answer without spaces.
say() {
	printf '%s\n' "$1" | nc -w 8 -U "$socket" | tr -d ' \n'
}

counter() {
	"$resolverctl" -s "$socket" cache --json |
	    sed -n "s/.*\"$1\": \([0-9]*\).*/\1/p"
}

start_upstream
cat >resolverd.yaml <<END
listen: [127.0.0.1]
upstreams: [10.53.0.2]
$([ "$(id -u)" -eq 0 ] || echo "control_socket: $socket")
END
start -c resolverd.yaml

if [ "$(id -u)" -eq 0 ]; then
	same "the socket is the group's and nobody else's" \
	    '660 resolverd resolverd' "$(stat -c '%a %U %G' "$socket")"
	same "so is its folder" '750 resolverd resolverd' \
	    "$(stat -c '%a %U %G' /run/resolverd)"
	holds "a stranger is told what to do" \
	    '/run/resolverd/control is not for you: become root, or a member of group resolverd' \
	    "$(as --clear-groups cache)"
	holds "with exit status 2" '^exit 2$' "$(as --clear-groups cache)"
	holds "a member of the group is served" '^exit 0$' \
	    "$(as --groups=989 cache)"
	chmod 666 "$socket"
	chmod 755 /run/resolverd
	holds "a stranger who gets through is refused" \
	    'that is for root, the daemon.s user and the members of group resolverd' \
	    "$(as --clear-groups cache)"
	chmod 660 "$socket"
	chmod 750 /run/resolverd
	mkdir -m 700 own
	chown 4711:4711 own
	setpriv --reuid=4711 --regid=4711 --clear-groups \
	    env XDG_RUNTIME_DIR="$WORK/own" \
	    "$RESOLVERD" -f -l 127.0.0.5:5300 -u 10.53.0.2 2>own.log &
	own=$!
	until_true "it starts" grep -q 'listening on' own.log
	lacks "who may not use the usual place hears nothing of it" 'control' \
	    "$(cat own.log)"
	same "but has a place of his own" '600 4711' \
	    "$(stat -c '%a %u' own/resolverd/control)"
	holds "where resolverctl finds it" '^exit 0$' \
	    "$(XDG_RUNTIME_DIR=$WORK/own as --clear-groups cache)"
	kill "$own"
	wait "$own"
else
	ok "users and groups are left out: that needs root"
fi

# The cache.
for name in www alias big; do
	dig +short @127.0.0.1 "$name.public.example" TXT >/dev/null
	dig +short @127.0.0.1 "$name.public.example" >/dev/null
done
before=$(counter entries)
[ "$before" -gt 3 ] || die "the cache has but $before entries"
ok "the cache is counted"
holds "a name is flushed" '^[1-9][0-9]* entr(y|ies) dropped$' \
    "$(control flush big.public.example)"
holds "once" '^0 entries dropped$' "$(control flush big.public.example)"
[ "$(counter entries)" -lt "$before" ] || die "nothing is gone"
ok "what was flushed is gone"
holds "negative answers are flushed" '^[1-9][0-9]* entr(y|ies) dropped$' \
    "$(control flush --negative)"
holds "a tree is flushed" '^[1-9][0-9]* entr(y|ies) dropped$' \
    "$(control flush --tree public.example)"
same "with all that is below it" 0 "$(counter entries)"
dig +short @127.0.0.1 www.public.example >/dev/null
holds "everything is flushed" '^1 entry dropped$' "$(control flush)"
holds "the log tells who did it" \
    "control: flush, name public\.example, tree; asked for by $(id -un) \(uid $(id -u), pid [0-9]+\)" \
    "$(cat daemon.log)"
holds "a name must be one" 'resolverctl flush: the name is empty or has an empty label' \
    "$(control flush a..b)"
holds "JSON is printed when it is asked for" '"flushed": 0' \
    "$(control flush --json www.public.example)"

# The servers.
holds "servers are told with their state" \
    '^10\.53\.0\.2 +up +[0-9.]+ ms +100 % +upstream server$' \
    "$(control upstreams)"
holds "also as JSON" '"state": "up",$' "$(control upstreams --json)"

# The configuration.
holds "a good configuration is loaded" \
    '^the configuration was read and is served$' "$(control reload)"
cp resolverd.yaml good.yaml
echo 'lisen: [127.0.0.1]' >>resolverd.yaml
answer=$(control reload)
holds "a bad one is told with its place" \
    'resolverd\.yaml:[0-9]+:1: error: unknown key "lisen"' "$answer"
holds "and fails" '^exit 1$' "$answer"
holds "JSON says the same" '"loaded": false' "$(control reload --json)"
same "the daemon goes on" "$restricted" \
    "$(dig +short @127.0.0.1 run.app | sorted)"
mv good.yaml resolverd.yaml

# Whoever talks in another way.
holds "a command that is none" \
    '"ok":false,"error":"thereisnocommand.flus.\(didyoumean.flush.\?\)"' \
    "$(say '{"command": "flus"}')"
holds "what is no JSON" '"error":"therequestisnotaJSONobject"' \
    "$(say 'flush everything')"
holds "what is no text at all" '"error":"therequestisnotaJSONobject"' \
    "$(head -c 1000 /dev/urandom | tr -d '\n' |
	{ cat; echo; } | nc -w 8 -U "$socket" | tr -d ' \n')"
holds "what is too long" '"error":"therequestislongerthan4096octets"' \
    "$(head -c 4096 /dev/zero | tr '\0' ' ' | nc -w 8 -U "$socket" |
	tr -d ' \n')"
begin=$(date +%s%N)
timeout 20 nc -d -U "$socket"
took=$((($(date +%s%N) - begin) / 1000000))
if [ "$took" -lt 4500 ] || [ "$took" -gt 19000 ]; then
	die "who says nothing has $took ms"
fi
ok "who says nothing has five seconds"
for _ in 1 2 3 4 5 6 7 8; do
	nc -d -U "$socket" &
done
until_true "eight are connected" sh -c \
    "[ \$(ss -xH | grep -c '$socket') -ge 8 ]"
holds "a ninth is told" '8 others are connected already' "$(control cache)"
same "clients are answered all the same" "$restricted" \
    "$(dig +short +time=1 +tries=1 @127.0.0.1 run.app | sorted)"
until_true "there is room again" "$resolverctl" -s "$socket" cache
ok "they too have five seconds"

# Where the socket is may be in the file of the machine, which may be anything.
if [ "$(id -u)" -eq 0 ]; then
	mkdir -p /etc/resolverd
	for content in 'mode: [x' '' '- a' 'control_socket: [x]' "$(printf '\377')"; do
		printf '%s\n' "$content" >/etc/resolverd/resolverd.yaml
		holds "the daemon is found beside a file that says '$content'" \
		    '^exit 0$' "$("$resolverctl" cache 2>&1; echo "exit $?")"
	done
	rm -r /etc/resolverd
fi

# A daemon of another version says less, or something else.
for answer in '{"ok": true}' '{}' '[]' '1' \
    '{"ok": true, "mode": 1, "reload": [], "counters": 1, "zones": {}}'; do
	for command in status mode reload stats zones upstreams cache flush \
	    log-level 'explain a.example'; do
		rm -f other
		timeout 10 nc -N -lU other <<<"$answer" >/dev/null &
		listener=$!
		until_true "another daemon listens" test -S other
		# shellcheck disable=SC2086 # a command and its argument
		"$resolverctl" -s other $command >said 2>&1
		status=$?
		kill "$listener" 2>/dev/null
		wait "$listener" 2>/dev/null
		[ "$status" -le 2 ] ||
		    die "$command ends with status $status at $answer: $(cat said)"
	done
done
ok "no answer of another daemon ends a command"

# Another daemon in the same place.
"$RESOLVERD" -f -l 127.0.0.2 -u 10.53.0.2 -c resolverd.yaml 2>second.log &
second=$!
until_true "the second starts" grep -q 'listening on' second.log
holds "a second daemon leaves the first one's socket alone" \
    "control socket $socket: another resolverd listens there" \
    "$(cat second.log)"
kill "$second"
wait "$second"
holds "and does not take it along" '^exit 0$' "$(control cache)"
kill -KILL "$daemon"
wait "$daemon" 2>/dev/null
[ -S "$socket" ] || die "the socket went with the daemon"
holds "a dead one's is told" \
    "no resolverd listens at $socket: is it running\? \(systemctl status resolverd\)" \
    "$(control cache)"
start -c resolverd.yaml
holds "and replaced by the next" '^exit 0$' "$(control cache)"
stop
[ ! -e "$socket" ] || die "the socket is still there"
ok "a daemon that ends takes its socket along"
