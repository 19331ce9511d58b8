#include "io/tls.h"

#include <errno.h>
#include <event2/bufferevent.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/server.h"
#include "io/clock.h"
#include "io/late_openssl.h"
#include "io/spare.h"

#define COMPLAINT_INTERVAL (60 * CLOCK_SECOND)

/* Servers that share a place keep each other quiet: no harm. */
enum { TLS_COMPLAINTS = 64 };

struct tls {
	atomic_uint references;
	uint64_t serial;
	SSL_CTX *context;
};

/* A session came, with TLS 1.3 more than one: the last is kept. */
static int
tls_keep_session(SSL *ssl, SSL_SESSION *session)
{
	struct tls_ticket *ticket = openssl.SSL_get_ex_data(ssl, 0);

	tls_forget(ticket);
	ticket->session = session;
	return 1; /* the reference is ours now */
}

static bool
tls_trust(SSL_CTX *context, const char *ca_file)
{
	return ca_file == NULL
	    ? openssl.SSL_CTX_set_default_verify_paths(context) == 1
	    : openssl.SSL_CTX_load_verify_file(context, ca_file) == 1;
}

static bool
tls_restrict(SSL_CTX *context)
{
	/* RFC 7858 section 3.2; the id is in IANA's registry. */
	static const unsigned char alpn[] = {3, 'd', 'o', 't'};

	/* Messages have lengths: nothing is lost unnoticed at a rude end, and
	 * the session may be taken up. */
	openssl.SSL_CTX_set_options(context,
	    SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
		SSL_OP_IGNORE_UNEXPECTED_EOF);
	openssl.SSL_CTX_ctrl(context, SSL_CTRL_MODE,
	    SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
		SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER,
	    NULL);
	/* Sessions are kept by server and worker, not here. */
	openssl.SSL_CTX_ctrl(context, SSL_CTRL_SET_SESS_CACHE_MODE,
	    SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL, NULL);
	openssl.SSL_CTX_sess_set_new_cb(context, tls_keep_session);
	/* RFC 8310 section 9 and RFC 7525: nothing older than 1.2. */
	return openssl.SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION,
		   TLS1_2_VERSION, NULL) == 1 &&
	    openssl.SSL_CTX_set_alpn_protos(context, alpn, sizeof(alpn)) == 0;
}

/* The library's reason, in words that stay; NULL: it has none. */
static const char *
tls_reason(unsigned long error)
{
	/* An error of the system has no reason but errno. */
	return error == 0 || ERR_SYSTEM_ERROR(error)
	    ? NULL
	    : openssl.ERR_reason_error_string(error);
}

static void
tls_explain(char why[TLS_WHY])
{
	const unsigned long error = openssl.ERR_peek_error();
	const char *reason = tls_reason(error);

	snprintf(why, TLS_WHY, "%s",
	    ERR_SYSTEM_ERROR(error) ? strerror(ERR_GET_REASON(error))
		: reason == NULL    ? "out of memory"
				    : reason);
	openssl.ERR_clear_error();
}

struct tls *
tls_new(const char *ca_file, char why[TLS_WHY])
{
	static atomic_uint_fast64_t serials;
	const char *missing = late_openssl_load();
	struct tls *tls;

	if (missing != NULL) {
		snprintf(why, TLS_WHY, "%s", missing);
		return NULL;
	}
	tls = calloc(1, sizeof(*tls));
	if (tls == NULL)
		goto out;
	openssl.ERR_clear_error();
	tls->context = openssl.SSL_CTX_new(openssl.TLS_client_method());
	if (tls->context == NULL || !tls_restrict(tls->context) ||
	    !tls_trust(tls->context, ca_file))
		goto out;
	atomic_init(&tls->references, 1);
	tls->serial = atomic_fetch_add(&serials, 1) + 1;
	return tls;
out:
	tls_explain(why);
	if (tls != NULL)
		openssl.SSL_CTX_free(tls->context);
	free(tls);
	return NULL;
}

struct tls *
tls_hold(struct tls *tls)
{
	if (tls != NULL) {
		atomic_fetch_add_explicit(&tls->references, 1,
		    memory_order_relaxed);
	}
	return tls;
}

void
tls_drop(struct tls *tls)
{
	/* Whatever others did with it happened before it is freed. */
	if (tls == NULL ||
	    atomic_fetch_sub_explicit(&tls->references, 1,
		memory_order_acq_rel) > 1)
		return;
	openssl.SSL_CTX_free(tls->context);
	free(tls);
}

uint64_t
tls_serial(const struct tls *tls)
{
	return tls == NULL ? 0 : tls->serial;
}

