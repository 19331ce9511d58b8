#!/bin/bash
# Not a part of the tests: a mixed load for SOAK seconds, 60 without it, and
# what it does to the daemon's memory and descriptors.  Of 1,000 queries a
# second 400 are for a name that is served, 400 for one in the cache, 150 go to
# a server that loses 5 of 100, and 50 are broken; meanwhile the configuration
# is read again and again.  The resident memory may grow by 1 MiB in a minute
# of the short form, and by 1 MiB an hour in the long one.
# shellcheck source=faulty.sh
. "${BASH_SOURCE%/*}/faulty.sh"
seconds=${SOAK:-60}
start_faulty 10.53.0.2
kill "$faulty"
faulty -l 5 10.53.0.2 >again 2>&1 & # without a record, which would grow
until_true "the server is back" grep -q ready again
cat >resolverd.yaml <<END
listen: [127.0.0.1]
upstreams: [10.53.0.2]
workers: 2
cache_size: 1M
zones:
  - name: corp
    dns_name: corp.test.
    record_sets: [{name: w.corp.test., type: A, ttl: 60, rrdatas: [10.9.8.7]}]
END
start -c resolverd.yaml

# load SECONDS: the four kinds side by side.
load() {
	volley -n $((400 * $1)) -r 400 -w 4000 -a 10.9.8.7 127.0.0.1 \
	    w.corp.test >>served &
	local kinds=($!)
	volley -n $((400 * $1)) -r 400 -w 4000 -a 198.18.0.1 127.0.0.1 \
	    ttl-60.1.soak.test >>cached &
	kinds+=($!)
	volley -n $((150 * $1)) -r 150 -w 4000 -o "$offset" 127.0.0.1 \
	    plain.%.soak.test >>forwarded &
	kinds+=($!)
	volley -x -n $((50 * $1)) -r 50 127.0.0.1 plain.%.soak.test \
	    >/dev/null &
	kinds+=($!)
	offset=$(((offset + 150 * $1) % 60000))
	wait "${kinds[@]}"
}

descriptors() {
	find "/proc/$daemon/fd" | wc -l
}

# A line a second: the seconds, and KiB.
watch_memory() {
	for second in $(seq "$seconds"); do
		echo "$second $(awk '/^VmRSS/ { print $2 }' \
		    "/proc/$daemon/status")"
		[ $((second % 10)) -ne 0 ] || kill -HUP "$daemon"
		sleep 1
	done
}

# What fills the cache is no growth.
volley -n 20000 -w 200 127.0.0.1 plain.%.full.test >/dev/null
offset=0
load 2
open=$(descriptors)
watch_memory >memory &
watcher=$!
for _ in $(seq 0 20 $((seconds - 1))); do
	load $((seconds < 20 ? seconds : 20))
done
wait "$watcher"
sleep 1

# sum FILE NAME: over all volleys of a kind.
sum() {
	sed -n "s/.*\<$2=\([0-9]*\).*/\1/p" "$1" |
	    awk '{ sum += $1 } END { print sum }'
}
for kind in served cached forwarded; do
	echo "# $kind: sent $(sum $kind sent), right $(sum $kind right)," \
	    "99 of 100 within $(grep -o 'p99_us=[0-9]*' $kind |
		cut -d = -f 2 | sort -n | tail -1) us"
	same "$kind: nothing failed, nothing wrong" "0 0" \
	    "$(sum $kind wrong) $(sum $kind servfail)"
	none_lost "$kind: nothing lost" "lost=$(sum $kind lost)"
done

# Least squares over the last two thirds, in KiB an hour.
slope=$(awk -v from=$((seconds / 3)) '
	$1 > from { n++; x += $1; y += $2; xx += $1 * $1; xy += $1 * $2 }
	END { printf "%d", 3600 * (n * xy - x * y) / (n * xx - x * x) }' memory)
echo "# resident: $(sed -n '1s/.* //p' memory) KiB at first," \
    "$(sed -n '$s/.* //p' memory) at the end; slope $((slope / 60)) KiB a" \
    "minute, $slope an hour"
most=1024
[ "$seconds" -ge 3600 ] || most=$((60 * 1024))
[ "$slope" -le "$most" ] || die "memory grows by $slope KiB an hour"
ok "memory does not grow"
left=$(descriptors)
echo "# descriptors: $open at first, $left at the end"
[ "$left" -le $((open + 8)) ] || die "descriptors are left over"
ok "no descriptor is left over"
stop
