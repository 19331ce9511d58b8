#!/bin/bash
# Servers asked over TLS (RFC 7858, RFC 8310): whose certificates hold, what a
# person gets to know when one does not, and that connections are kept.
stream_server=$(realpath "${BASH_SOURCE%/*}/stream_server.py")
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"

# certificate NAME [-days N | -self] [SUBJECT-ALTERNATIVE-NAME]
certificate() {
	local name=$1 days=2 sign=(-CA ca.crt -CAkey ca.key -CAcreateserial)

	shift
	case $1 in
	-days)
		days=$2
		shift 2
		;;
	-self)
		sign=(-signkey "$name.key")
		shift
		;;
	esac
	echo "subjectAltName=$1" >"$name.ext"
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -subj /CN=dns.example -keyout "$name.key" -out "$name.csr" \
	    2>>openssl.log
	openssl x509 -req -in "$name.csr" "${sign[@]}" -days "$days" \
	    -extfile "$name.ext" -out "$name.crt" 2>>openssl.log ||
	    die "openssl: $(cat openssl.log)"
}

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
    -subj /CN=authority -keyout ca.key -out ca.crt 2>openssl.log ||
    die "openssl: $(cat openssl.log)"
certificate name DNS:dns.example
certificate wildcard 'DNS:*.dns.example'
certificate address IP:10.53.0.2,IP:2001:db8:53::2
certificate other DNS:other.example
certificate nameless email:dns@example
certificate expired -days 0 DNS:dns.example
certificate self -self DNS:dns.example
certificate authority DNS:dns.example

start_upstream
ip address add 2001:db8:53::2/64 dev lo nodad
kill "$upstream"
wait "$upstream"
{
	sed 's/interface: 10.53.0.2/interface: 10.53.0.2@853/;
	    s/do-ip6: no/do-ip6: yes/' upstream.conf
	cat <<-END
	server:
	  interface: 2001:db8:53::2@853
	  access-control: ::/0 allow
	  tls-service-key: server.key
	  tls-service-pem: server.crt
	END
} >tls.conf

# serve CERTIFICATE: Unbound over TLS with it, in place of what served before.
served=0
serve() {
	[ "$served" -eq 0 ] || { kill "$served"; wait "$served" 2>/dev/null; }
	cp "$1.key" server.key
	cp "$1.crt" server.crt
	unbound -d -c tls.conf 2>unbound.log &
	served=$!
	until_true "Unbound answers over TLS" sh -c \
	    'kdig +tls +short @10.53.0.2 www.public.example | grep -q 203'
}

# configure UPSTREAM [LINE...]
configure() {
	local server=$1

	shift
	printf '%s\n' 'listen: [127.0.0.1]' "upstreams: ['$server']" \
	    'workers: 1' "$@" >resolverd.yaml
}

ask() {
	dig +time=6 +tries=1 @127.0.0.1 www.public.example "$@"
}

# holds_good WHAT SERVER: the server is believed.
holds_good() {
	configure "$2" 'tls_ca_file: ca.crt'
	start -c resolverd.yaml
	same "$1" 203.0.113.5 "$(ask +short)"
	stop
}

# holds_bad WHAT SERVER WHY: it is not, and the reason is told.
holds_bad() {
	local answer

	configure "$2" 'tls_ca_file: ca.crt'
	start -c resolverd.yaml
	answer=$(ask)
	holds "$1: SERVFAIL" 'status: SERVFAIL' "$answer"
	holds "$1: the client is told why" "EDE: 23.*$3" "$answer"
	ask >/dev/null
	same "$1: one line in the log" 1 "$(grep -cF "$2: $3" daemon.log)"
	stop
}

serve name
same "kdig believes the certificate too" 203.0.113.5 \
    "$(kdig +short +tls-ca=ca.crt +tls-hostname=dns.example @10.53.0.2 \
	www.public.example)"
holds_good "a certificate for the name" 'tls://10.53.0.2#dns.example'
holds_good "over IPv6" 'tls://[2001:db8:53::2]#dns.example'
holds_bad "a certificate for a name, not the address" 'tls://10.53.0.2' \
    'certificate is for another address'
holds_bad "a certificate for another name" 'tls://10.53.0.2#other.example' \
    'certificate is for another name'
serve address
holds_good "a certificate for the address" 'tls://10.53.0.2'
holds_good "for the IPv6 address" 'tls://[2001:db8:53::2]'
holds_bad "a certificate for the address, not the name" \
    'tls://10.53.0.2#dns.example' 'certificate is for another name'
serve wildcard
holds_good "a wildcard certificate" 'tls://10.53.0.2#a.dns.example'
serve nameless
holds_bad "the subject's common name does not count" \
    'tls://10.53.0.2#dns.example' 'certificate is for another name'
serve expired
holds_bad "a certificate past its time" 'tls://10.53.0.2#dns.example' \
    'certificate has expired'
serve self
holds_bad "a certificate of nobody's" 'tls://10.53.0.2#dns.example' \
    'self-signed certificate'
serve name
configure 'tls://10.53.0.2#dns.example'
start -c resolverd.yaml
ask >/dev/null
holds "an authority that the system does not know" \
    '#dns.example: unable to get local issuer certificate' \
    "$(cat daemon.log)"
