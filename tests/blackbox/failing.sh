#!/bin/bash
# Sourced by tests that make calls of the C library fail, after lib.sh.

# The sanitizers have the same calls for themselves.
if nm -D "$RESOLVERD" | grep -Eq '__(asan|tsan)_'; then
	ok "left out under a sanitizer"
	exit 0
fi
failing=${BASH_SOURCE%/*}/failing.py
export FAILING=$WORK/plan
truncate -s 64 plan # as long as it stays
for n in $(seq 60); do
	echo "*.big.public.example. TXT \"$n $(printf '%050d' 0)\""
done >big.zone
start_upstream big.zone

# configure UPSTREAM [LINE...]
configure() {
	cat <<-END >resolverd.yaml
	mode: off
	listen: [127.0.0.1]
	upstreams: ["$1"]
	workers: 1
	tcp_idle_timeout: 1s
	zones:
	  - name: local
	    dns_name: local.test.
	    record_sets:
	      - {name: a.local.test., type: A, rrdatas: [10.0.0.1]}
	END
	printf '%s\n' "${@:2}" >>resolverd.yaml
}
configure 10.53.0.2

# start_tls_upstream: the same answers over TLS from 10.53.0.3.  It hangs up
# soon, so that connections are made again and again.
start_tls_upstream() {
	ip address add 10.53.0.3/24 dev lo
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
	    -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=dns.test \
	    -addext subjectAltName=DNS:dns.test 2>openssl.log || exit 2
	sed "s/interface: .*/interface: 10.53.0.3@853\n\
  tls-port: 853\n  tls-service-key: key.pem\n\
  tls-service-pem: cert.pem\n  tcp-idle-timeout: 200/" \
	    upstream.conf >tls.conf
	unbound -d -c tls.conf 2>tls.log &
	until_true "the server with TLS listens" \
	    sh -c "ss -Htln 'src 10.53.0.3' | grep -q :853"
}

start_failing() {
	LD_PRELOAD=$BLACKBOX_TOOLS/failing.so "$RESOLVERD" -f \
	    -c resolverd.yaml 2>daemon.log &
	# shellcheck disable=SC2034 # for the tests
	daemon=$!
	until_true "the daemon starts" daemon_spoke
}

# run_failing HOW ARGUMENT...: what failing.py says of it.
run_failing() {
	"$failing" "$1" plan "${@:2}" || die "$1"
}
