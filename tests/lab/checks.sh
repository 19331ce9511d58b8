# shellcheck shell=bash disable=SC2154 # lab and work are run's
# What the checks ask, and the table's rows.

checks=0
failures=0

# Questions print the milliseconds they took, then what they got.  Programs
# that can tell leave out their own start; timed is for the others.
timed() {
	local before=${EPOCHREALTIME/./} got

	got=$("$@")
	echo "$(((${EPOCHREALTIME/./} - before) / 1000)) $got"
}

verdict() {
	[ "$1" = "$2" ] && [ "$3" -le "$4" ] && echo ok || echo FAIL
}

# check LABEL EXPECTED WITHIN_MS QUESTION...: one row of the table.  A lab that
# fails is stopped before it has waited for every timeout.
check() {
	local label=$1 expected=$2 within=$3 took got verdict

	shift 3
	[ "$failures" -eq 0 ] || [ "$SECONDS" -lt 45 ] ||
	    die 'stopped, to end within a minute'
	read -r took got < <("$@")
	verdict=$(verdict "$got" "$expected" "$took" "$within")
	checks=$((checks + 1))
	printf '  %-4s  %-10s  %-62s  %4d of %d ms\n' \
	    "$verdict" "$label" "${got:-nothing}" "$took" "$within"
	[ "$verdict" = ok ] && return
	failures=$((failures + 1))
	printf '        %-10s  %s\n' expected "$expected"
}

dig_in_client() {
	in_namespace client dig +time=2 +tries=1 "$@"
}

# The aliases in their order, then the addresses, which rotate, sorted.
dig_short() {
	dig_in_client +short "$1" |
	    awk '/^[0-9.]+$/ { address = 1 } /^[^;]/ { print address + 0, $0 }' |
	    sort -V | cut -d ' ' -f 2- | paste -s -d ' '
}

# dig_full NAME TYPE: the code, the answer's types, the authority's record.
dig_full() {
	dig_in_client +noall +comments +answer +authority +stats "$1" "$2" | awk '
		BEGIN { status = "no reply"; took = 2000 }
		/status:/ { status = substr($6, 1, length($6) - 1) }
		/^;; .* SECTION:/ { section = $2 }
		/^[^;]/ && section == "ANSWER" { answer = answer " " $4 }
		/^[^;]/ && section == "AUTHORITY" {
			authority = authority ", " $1 " " $2 " " $4
		}
		/^;; Query time:/ { took = $4 }
		END { print took, status answer authority }'
}

from_client() {
	local code

	in_namespace client timeout 5 "$@" 2>/dev/null
	code=$?
	[ "$code" -ne 124 ] || echo 5000 timeout
	return "$code"
}

client_node() {
	NODE_EXTRA_CA_CERTS=$work/ca.crt from_client node "$lab/client.js" "$1"
}

client_musl() {
	from_client "$work/client" "$1"
}

# curl_outcome EXIT_CODE STATUS BODY
curl_outcome() {
	case $1 in
	0) echo "$2 $3" ;;
	6) echo 'no address' ;;
	7) echo 'no connection' ;;
	28) echo timeout ;;
	*) echo "curl's exit code $1" ;;
	esac
}

client_curl() {
	local got code seconds status

	got=$(from_client curl --disable --noproxy '*' --silent --max-time 4.5 \
	    --cacert "$work/ca.crt" --write-out '\n%{time_total} %{http_code}' \
	    "https://$1/")
	code=$?
	read -r seconds status <<<"${got##*$'\n'}"
	echo "$((10#${seconds/./} / 1000))" \
	    "$(curl_outcome "$code" "$status" "${got%$'\n'*}")"
}

# Queries for the name's domain that came to the upstream.
asked_so_far() {
	local rest=${1%.*}

	grep -cis "[ .]${rest##*.}\.${1##*.}\. " "$work/upstream.log"
}

# asked_since NAME COUNT
asked_since() {
	[ "$(asked_so_far "$1")" -gt "$2" ] && echo asked || echo 'not asked'
}
