#!/bin/bash
# resolverctl tail and top: what a person at a terminal sees of a daemon that
# answers.
here=$(cd "${BASH_SOURCE%/*}" && pwd)
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
export TERM=xterm LANG=C.UTF-8 TZ=UTC
mkdir -m 777 sockets
socket=$WORK/sockets/control

control=("${RESOLVERD%d}ctl" -s "$socket")

ask() {
	dig +tries=1 @127.0.0.1 "$@" >/dev/null
}

# screen SIZE ARG...: top on a terminal, its steps from standard input.
screen() {
	local size=$1

	shift
	"$here/screen.py" "$size" "${control[@]}" top "$@" 2>&1
}

# follow FILE ARG...: tail in the background, until it is connected.
follow() {
	local file=$1

	shift
	"${control[@]}" tail "$@" >"$file" 2>"$file.err" &
	tail=$!
	until_true "it watches" watched "$file"
}

# What is asked to find out whether it watches is seen by every tail.
watched() {
	ask ready.a.run.app
	[ -s "$1" ]
}

start_upstream
cat >resolverd.yaml <<END
listen: [127.0.0.1]
workers: 1
upstreams: [10.53.0.2]
control_socket: $socket
END
start -c resolverd.yaml

follow all
ask x.a.run.app
ask www.public.example
ask www.public.example AAAA +tcp
ask www.public.example
ask '\027[2J\200.public.example'
until_true "all are told" grep -q '2J' all
holds "an answer of a zone tells which" \
    '^[0-9:.]{12} 127.0.0.1 +x.a.run.app. +A +NOERROR +zone:run-app +[0-9]+s ' \
    "$(cat all)"
holds "an answer of a server tells whose" \
    'www.public.example. +A +NOERROR +upstream:10.53.0.2 +[0-9]+s ' "$(cat all)"
holds "one that is remembered tells that" \
    'www.public.example. +A +NOERROR +cache +[0-9]+s ' "$(cat all)"
holds "a name cannot rule a terminal" \
    ' \\027\[2J\\200.public.example. +A +NXDOMAIN ' "$(cat all)"
lacks "and there are no colours without one" $'\033' "$(cat all)"
kill -INT "$tail"
wait "$tail"
same "it ends well when it is interrupted" 0 $?

"${control[@]}" tail --json --name '*.public.example' --type A \
    --source upstream -n 1 >chosen &
tail=$!
# shellcheck disable=SC2016 # a name of its own each time
until_true "what was chosen is told" bash -c \
    'dig +tries=1 @127.0.0.1 "$(date +%N).public.example" >/dev/null
    dig +tries=1 @127.0.0.1 x.a.run.app >/dev/null
    ! kill -0 '"$tail"
wait "$tail"
same "it ends well after as many as were wanted" 0 $?
same "JSON has a line a query" 1 "$(wc -l <chosen)"
holds "of those that were chosen" '"name": "[0-9]+.public.example."' \
    "$(cat chosen)"
holds "what cannot be chosen is told" \
    'source must be rule, zone, cache, stale, upstream, special or error, not .disk' \
    "$("${control[@]}" tail --source disk 2>&1)"
"${control[@]}" tail --slower soon 2>/dev/null
same "with exit status 2" 2 $?

"${control[@]}" tail 2>err | head -n 1 >one &
pipe=$!
until_true "a reader of one line has it" watched one
until_true "and leaves" bash -c "! kill -0 $pipe"
same "which is no failure" '' "$(cat err)"

ask x.a.run.app
"${control[@]}" top --once -i 1s >report &
top=$!
until_true "a report is made" bash -c \
    'dig +tries=1 @127.0.0.1 x.a.run.app >/dev/null; ! kill -0 '"$top"
wait "$top"
same "and that ends well" 0 $?
holds "it tells the names" '^ +[0-9]+ +100 %  x.a.run.app.$' "$(cat report)"

(
	for _ in $(seq 60); do
		ask x.a.run.app
		ask '\027[2J.public.example'
		sleep 0.2
	done
) &
asking=$!
seen=$(screen 24x80 <<'END'
wait x.a.run.app. +[0-9]
wait 2J
show
keys \t
keys /zzz\r
wait nothing with that text
signal TSTP
stopped
terminal
signal CONT
wait queries/s
size 10x40
wait ^[0-9]+ q/s
show
keys ?
wait Any key goes back
keys x
keys q
end
terminal
END
)
holds "top shows the names" '^x.a.run.app. +[0-9]+ +[0-9]+ ' "$seen"
holds "and the mode" '^resolverd  mode restricted ' "$seen"
holds "escaped" '\\027\[2J.public.example' "$seen"
holds "and ends well by a key" '^status 0$' "$seen"
lacks "the terminal is given back, also while it is stopped" \
    'was left as|not as they were' "$seen"
seen=$(screen 24x80 <<'END'
wait queries/s
signal TERM
end
terminal
END
)
same "SIGTERM ends it as well" 'status 0' "$seen"
kill "$asking"
screen 24x80 >last <<'END' &
wait queries/s
wait resolverd is stopping
end
terminal
END
last=$!
sleep 2
stop
wait "$last"
holds "when the daemon ends it says so, with exit status 2" '^status 2$' \
    "$(cat last)"
lacks "and gives the terminal back" 'was left as|not as they were' \
    "$(cat last)"
