#include "ctl/doctor_tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"

enum {
	TLS_MS = 3000,
	TEXT = 512,
	NAMES_SHOWN = 4,
	DAYS_NEAR = 14,
	DAY = 24 * 60 * 60,
};

/* A context that trusts the system's certificates, or those of a file. */
static SSL_CTX *
make_context(const struct doctor *doctor)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	const char *ca_file = doctor->options.ca_file;
	bool good;

	if (context == NULL)
		return NULL;
	good = ca_file == NULL
	    ? SSL_CTX_set_default_verify_paths(context) == 1
	    : SSL_CTX_load_verify_file(context, ca_file) == 1;
	/* The handshake goes on whatever it finds, so that it can be told. */
	SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
	if (good)
		return context;
	SSL_CTX_free(context);
	return NULL;
}

/* The name without its final dot, as certificates and HTTP have it. */
static const char *
host_name(const struct doctor *doctor, char host[NAME_TEXT])
{
	snprintf(host, NAME_TEXT, "%.*s", (int)strlen(doctor->name) - 1,
	    doctor->name);
	return host;
}

static SSL *
make_session(const struct doctor *doctor, SSL_CTX *context)
{
	static const unsigned char http[] = "\x08http/1.1";
	SSL *ssl = SSL_new(context);
	char host[NAME_TEXT];

	host_name(doctor, host);
	if (ssl == NULL || SSL_set_fd(ssl, doctor->fd) != 1 ||
	    SSL_set_tlsext_host_name(ssl, host) != 1 ||
	    SSL_set1_host(ssl, host) != 1 ||
	    SSL_set_alpn_protos(ssl, http, sizeof(http) - 1) != 0) {
		SSL_free(ssl);
		return NULL;
	}
	SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return ssl;
}

/* Waits for what the library wants; false when it cannot be had. */
static bool
wait_for(const struct doctor *doctor, SSL *ssl, int result)
{
	struct pollfd ready = {.fd = doctor->fd};

	switch (SSL_get_error(ssl, result)) {
	case SSL_ERROR_WANT_READ:
		ready.events = POLLIN;
		break;
	case SSL_ERROR_WANT_WRITE:
		ready.events = POLLOUT;
		break;
	default:
		return false;
	}
	return poll(&ready, 1, (int)doctor_patience(doctor, TLS_MS)) > 0;
}

/* The names of a certificate, the first ones. */
static const char *
names_text(X509 *certificate, char text[TEXT])
{
	GENERAL_NAMES *names =
	    X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	const int count = names == NULL ? 0 : sk_GENERAL_NAME_num(names);
	size_t at = 0;

	snprintf(text, TEXT, "nobody");
	for (int i = 0; i < count && i < NAMES_SHOWN && at < TEXT; i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
		char shown[TEXT];

		if (name->type != GEN_DNS)
			continue;
		snprintf(shown, sizeof(shown), "%.*s",
		    ASN1_STRING_length(name->d.dNSName),
		    (const char *)ASN1_STRING_get0_data(name->d.dNSName));
		at += (size_t)snprintf(text + at, TEXT - at, "%s%s",
		    at == 0 ? "" : ", ",
		    text_escape(shown, (char[128]){""}, 128));
	}
	GENERAL_NAMES_free(names);
	return text;
}

static const char *
issuer_text(X509 *certificate, char text[TEXT])
{
	char raw[TEXT] = "";

	X509_NAME_oneline(X509_get_issuer_name(certificate), raw, sizeof(raw));
	return text_escape(raw, text, TEXT);
}

static void
tell_date(const ASN1_TIME *date, char text[TEXT])
{
	struct tm tm;

	if (ASN1_TIME_to_tm(date, &tm) != 1 ||
	    strftime(text, TEXT, "%Y-%m-%d", &tm) == 0)
		snprintf(text, TEXT, "an unreadable date");
}

