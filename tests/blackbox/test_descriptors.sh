#!/bin/bash
# Descriptors run short: names served here and cached ones are answered over
# UDP, nobody spins, and all is well without a restart once there are more.
# shellcheck source=faulty.sh
. "${BASH_SOURCE%/*}/faulty.sh"
start_faulty 10.53.0.2
cat >resolverd.yaml <<END
listen: [127.0.0.1]
upstreams: [10.53.0.2]
workers: 1
user: root
END
prlimit --nofile=200 "$RESOLVERD" -f -c resolverd.yaml >refused 2>&1
same "too few descriptors: it does not start" 5 "$?"
holds "and says how many would be right" \
    'open files: a limit of 200 is too low, [0-9]+ would be right' \
    "$(cat refused)"

RESOLVERD_REAL=$RESOLVERD
cat >limited <<'END'
#!/bin/sh
exec prlimit --nofile=400 "$RESOLVERD_REAL" "$@"
END
chmod +x limited
export RESOLVERD_REAL
RESOLVERD=./limited
start -c resolverd.yaml
holds "fewer than wanted: it says what they allow" \
    'open files: a limit of 400 allows [0-9]+ queries in flight and' \
    "$(cat daemon.log)"
same "and works" "NOERROR 198.18.0.1" "$(said plain.1.some.test)"

# As many more queries than it has descriptors for.
line=$(volley -n 600 -r 400 -w 600 -t 6000 -o 100000 127.0.0.1 drop-%.silent.test)
none_lost "600 silent names are all answered" "$line"
same "by SERVFAIL" 600 $(($(of "$line" servfail) + $(of "$line" lost)))
same "and no socket was wanting" 0 "$(counter upstream_lost)"

# Now there are none at all.
said plain.2.some.test >/dev/null
prlimit --pid "$daemon" --nofile=3:400
ticks() {
	awk '{ print $14 + $15 }' "/proc/$daemon/stat"
}
before=$(ticks)
for n in 1 2 3 4; do
	eval "exec $((n + 10))<>/dev/tcp/127.0.0.1/53"
done
line=$(volley -n 2000 -r 1000 -w 100 -a 198.18.0.2 127.0.0.1 plain.2.some.test)
none_lost "cached names are answered" "$line"
same "as ever" 2000 $(($(of "$line" right) + $(of "$line" lost)))
same "names served here too" "$restricted" \
    "$(dig +short +time=2 +tries=1 @127.0.0.1 run.app | sorted)"
holds "others end within the budget" 'status: SERVFAIL' "$(ask plain.3.some.test)"
used=$(($(ticks) - before))
[ "$used" -le 240 ] || die "$used hundredths of a second of processor in 6 s"
ok "it does not spin: $used hundredths of a second of processor"
[ "$(counter upstream_lost)" -ge 1 ] || die "nothing was counted as lost"
ok "the questions that could not be sent are counted"

prlimit --pid "$daemon" --nofile=400:400
same "with descriptors again new names are answered" "NOERROR 198.18.0.4" \
    "$(said plain.4.some.test)"
same "and TCP clients" "$restricted" \
    "$(dig +short +tcp +time=3 +tries=1 @127.0.0.1 run.app | sorted)"
stop
