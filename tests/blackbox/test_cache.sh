#!/bin/bash
# What the cache keeps: over reloads, over restarts, past its time.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
cat >more.zone <<'END'
short.public.example. 1 A 203.0.113.6
a.corp.example. 200 A 203.0.113.7
END
start_upstream more.zone
# Whoever the daemon becomes may write there.
mkdir -m 1777 state
file=$WORK/state/cache

conf() {
	printf '%s\n' 'listen: [127.0.0.1]' 'workers: 1' "$@" >resolverd.yaml
}
ask() {
	dig +time=3 +tries=1 @127.0.0.1 "$@"
}
address() {
	ask +short "$@"
}

# The servers are gone from here on; what they said is not.
conf 'upstreams: [10.53.0.2]' "cache_file: $file" 'cache_failure_ttl: 30s'
start -c resolverd.yaml
lacks "a first start has nothing to say of a file" 'cache:' "$(cat daemon.log)"
ask short.public.example >/dev/null
ask www.public.example >/dev/null
ask a.corp.example >/dev/null
ask no.public.example >/dev/null
kill "$upstream"
wait "$upstream"
upstream=0
is_stale() {
	ask short.public.example | grep -q 'EDE: 3 (Stale Answer)'
}
until_true "an answer serves past its time" is_stale
answer=$(ask short.public.example)
holds "the answer is there" 'short\.public\.example\..*30.*203\.0\.113\.6' \
    "$answer"
holds "and says how old it is" \
    'EDE: 3 .*stale answer, [0-9]+ s past its time' "$answer"
answer=$(ask other.public.example)
holds "what was never asked fails" 'EDE: 23 .*could not be reached' "$answer"
holds "and is not tried again at once" \
    'EDE: 13 .*cached SERVFAIL, [0-9]+ s left: .*10\.53\.0\.2 could not be reached' \
    "$(ask other.public.example)"

# A reload that leaves the servers alone, and those that do not.
conf 'upstreams: [10.53.0.2]' "cache_file: $file" 'mode: private'
reload
same "a reload with the same servers keeps what they said" 203.0.113.5 \
    "$(address www.public.example)"
conf 'upstreams: [10.53.0.2]' "cache_file: $file" 'zones:' \
    '  - {name: corp, dns_name: corp.example., record_sets:' \
    '      [{name: a.corp.example., type: A, ttl: 9, rrdatas: [10.1.1.1]}]}'
reload
same "a zone takes a name over" 10.1.1.1 "$(address a.corp.example)"
conf 'upstreams: [10.53.0.2]' "cache_file: $file"
reload
holds "and gives it back without what was kept of it" 'status: SERVFAIL' \
    "$(ask a.corp.example)"
same "while other names stay" 203.0.113.5 "$(address www.public.example)"

stop
holds "it says what it has saved" \
    "cache: 2 answers saved to $file; [0-9]+ ms" "$(cat daemon.log)"
same "to a file of its own" 600 "$(stat -c %a "$file")"
same "and nothing beside it" cache "$(ls -A state)"

conf 'upstreams: [10.53.0.2]' "cache_file: $file" 'workers: 2'
sed -i '/^workers: 1/d' resolverd.yaml
start -c resolverd.yaml
holds "the next start has it" "cache: 2 answers loaded from $file" \
    "$(cat daemon.log)"
for _ in 1 2 3 4 5 6; do
	address www.public.example
done >answers
same "every worker answers from it" "6 203.0.113.5" \
    "$(uniq -c answers | sed 's/^ *//')"
holds "with a TTL that has counted down" \
    'www\.public\.example\.[[:space:]]+1[0-9][0-9][[:space:]]' \
    "$(ask +noall +answer www.public.example)"
holds "what does not exist is known too" 'status: NXDOMAIN' \
    "$(ask no.public.example)"
stop

cp "$file" whole
conf 'upstreams: [10.53.0.3]' "cache_file: $file"
start -c resolverd.yaml
holds "other servers do not answer for these" \
    'cache: 0 answers loaded' "$(cat daemon.log)"
holds "so the name is asked for" 'status: SERVFAIL' "$(ask www.public.example)"
kill -KILL "$daemon"
wait "$daemon" 2>/dev/null
same "a killed daemon leaves the file alone" "$(cksum <whole)" \
    "$(cksum <"$file")"

# A file that is not what it should be.
conf 'upstreams: [10.53.0.2]' "cache_file: $file"
spoilt() {
	start -c resolverd.yaml
	same "a file that $1: one line" 1 "$(grep -c 'warning: cache' daemon.log)"
	holds "a file that $1: it says so" \
	    "cache: $file $2; starting with an empty cache" "$(cat daemon.log)"
	same "a file that $1: it serves" "$restricted" \
	    "$(address run.app | sorted)"
	kill -KILL "$daemon"
	wait "$daemon" 2>/dev/null
}
head -c 100 whole >"$file"
spoilt "breaks off" 'is damaged'
sed 's/public/publiq/' whole >"$file"
spoilt "was changed" 'is damaged'
date >"$file"
spoilt "is another's" "is no cache of resolverd's"
rm "$file"
mkfifo "$file"
spoilt "is none" 'cannot be read: it is no file'
rm "$file"

# Where it cannot be written.
conf 'upstreams: [10.53.0.2]' "cache_file: $WORK/nowhere/cache"
start -c resolverd.yaml
holds "a missing directory is told of at the start" \
    'warning: cache: .*/nowhere/cache cannot be written: No such file' \
    "$(cat daemon.log)"
stop
same "and once at the end" 1 "$(grep -c 'error: cache: .*No such' daemon.log)"
mkdir full
mount -t tmpfs -o size=16k,mode=1777 none full || die "cannot mount a tmpfs"
cp whole full/cache
chmod 644 full/cache
dd if=/dev/zero of=full/rest bs=1k 2>/dev/null
conf 'upstreams: [10.53.0.2]' "cache_file: $WORK/full/cache"
start -c resolverd.yaml
stop
same "a full disk is one error at the end" 1 \
    "$(grep -c 'error: cache: .*No space left' daemon.log)"
same "and leaves the old file" "$(cksum <whole)" "$(cksum <full/cache)"
mount -o remount,ro full
start -c resolverd.yaml
holds "a read-only disk is told of at the start" \
    'warning: cache: .*cannot be written: Read-only file system' \
    "$(cat daemon.log)"
stop
same "and once at the end, too" 1 \
    "$(grep -c 'error: cache: .*Read-only' daemon.log)"
umount full