/* A certificate that does not hold, by what is wrong with it. */
static void
tell_untrusted(struct doctor *doctor, X509 *certificate, long why)
{
	char names[TEXT];
	char text[TEXT];

	switch (why) {
	case X509_V_ERR_HOSTNAME_MISMATCH:
		doctor_fail(doctor,
		    "wrong certificate: it is for %s and not for this name",
		    names_text(certificate, names));
		doctor_evidence(doctor,
		    "another service has the address; its issuer is %s",
		    issuer_text(certificate, text));
		break;
	case X509_V_ERR_CERT_HAS_EXPIRED:
		tell_date(X509_get0_notAfter(certificate), text);
		doctor_fail(doctor, "the certificate expired on %s", text);
		doctor_evidence(doctor,
		    "or the clock of this machine is wrong");
		doctor_fix(doctor, "timedatectl");
		break;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		tell_date(X509_get0_notBefore(certificate), text);
		doctor_fail(doctor, "the certificate holds only from %s on",
		    text);
		doctor_evidence(doctor,
		    "or the clock of this machine is wrong");
		doctor_fix(doctor, "timedatectl");
		break;
	default:
		doctor_fail(doctor, "the certificate is not trusted: %s",
		    X509_verify_cert_error_string(why));
		doctor_evidence(doctor,
		    "its issuer is %s; a proxy that looks into TLS would be "
		    "seen by this too",
		    issuer_text(certificate, text));
		break;
	}
}

static void
tell_trusted(struct doctor *doctor, SSL *ssl, X509 *certificate)
{
	const ASN1_TIME *end = X509_get0_notAfter(certificate);
	time_t near = time(NULL) + (time_t)DAYS_NEAR * DAY;
	char date[TEXT];
	char text[TEXT];

	tell_date(end, date);
	if (X509_cmp_time(end, &near) < 0) {
		doctor_warn(doctor, "the certificate expires soon, on %s",
		    date);
	} else {
		doctor_pass(doctor, "%s, and the certificate is the name's",
		    SSL_get_version(ssl));
	}
	doctor_evidence(doctor, "for %s; until %s",
	    names_text(certificate, text), date);
}

static void
judge(struct doctor *doctor, SSL *ssl)
{
	X509 *certificate = SSL_get1_peer_certificate(ssl);
	const long why = SSL_get_verify_result(ssl);

	if (certificate == NULL) {
		doctor_fail(doctor, "the server shows no certificate");
	} else if (why != X509_V_OK) {
		tell_untrusted(doctor, certificate, why);
	} else {
		doctor->trusted = true;
		tell_trusted(doctor, ssl, certificate);
	}
	X509_free(certificate);
}

/* No handshake. */
static void
tell_failure(struct doctor *doctor)
{
	const unsigned long error = ERR_peek_last_error();
	const char *reason = ERR_reason_error_string(error);

	doctor_fail(doctor, "the TLS handshake fails: %s",
	    reason == NULL ? "the server hangs up, or says nothing" : reason);
	doctor_evidence(doctor,
	    "a connection can be made, so that routes and "
	    "firewalls let it through; who is there does "
	    "not speak TLS, or does not know the name");
}

static bool
handshake(struct doctor *doctor, SSL *ssl)
{
	int result;

	ERR_clear_error();
	while ((result = SSL_connect(ssl)) != 1) {
		if (!wait_for(doctor, ssl, result))
			return false;
	}
	return true;
}

void
doctor_tls_run(struct doctor *doctor)
{
	SSL_CTX *context = NULL;
	SSL *ssl = NULL;

	if (doctor->fd < 0) {
		doctor_skip(doctor, "there is no connection");
		return;
	}
	context = make_context(doctor);
	if (context != NULL)
		ssl = make_session(doctor, context);
	if (ssl == NULL) {
		doctor_skip(doctor,
		    "TLS cannot be tried: no certificates to trust in %s",
		    doctor->options.ca_file == NULL ? "this system"
						    : doctor->options.ca_file);
	} else if (handshake(doctor, ssl)) {
		doctor->session = ssl;
		judge(doctor, ssl);
		ssl = NULL;
	} else {
		tell_failure(doctor);
	}
	SSL_free(ssl);
	SSL_CTX_free(context);
}

bool
doctor_tls_send(struct doctor *doctor, const void *octets, size_t len)
{
	int result;

	while ((result = SSL_write(doctor->session, octets, (int)len)) <= 0) {
		if (!wait_for(doctor, doctor->session, result))
			return false;
	}
	return true;
}

size_t
doctor_tls_receive(struct doctor *doctor, void *octets, size_t cap)
{
	int result;

	while ((result = SSL_read(doctor->session, octets, (int)cap)) <= 0) {
		if (!wait_for(doctor, doctor->session, result))
			return 0;
	}
	return (size_t)result;
}

void
doctor_tls_close(struct doctor *doctor)
{
	SSL_free(doctor->session);
	doctor->session = NULL;
	if (doctor->fd >= 0)
		close(doctor->fd);
	doctor->fd = -1;
}
