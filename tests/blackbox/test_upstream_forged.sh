#!/bin/bash
# Forged and broken messages come before the right answer: none is taken, and
# none ends the wait, costs a question more or speaks against the server.
# shellcheck source=faulty.sh
. "${BASH_SOURCE%/*}/faulty.sh"
start_faulty 10.53.0.2
printf '%s\n' 'listen: [127.0.0.1]' 'upstreams: [10.53.0.2]' 'workers: 1' \
    'dns_cookies: true' >resolverd.yaml
start -c resolverd.yaml

# Three of each stay below what sends a question to TCP.
mismatching='wrongid wrongquestion wrongtype wrongclass qr0 opcode noquestion
    twoquestions garbage halfheader wrongcookie'
malformed='cutoff counts pointer rdlength'
unseen='wrongport wrongaddress'
n=0
for word in $mismatching $malformed $unseen; do
	n=$((n + 1))
	echo "@127.0.0.1 +time=6 +tries=1 $word-3.$n.forged.test" >>names
	echo "NOERROR 198.18.0.$n" >>expected
done
count_before=$(counter upstream_mismatched)
broken_before=$(counter upstream_malformed)
batch names >got
same "the right answers are taken, none of the forged ones" \
    "$(cat expected)" "$(cat got)"
n=0
for word in $mismatching $malformed $unseen; do
	n=$((n + 1))
	same "$word: one question went out, by UDP" "1 0" \
	    "$(asked "$word-3.$n.forged.test" udp) $(asked \
		"$word-3.$n.forged.test" tcp)"
done
same "each that did not match is counted" $((3 * $(wc -w <<<"$mismatching"))) \
    $(($(counter upstream_mismatched) - count_before))
same "and each that did not parse" $((3 * $(wc -w <<<"$malformed"))) \
    $(($(counter upstream_malformed) - broken_before))
same "after which the server is as good as before" "0 0" \
    "$(counter upstream_silent) $(counter answers_failed)"

# Nine on one transmission: somebody floods it, and the question goes by TCP.
same "a flood is answered rightly" "NOERROR 198.18.0.40" \
    "$(said wrongid-9.40.forged.test)"
same "over TCP, at once" 1 "$(asked wrongid-9.40.forged.test tcp)"
same "what does not parse can be no flood of guesses, but ends there too" \
    "NOERROR 198.18.0.41" "$(said cutoff-9.41.forged.test)"
stop

# Letter case is part of the question (0x20).
start -c resolverd.yaml
same "an answer of other case is not taken" "NOERROR 198.18.0.50" \
    "$(said wrongcase.50.forged.test)"
same "but asked for again by TCP" 1 "$(asked wrongcase.50.forged.test tcp)"
same "a server that does not keep case is asked by TCP" \
    "NOERROR 198.18.0.51 1 1" "$(said lowercase.51.forged.test) $(asked \
	lowercase.51.forged.test udp) $(asked lowercase.51.forged.test tcp)"
said lowercase.52.forged.test >/dev/null
same "the third time in a row at once: UDP is left for a minute" \
    "NOERROR 198.18.0.53 0 1" "$(said lowercase.53.forged.test) $(asked \
	lowercase.53.forged.test udp) $(asked lowercase.53.forged.test tcp)"
stop

start -c resolverd.yaml
same "one that does not keep it by TCP either is right too" \
    "NOERROR 198.18.0.54" "$(said lowercase-1.54.forged.test)"
same "and is known: the next question goes by UDP alone" \
    "NOERROR 198.18.0.55 1 0" "$(said lowercase-1.55.forged.test) $(asked \
	lowercase-1.55.forged.test udp) $(asked lowercase-1.55.forged.test tcp)"
same "in lower case" lowercase-1.55.forged.test. \
    "$(awk 'tolower($6) ~ /-1\.55\./ { print $6 }' 10.53.0.2.asked)"
holds "the client's own case comes back" '^WwW\.56\.forged\.test\.' \
    "$(ask WwW.56.forged.test +noall +answer)"
stop
