#!/bin/bash
# A mode that is ordered at run time, and what else tells where a daemon
# stands.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
resolverctl=${RESOLVERD%d}ctl
chmod 777 .
socket=$WORK/control
export RESOLVERCTL_SOCKET=$socket

# control ARG...: what it says and its exit status.
control() {
	local output

	output=$("$resolverctl" "$@" 2>&1)
	echo "$output
exit $?"
}

addresses() {
	dig +short +time=2 +tries=1 @127.0.0.1 "$1" | sorted
}

counter() {
	"$resolverctl" stats --json | sed -n "s/.*\"$1\": \([0-9]*\).*/\1/p"
}

start_upstream
cat >resolverd.yaml <<END
listen: [127.0.0.1]
workers: 1
upstreams: [10.53.0.2]
control_socket: $socket
END
start -c resolverd.yaml

same "the configured mode is served" "$restricted" "$(addresses run.app)"
dig +short @127.0.0.1 www.public.example >/dev/null
sent=$(counter answers_upstream)
answer=$(control mode psc 10.1.2.3)
holds "a mode is ordered" 'psc \(10\.1\.2\.3\)' "$answer"
holds "with exit status 0" '^exit 0$' "$answer"
same "and served at once" 10.1.2.3 "$(addresses run.app)"
dig +short @127.0.0.1 www.public.example >/dev/null
same "a name that leads where it did stays in the cache" "$sent" \
    "$(counter answers_upstream)"
holds "the log says who it was" \
    'mode: psc \(10\.1\.2\.3\), ordered by [^ ]+ \(uid [0-9]+, pid [0-9]+\); it was restricted' \
    "$(cat daemon.log)"
holds "status says so" 'ordered by' "$(control status)"

"$resolverctl" reload >/dev/null
same "it outlives a reload" 10.1.2.3 "$(addresses run.app)"
cp resolverd.yaml good.yaml
echo 'lisen: [127.0.0.1]' >>resolverd.yaml
answer=$(control reload --json)
holds "a bad reload tells the severity by itself" '"severity": "error"' \
    "$answer"
holds "with the line" '"line": 5' "$answer"
holds "status tells of the failure" 'reload +at .*, FAILED with 1 error' \
    "$(control status)"
lacks "the log has no severity twice" 'error: .*: error: ' "$(cat daemon.log)"
holds "check says the same" 'resolverd\.yaml:5:1: error: unknown key' \
    "$(control check resolverd.yaml)"
holds "with exit status 1" '^exit 1$' "$(control check resolverd.yaml)"
holds "also as JSON" '"good": false' "$(control check --json resolverd.yaml)"
holds "a good file is good" '^exit 0$' "$(control check good.yaml)"
holds "one that is not there is no finding" '^exit 2$' \
    "$(control check nowhere.yaml)"
holds "a broken file is not in an order's way" '^exit 0$' \
    "$(control mode default)"
same "the configured mode is back" "$restricted" "$(addresses run.app)"
holds "an order may have an end" 'until ' "$(control mode private --for 2s)"
same "until then it holds" "$(printf '199.36.153.%s\n' 8 9 10 11 | sorted)" \
    "$(addresses run.app)"
until_true "it ends by itself" grep -q 'is over' daemon.log
same "and the configured mode is back" "$restricted" "$(addresses run.app)"
mv good.yaml resolverd.yaml

# What comes from elsewhere in one mode does not come back with it.
leak() {
	dig +short +time=2 +tries=1 @127.0.0.1 leak.a.run.app TXT
}
"$resolverctl" mode off >/dev/null
same "what a server says in one mode is answered" '"leaked"' "$(leak)"
first=$(counter answers_upstream)
leak >/dev/null
same "and kept while the mode lasts" "$first" "$(counter answers_upstream)"
"$resolverctl" mode default >/dev/null
same "nothing of it is in the next" run.app. "$(leak)"
"$resolverctl" mode off >/dev/null
same "where the names are is looked up again" '"leaked"' "$(leak)"
same "for what was kept did not come back" $((first + 1)) \
    "$(counter answers_upstream)"
dig +short @127.0.0.1 www.public.example >/dev/null
same "while a name that led there all along is still kept" $((first + 1)) \
    "$(counter answers_upstream)"
"$resolverctl" mode default >/dev/null

holds "a mistyped mode is told" "there is no mode 'pcs' \(did you mean 'psc'\?\)" \
    "$(control mode pcs)"
holds "psc wants an address" "needs the endpoint's address" \
    "$(control mode psc)"
holds "others have none" 'only mode psc has an address' \
    "$(control mode off 10.1.2.3)"
holds "a time is one" "not 'soon'" "$(control mode off --for soon)"
holds "zones are told with who claims them" 'run\.app\. +private +2 +run-app \(preset\)' \
    "$(control zones)"
same "the level is told" "info" "$("$resolverctl" log-level)"
"$resolverctl" log-level debug >/dev/null
addresses run.app >/dev/null
holds "and changed while it runs" 'query 127\.0\.0\.1 udp run\.app\. A' \
    "$(cat daemon.log)"
holds "a level is one" "not 'loud'" "$(control log-level loud)"
stop
