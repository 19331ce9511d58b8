# shellcheck shell=bash disable=SC2154 # lab and work are run's
# The lab's network: three namespaces, what runs in them, and their end.
#
#	client 10.0.0.3 --- 10.0.0.2 upstream
#	       10.0.1.2 --- 10.0.1.1 front_end, and behind it the addresses
#
# A namespace has no name, only a process that holds it, so that runs cannot
# meet and none outlives its lab.

declare -A holder=()

die() {
	printf 'lab: %s\n' "$*" >&2
	exit 1
}

wait_for() {
	local end=$((SECONDS + 6))

	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.05
	done
}

# Replaces the shell: in the background, $! is the command's own id.
enter() {
	local namespace=$1

	shift
	exec nsenter --target "${holder[$namespace]}" --net --mount --root \
	    --wd=. -- "$@"
}

in_namespace() {
	(enter "$@")
}

# start NAMESPACE LOG COMMAND...: $! is the command afterwards.
start() {
	local namespace=$1 log=$2

	shift 2
	enter "$namespace" setpriv --pdeathsig TERM "$@" >"$work/$log" 2>&1 &
}

# Mounts must not reach the host.  In a chroot, / is no mount point that
# unshare could make private; the mount namespace's own root is one.
hold_namespace() {
	# shellcheck disable=SC2016
	exec setpriv --pdeathsig TERM \
	    unshare --net --mount --propagation unchanged sh -ec '
		nsenter --mount=/proc/self/ns/mnt mount --make-rprivate /
		for file in hosts nsswitch.conf resolv.conf; do
			[ ! -e "/etc/$file" ] ||
				mount --bind "$1/etc/$file" "/etc/$file"
		done
		ip link set lo up
		touch "$1/$2.held"
		exec sleep 300
	    ' sh "$work" "$1"
}

make_namespace() {
	hold_namespace "$1" >"$work/$1.log" 2>&1 &
	holder[$1]=$!
	wait_for test -e "$work/$1.held" ||
	    die "cannot make a network namespace: $(cat "$work/$1.log")"
}

# What of the host's /etc would lead the client elsewhere.
make_etc() {
	mkdir "$work/etc"
	echo 'nameserver 127.0.0.1' >"$work/etc/resolv.conf"
	echo 'hosts: files dns' >"$work/etc/nsswitch.conf"
	echo '127.0.0.1 localhost' >"$work/etc/hosts"
}

# cable NAMESPACE ADDRESS CLIENT_ADDRESS
cable() {
	in_namespace client ip link add "$1" type veth \
	    peer name client netns "${holder[$1]}"
	in_namespace client ip address add "$3" dev "$1"
	in_namespace client ip link set "$1" up
	in_namespace "$1" ip address add "$2" dev client
	in_namespace "$1" ip link set client up
}

add_addresses() {
	local address

	for address in "$@"; do
		in_namespace front_end ip address add "$address/32" dev lo
	done
}

add_routes() {
	local range

	for range in "$@"; do
		in_namespace client ip route add "$range" via 10.0.1.1
	done
}

# There is no default route: what has no route of its own is unreachable.
make_network() {
	make_etc
	make_namespace client
	make_namespace upstream
	make_namespace front_end
	cable upstream 10.0.0.2/24 10.0.0.3/24
	cable front_end 10.0.1.1/24 10.0.1.2/24
	add_addresses 216.239.{32,34,36,38}.53 199.36.153.{4..11} \
	    10.10.10.10 203.0.113.80
	add_routes 216.239.32.0/20 199.36.153.4/30 199.36.153.8/30 \
	    10.10.10.10/32 203.0.113.0/24
}

# AppArmor's profile for the packaged path lets it read /etc/unbound only.
start_upstream() {
	cp "$(command -v unbound)" "$work/unbound"
	start upstream upstream.log "$work/unbound" -d -c "$lab/upstream.conf"
	wait_for in_namespace client dig +time=1 +tries=1 @10.0.0.2 ns.public ||
	    die "the upstream does not answer: $(cat "$work/upstream.log")"
}

# certificate NAME SUBJECT OPTION...
certificate() {
	local name=$1 subject=$2

	shift 2
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -days 2 -subj "/CN=$subject" -keyout "$work/$name.key" \
	    -out "$work/$name.crt" "$@" 2>"$work/openssl.log" ||
	    die "openssl: $(cat "$work/openssl.log")"
}

make_certificates() {
	certificate ca "the lab's authority"
	certificate server "the lab's front end" \
	    -CA "$work/ca.crt" -CAkey "$work/ca.key" \
	    -addext 'basicConstraints=critical,CA:FALSE' \
	    -addext 'subjectAltName=DNS:*.a.run.app,DNS:www.example.com'
}

start_front_end() {
	start front_end front_end.log node "$lab/front_end.js" \
	    "$work/server.key" "$work/server.crt"
	wait_for in_namespace client curl --disable --noproxy '*' --silent \
	    --max-time 1 --insecure https://10.10.10.10/ ||
	    die "the front end does not answer: $(cat "$work/front_end.log")"
}

# Ends what was started here, and nothing else.  The shell is not to tell how
# each one died.
clean_up() {
	local pid

	trap '' HUP INT TERM
	exec 2>/dev/null
	for pid in $(jobs -rp); do
		kill -KILL "$pid"
	done
	wait
	[ -z "$work" ] || rm -rf "$work"
}
