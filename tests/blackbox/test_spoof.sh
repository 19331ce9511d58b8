#!/bin/bash
# Who cannot see the questions guesses in vain, and what a server may say of
# others' names is not believed.
# shellcheck source=faulty.sh
. "${BASH_SOURCE%/*}/faulty.sh"
start_faulty 10.53.0.2
cat >resolverd.yaml <<END
listen: [127.0.0.1]
upstreams: [10.53.0.2]
workers: 1
END
start -c resolverd.yaml

# The race: the attacker knows the port and has every packet arrive first.
line=$(volley -n 100 -w 10 127.0.0.1 flood-200.%.race.test)
same "40,000 forged answers: the right ones are taken" "100 0 0 0" \
    "$(of "$line" right) $(of "$line" wrong) $(of "$line" servfail
	) $(of "$line" lost)"
line=$(volley -n 100 -w 10 127.0.0.1 wrongcase-5.%.race.test)
same "the right id alone, without the letter case, is not enough" "100 0" \
    "$(of "$line" right) $(of "$line" wrong)"
line=$(volley -n 100 -w 10 127.0.0.1 wrongquestion-5.%.race.test)
same "nor with another question" "100 0" \
    "$(of "$line" right) $(of "$line" wrong)"

# A birthday needs many questions out: there is one, however many ask.
joined=$(counter joined)
line=$(volley -n 100 -w 100 -a 198.18.0.7 127.0.0.1 delay-400.7.same.test)
same "100 clients are answered" 100 "$(of "$line" right)"
[ "$(asked delay-400.7.same.test)" -le 3 ] ||
    die "one question of theirs went out $(asked delay-400.7.same.test) times"
ok "by one question, which is repeated when its time is over"
same "99 of them waited for it" 99 $(($(counter joined) - joined))
for _ in $(seq 3); do
	dig +time=6 +tries=1 +subnet=192.0.2.0/24 @127.0.0.1 \
	    drop-1.8.same.test >/dev/null &
	dig +time=6 +tries=1 +bufsize=4096 +cookie @127.0.0.1 \
	    drop-1.8.same.test >/dev/null &
	wait -n && wait -n
done
[ "$(asked drop-1.8.same.test)" -le 3 ] ||
    die "clients' options make questions: $(asked drop-1.8.same.test)"
ok "no option of a client's makes a question more"
lacks "or goes out" 'others=' "$(cat 10.53.0.2.asked)"

# Only the answer to the question is kept, and passed on.
answer=$(ask extra.20.victim.test)
same "records nobody asked for are left out" "QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 1" \
    "$(grep -o 'QUERY: 1, .*' <<<"$answer")"
same "an address that came along is not believed" "NOERROR 198.18.0.0" \
    "$(said 20.victim.test)"
same "but was asked for" 1 "$(asked 20.victim.test)"
same "nor that of a server that came along" "NOERROR 198.18.0.0" \
    "$(said ns.evil.test)"
said cname.plain.21.victim.test >/dev/null
same "nor that of an alias's target" "NOERROR 198.18.0.21" \
    "$(said plain.21.victim.test)"
same "NXDOMAIN of a name" NXDOMAIN "$(said nxdomain.22.victim.test)"
same "says nothing of one below it" "NOERROR 198.18.0.22" \
    "$(said plain.22.nxdomain.22.victim.test)"
same "NODATA of a type" NOERROR "$(said nodata.23.victim.test)"
said nodata.23.victim.test AAAA >/dev/null
same "nothing of another" 2 "$(asked nodata.23.victim.test)"
said capture.24.victim.test >/dev/null
same "an alias from outside does not take a name that is served here" \
    "$restricted" "$(dig +short @127.0.0.1 hello.a.run.app | sorted |
	sed 's/ *run\.app\. *//')"
same "nor its apex" "$restricted" "$(dig +short @127.0.0.1 run.app | sorted)"
holds "an alias of itself is no answer" 'status: SERVFAIL' \
    "$(ask loop.25.victim.test)"
same "and asked for once" 1 "$(asked loop.25.victim.test)"
same "sixteen links are followed" 17 \
    "$(ask chain-16.26.victim.test +noall +answer | wc -l)"
same "seventeen are not" SERVFAIL "$(said chain-17.27.victim.test)"
lacks "what a server says to have validated is not passed on" \
    'flags:.* ad[ ;]' "$(ask +adflag authentic.28.victim.test)"

# TTLs: what is 0 is not kept, what is too long is cut, what is negative is 0.
said ttl-0.30.victim.test >/dev/null
same "a TTL of 0 is passed on" 0 \
    "$(ask ttl-0.30.victim.test +noall +answer | awk '{ print $2 }')"
same "and not kept" 2 "$(asked ttl-0.30.victim.test)"
same "a TTL of a year is cut to a day" 86400 \
    "$(ask ttl-31536000.31.victim.test +noall +answer | awk '{ print $2 }')"
same "one with the first bit set is 0 (RFC 2181)" 0 \
    "$(ask ttl-2147483649.32.victim.test +noall +answer | awk '{ print $2 }')"
same "a negative answer for a week is cut to an hour" 3600 \
    "$(ask nxdomain-604800.33.victim.test +noall +authority |
	awk '{ print $2 }')"
stop
