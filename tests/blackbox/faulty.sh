# shellcheck shell=bash
# Sourced by tests whose upstream server is tests/faulty, which does what the
# first label of a name says.  "faulty" without arguments lists the words.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
PATH=$BLACKBOX_TOOLS:$PATH

# start_faulty ADDRESS [OPTION ...]: its questions are kept in ADDRESS.asked,
# its process is in faulty.
start_faulty() {
	local address=$1

	shift
	ip address add "$address/24" dev lo 2>/dev/null
	: >"$address.said"
	faulty -r "$address.asked" "$@" "$address" >"$address.said" \
	    2>"$address.errors" &
	# shellcheck disable=SC2034 # for the tests
	faulty=$!
	until_true "$address listens" grep -q ready "$address.said"
}

# asked NAME [CARRIER [ADDRESS]]: how many questions for it have come.
asked() {
	awk -v name="$1." -v carrier="${2:-.}" '
		BEGIN { name = tolower(name) }
		tolower($6) == name && $2 ~ carrier { n++ }
		END { print n + 0 }' "${3:-10.53.0.2}.asked"
}

# ask NAME [TYPE] [OPTION ...]: with patience for the whole budget.
ask() {
	dig +time=6 +tries=1 @127.0.0.1 "$@"
}

# said NAME ...: the status and the answer's data, on one line.
said() {
	ask "$@" | awk '
		/status:/ { sub(",", "", $6); line = $6 }
		/^[^;]/ && $3 == "IN" && $4 != "SOA" { line = line " " $5 }
		END { print line }'
}

# batch FILE: a line for each name of a file as dig takes them: status, data.
batch() {
	dig -f "$1" +noall +comments +answer | awk '
		/status:/ {
			if (line != "")
				print line
			sub(",", "", $6)
			line = $6
		}
		/^[^;]/ && $3 == "IN" && $4 != "SOA" { line = line " " $5 }
		END { print line }'
}

# counter NAME: what the daemon has counted so far.
counter() {
	local before

	before=$(grep -c 'counters: ' daemon.log)
	kill -USR1 "$daemon"
	until_true "the daemon logs its counters" counted_since "$before"
	grep 'counters: ' daemon.log | tail -1 |
	    sed -n "s/.*[ ,]$1 \([0-9]*\).*/\1/p"
}

counted_since() {
	[ "$(grep -c 'counters: ' daemon.log)" -gt "$1" ]
}

# counts WHAT LEAST COUNTER COMMAND...: the command adds that much at least.
counts() {
	local what=$1 least=$2 name=$3 before after

	shift 3
	before=$(counter "$name")
	"$@" >/dev/null
	after=$(counter "$name")
	[ $((after - before)) -ge "$least" ] ||
	    die "$what: $name went from $before to $after, not by $least"
	ok "$what"
}

milliseconds() {
	echo $(($(date +%s%N) / 1000000))
}

# within WHAT LEAST MOST COMMAND...: milliseconds.
within() {
	local what=$1 least=$2 most=$3 begin took

	shift 3
	begin=$(milliseconds)
	"$@" >/dev/null
	took=$(($(milliseconds) - begin))
	if [ "$took" -lt "$least" ] || [ "$took" -gt "$most" ]; then
		die "$what took $took ms, not $least to $most"
	fi
	ok "$what"
}

# of LINE NAME: the number after NAME= in a line of volley's.
of() {
	sed -n "s/.*\<$2=\([0-9]*\).*/\1/p" <<<"$1"
}

# Datagrams that the kernel had no room for, anywhere here: on a machine with
# much else to do there are some, and nobody answers them.
kernel_dropped() {
	awk '/^Udp: [0-9]/ { print $6 }' /proc/net/snmp
}

# none_lost WHAT LINE: volley has all its answers but for those.
none_lost() {
	[ "$(of "$2" lost)" -le "$(kernel_dropped)" ] ||
	    die "$1: $2, $(kernel_dropped) dropped by the kernel"
	ok "$1"
}