stop
if [ -d /etc/ssl/certs ]; then
	mkdir store
	cp ca.crt store
	openssl rehash store
	mount --bind store /etc/ssl/certs
	start -c resolverd.yaml
	same "one that it knows" 203.0.113.5 "$(ask +short)"
	stop
fi

# Settings.
configure 'tls://10.53.0.2#dns.example' 'tls_ca_file: nowhere.crt'
holds "a file of authorities that is not there" \
    "^resolverd.yaml:4:14: error: tls_ca_file: .* nowhere.crt: No such file" \
    "$("$RESOLVERD" -t -c resolverd.yaml 2>&1)"
configure 'tls://10.53.0.2#dns.example' 'tls_ca_file: name.ext'
holds "a file that holds none" "^resolverd.yaml:4:14: error: tls_ca_file" \
    "$("$RESOLVERD" -t -c resolverd.yaml 2>&1)"
certificate stranger -self DNS:dns.example
configure 'tls://10.53.0.2#dns.example' 'tls_ca_file: stranger.crt' \
    'cache_size: 1M'
start -c resolverd.yaml
holds "the wrong authority" 'status: SERVFAIL' "$(ask)"
configure 'tls://10.53.0.2#dns.example' 'tls_ca_file: ca.crt' 'cache_size: 1M'
reload
until_true "a reload changes whom TLS believes" sh -c \
    'dig +short +time=6 @127.0.0.1 www.public.example | grep -q 203'
configure 'tls://10.53.0.2#dns.example' 'tls_ca_file: nowhere.crt'
reload
holds "a reload that cannot read them is refused" \
    'tls_ca_file: .* from nowhere.crt' "$(cat daemon.log)"
same "and what was served is served" 203.0.113.5 "$(ask +short)"
serve name
same "a server may start anew" NOERROR \
    "$(dig +time=6 +tries=1 @127.0.0.1 alias.public.example |
	sed -n 's/.*status: \([A-Z]*\).*/\1/p')"
stop
kill "$served"
wait "$served" 2>/dev/null

# A server that tells what it meets.
# play MANNER ARGUMENT...
play() {
	[ "$served" -eq 0 ] || { kill "$served"; wait "$served" 2>/dev/null; }
	: >server.log
	python3 "$stream_server" 10.53.0.2 853 "$@" >server.log 2>&1 &
	served=$!
	until_true "the server listens" grep -q '^listening' server.log
}

served=0
configure 'tls://10.53.0.2#dns.example' 'tls_ca_file: ca.crt'
play answer --tls name.crt name.key
start -c resolverd.yaml
same "a question is answered" 203.0.113.7 "$(ask +short)"
holds "TLS is new, and its purpose is said" '^handshake TLSv1.3 dot full' \
    "$(cat server.log)"
holds "so is the name that is meant" '^name dns.example' "$(cat server.log)"
for n in $(seq 300); do
	echo "n$n.many.example A"
done >names
same "300 questions at once are all answered" 300 \
    "$(dnsperf -s 127.0.0.1 -d names -n 1 -q 300 -t 6 2>/dev/null |
	awk '/Queries completed/ { print $3 }')"
[ "$(grep -c '^connection' server.log)" -le 4 ] ||
    die "that took $(grep -c '^connection' server.log) connections"
ok "by four connections at most"
stop

play close --tls name.crt name.key
start -c resolverd.yaml
for n in 1 2 3; do
	same "a connection that ended is opened anew: $n" 203.0.113.7 \
	    "$(dig +short +time=6 +tries=1 @127.0.0.1 "$n.example")"
done
holds "and takes the session up" '^handshake TLSv1.3 dot resumed' \
    "$(cat server.log)"
stop

play answer --tls name.crt name.key --old
start -c resolverd.yaml
holds "TLS 1.1 is no TLS" 'status: SERVFAIL' "$(ask)"
stop
play answer
start -c resolverd.yaml
begin=$(date +%s)
holds "a server without TLS" 'status: SERVFAIL' "$(ask)"
[ $(($(date +%s) - begin)) -le 5 ] || die "it took too long"
stop
for manner in refuse drop garbage half mute; do
	play "$manner" --tls name.crt name.key
	start -c resolverd.yaml
	begin=$(date +%s)
	holds "a server that cannot be used: $manner" 'status: SERVFAIL' \
	    "$(ask)"
	[ $(($(date +%s) - begin)) -le 5 ] || die "it took too long"
	same "served names do not mind" "$restricted" \
	    "$(dig +short +time=1 +tries=1 @127.0.0.1 run.app | sorted)"
	stop
done

# Opportunistic: whatever certificate there is will do.
play answer --tls self.crt self.key
configure 'tls://10.53.0.2#other.example' 'tls_authentication: opportunistic'
start -c resolverd.yaml
same "an opportunistic question is not choosy" 203.0.113.7 "$(ask +short)"
stop
kill "$served"
wait "$served" 2>/dev/null
unbound -d -c upstream.conf 2>upstream.log &
until_true "a server without TLS answers" \
    sh -c 'dig +short @10.53.0.2 www.public.example | grep -q 203'
start -c resolverd.yaml
same "nor does it insist on TLS" 203.0.113.5 "$(ask +short)"
stop
configure 'tls://10.53.0.2#other.example'
start -c resolverd.yaml
holds "a strict one does" 'status: SERVFAIL' "$(ask)"
stop
