# shellcheck shell=bash disable=SC2154 # lab, work and resolverd are run's
# The daemon under test, and the actions that take it from one scenario to
# the next.

# Under its final name at once: a reload never sees half a file.
configure() {
	cp "$lab/config/$1.yaml" "$work/next.yaml"
	mv "$work/next.yaml" "$work/resolverd.yaml"
}

start_with() {
	configure "$1"
	start client resolverd.log "$resolverd" -f -c "$work/resolverd.yaml"
	daemon=$!
}

reload_with() {
	configure "$1"
	kill -HUP "$daemon"
}

daemon_is_gone() {
	! kill -0 "$daemon" 2>/dev/null
}

stop() {
	kill -TERM "$daemon"
	wait_for daemon_is_gone || die 'resolverd does not end on SIGTERM'
	wait "$daemon" || die "resolverd ended on SIGTERM with exit code $?:
$(cat "$work/resolverd.log")"
}

restart_with() {
	stop
	start_with "$1"
}

withdraw_route() {
	in_namespace client ip route delete "$1" via 10.0.1.1
}

no_change() {
	:
}

answers_or_is_gone() {
	[ "$(dig_short "$1")" = "$2" ] || daemon_is_gone
}

# await_answer NAME ANSWER: until the switch shows, or for a bounded time;
# what dig sees then is a row of the table.
await_answer() {
	wait_for answers_or_is_gone "$1" "$2"
	if daemon_is_gone; then
		die "resolverd ended: $(cat "$work/resolverd.log")"
	fi
}