static size_t
tls_place(const struct addr *server)
{
	const uint8_t *octets = (const uint8_t *)&server->u;
	size_t place = 0;

	for (size_t i = 0; i < server->len; i++)
		place = place * 31 + octets[i];
	return place % TLS_COMPLAINTS;
}

bool
tls_may_complain(const struct addr *server, uint64_t now)
{
	static atomic_uint_fast64_t complain_at[TLS_COMPLAINTS];
	atomic_uint_fast64_t *at = &complain_at[tls_place(server)];
	uint_fast64_t due = atomic_load(at);

	return now >= due &&
	    atomic_compare_exchange_strong(at, &due, now + COMPLAINT_INTERVAL);
}

void
tls_forget(struct tls_ticket *ticket)
{
	/* Who has none may have no OpenSSL either. */
	if (ticket->session != NULL)
		openssl.SSL_SESSION_free(ticket->session);
	ticket->session = NULL;
}

static bool
tls_expect_address(X509_VERIFY_PARAM *param, const struct addr *addr)
{
	if (addr->u.any.sa_family == AF_INET6) {
		return openssl.X509_VERIFY_PARAM_set1_ip(param,
			   (const void *)&addr->u.in6.sin6_addr,
			   sizeof(addr->u.in6.sin6_addr)) == 1;
	}
	return openssl.X509_VERIFY_PARAM_set1_ip(param,
		   (const void *)&addr->u.in4.sin_addr,
		   sizeof(addr->u.in4.sin_addr)) == 1;
}

/* The library takes a copy, by a pointer that is not to const. */
static bool
tls_send_name(SSL *ssl, const char *name)
{
	char copy[SERVER_NAME];

	snprintf(copy, sizeof(copy), "%s", name);
	return openssl.SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME,
		   TLSEXT_NAMETYPE_host_name, copy) == 1;
}

/* Whom the certificate must be for (RFC 8310 section 8.1). */
static bool
tls_expect(SSL *ssl, const struct tls_peer *peer)
{
	X509_VERIFY_PARAM *param = openssl.SSL_get0_param(ssl);

	if (peer->name != NULL && !tls_send_name(ssl, peer->name))
		return false;
	if (peer->trusted) {
		openssl.SSL_set_verify(ssl, SSL_VERIFY_NONE, NULL);
		return true;
	}
	openssl.SSL_set_verify(ssl, SSL_VERIFY_PEER, NULL);
	openssl.X509_VERIFY_PARAM_set_hostflags(param,
	    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
		X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
	return peer->name != NULL
	    ? openssl.X509_VERIFY_PARAM_set1_host(param, peer->name, 0) == 1
	    : tls_expect_address(param, peer->addr);
}

/* RFC 8446 appendix C.4: a ticket that is used twice links connections. */
static void
tls_resume(SSL *ssl, struct tls_ticket *ticket)
{
	openssl.SSL_set_ex_data(ssl, 0, ticket);
	if (ticket->session != NULL)
		openssl.SSL_set_session(ssl, ticket->session);
	tls_forget(ticket);
}

struct bufferevent *
tls_open(const struct tls *tls, struct event_base *base, int fd,
    const struct tls_peer *peer)
{
	SSL *ssl = spare_is_not_needed() ? openssl.SSL_new(tls->context) : NULL;
	struct bufferevent *stream = NULL;

	if (ssl != NULL && tls_expect(ssl, peer)) {
		tls_resume(ssl, peer->ticket);
		/* Without memory it frees what it was to free later. */
		stream = openssl.bufferevent_openssl_socket_new(base, fd, ssl,
		    BUFFEREVENT_SSL_CONNECTING, BEV_OPT_CLOSE_ON_FREE);
	} else {
		openssl.SSL_free(ssl);
	}
	openssl.ERR_clear_error();
	return stream;
}

const char *
tls_trouble(struct bufferevent *stream)
{
	SSL *ssl = openssl.bufferevent_openssl_get_ssl(stream);
	const long verdict = openssl.SSL_get_verify_result(ssl);
	const bool checked =
	    (openssl.SSL_get_verify_mode(ssl) & SSL_VERIFY_PEER) != 0;

	if (!checked || verdict == X509_V_OK) {
		return tls_reason(
		    openssl.bufferevent_get_openssl_error(stream));
	}
	if (verdict == X509_V_ERR_HOSTNAME_MISMATCH)
		return "certificate is for another name";
	if (verdict == X509_V_ERR_IP_ADDRESS_MISMATCH)
		return "certificate is for another address";
	return openssl.X509_verify_cert_error_string(verdict);
}

void
tls_close(struct bufferevent *stream)
{
	SSL *ssl = openssl.bufferevent_openssl_get_ssl(stream);

	if (openssl.SSL_is_init_finished(ssl))
		openssl.SSL_shutdown(ssl);
	openssl.ERR_clear_error();
	bufferevent_free(stream);
}
