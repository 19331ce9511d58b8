#!/bin/bash
# Answers that are late, lost or come twice: when the client gets what, and how
# often the server is asked for it.
# shellcheck source=faulty.sh
. "${BASH_SOURCE%/*}/faulty.sh"
start_faulty 10.53.0.2
printf '%s\n' 'workers: 1' 'cache_failure_ttl: 20s' >one.yaml
start -c one.yaml -l 127.0.0.1 -u 10.53.0.2

# Known round-trip times make what follows a matter of milliseconds.
for n in 1 2 3; do
	ask "plain.$n.time.test" >/dev/null
done
slack=600 # of a machine that does other things

# answered WORD NUMBER LEAST MOST: WORD.NUMBER.time.test gets its right address
# within that time, in milliseconds.
answered() {
	local line took

	line=$(volley -a "198.18.0.$2" 127.0.0.1 "$1.$2.time.test")
	same "$1.$2 is answered" 1 "$(of "$line" right)"
	took=$(($(of "$line" max_us) / 1000))
	if [ "$took" -lt "$3" ] || [ "$took" -gt "$4" ]; then
		die "$1.$2 took $took ms, not $3 to $4"
	fi
	ok "$1.$2 in time"
}

answered drop-1 1 90 $((1000 + slack))
same "the first lost: two questions" 2 "$(asked drop-1.1.time.test)"
answered drop-2 2 250 $((1500 + slack))
same "two lost: three questions" 3 "$(asked drop-2.2.time.test)"
answered drop-4 3 1500 $((2500 + slack))
same "four lost: a fifth question after 2 s" 5 "$(asked drop-4.3.time.test)"
answered onlytcp 4 2000 $((3100 + slack))
same "without UDP the sixth goes by TCP" "5 1" \
    "$(asked onlytcp.4.time.test udp) $(asked onlytcp.4.time.test tcp)"
answered delay-350 5 350 $((400 + slack))
answered late-1500 6 90 $((1000 + slack))
same "what comes late meets nobody, and changes nothing" \
    "NOERROR 198.18.0.7" "$(sleep 1.5; said plain.7.time.test)"
answered duplicate-5 8 0 "$slack"
same "an answer that comes six times was asked for once" 1 \
    "$(asked duplicate-5.8.time.test)"

# Nobody answers: the budget, and how often one question may go out.
counts "a question without an answer is counted" 1 answers_failed \
    ask drop.9.time.test
sent=$(asked drop.9.time.test)
if [ "$sent" -lt 5 ] || [ "$sent" -gt 8 ]; then
	die "a question was sent $sent times, not 5 to 8"
fi
ok "a question goes out eight times at most"
same "four times at most within 2 s" yes "$(awk '
	tolower($6) == "drop.9.time.test." {
		if (n++ == 0)
			first = $1
		early += $1 - first < 1950
	}
	END { print early <= 4 ? "yes" : early }' 10.53.0.2.asked)"
same "each from a port and with an id of its own" "$sent $sent" "$(awk '
	tolower($6) == "drop.9.time.test." { ports[$4]; ids[$5] }
	END { print length(ports), length(ids) }' 10.53.0.2.asked)"
within "a failure is known for a while: no wait" 0 3000 \
    ask drop.9.time.test
same "and nothing is sent" "$sent" "$(asked drop.9.time.test)"
same "a mute question leaves others alone" "NOERROR 198.18.0.10" \
    "$(said plain.10.time.test)"
same "the counters know every question that went out" \
    "$(grep -c ' udp ' 10.53.0.2.asked) $(grep -c ' tcp ' 10.53.0.2.asked)" \
    "$(counter sent_udp) $(counter sent_tcp)"
stop
