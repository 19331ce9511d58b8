#!/bin/bash
# Networks that lose 10, 30 or 50 of 100 questions, or that many of questions
# and of answers, at random but alike each time: nearly all that is asked is
# answered, rightly, within the 4 s.
# shellcheck source=faulty.sh
. "${BASH_SOURCE%/*}/faulty.sh"

# zone NAME ADDRESS
zone() {
	cat <<-END
	- name: $1
	  dns_name: $1.test.
	  forwarding_config: {target_name_servers: [{ipv4_address: $2}]}
	END
}

{
	cat <<-END
	listen: [127.0.0.1]
	upstreams: [10.53.0.2]
	max_queries_per_client: 4096
	max_queries_per_upstream_group: 4096
	zones:
	END
	for loss in 10 30 50; do
		zone "one-$loss" "10.53.1.$loss"
		zone "both-$loss" "10.53.2.$loss"
	done
} >resolverd.yaml
for loss in 10 30 50; do
	start_faulty "10.53.1.$loss" -l "$loss" -s "$loss"
	start_faulty "10.53.2.$loss" -L "$loss" -s "$loss"
done
start -c resolverd.yaml

# Side by side: all of this is waiting.
volleys=()
for zone in one-10 both-10 one-30 both-30 one-50 both-50; do
	case $zone in
	*-30) count=2000 ;;
	*) count=1000 ;;
	esac
	volley -n "$count" -r $((count / 6)) -w 4000 -t 4000 127.0.0.1 \
	    "plain.%.$zone.test" >"$zone.line" &
	volleys+=($!)
done
for n in $(seq 15); do
	sleep 0.3
	same "a served name meanwhile" "$restricted" \
	    "$(dig +short +time=1 +tries=1 @127.0.0.1 run.app | sorted)"
done | uniq
wait "${volleys[@]}"

# What the kernel dropped for want of room never came to be judged.
dropped=$(kernel_dropped)

# least ZONE PERMILLE MEDIAN: that are right, and the median in milliseconds.
least() {
	local line lost least

	line=$(cat "$1.line")
	least=$(($(of "$line" sent) * $2 / 1000))
	echo "# $1: $line"
	same "$1: nothing wrong is said" 0 "$(of "$line" wrong)"
	lost=$(of "$line" lost)
	[ "$lost" -le "$dropped" ] || lost=0
	[ $(($(of "$line" right) + lost)) -ge "$least" ] ||
	    die "$1: fewer than $2 of 1000 are right: $line"
	ok "$1: $2 of 1000 are right within 4 s"
	[ "$(of "$line" p50_us)" -le $((1000 * $3)) ] ||
	    die "$1: half of them took more than $3 ms: $line"
	ok "$1: half of them within $3 ms"
}

echo "# dropped by the kernel: $dropped"
least one-10 999 120
least one-30 999 120
least one-50 999 900
least both-10 999 120
least both-30 999 900
least both-50 995 2500
same "every loss was made up for by no more than eight questions" "" \
    "$(awk '{ n[tolower($6)]++ } END { for (i in n) if (n[i] > 8) print i }' \
	./*.asked)"
stop
