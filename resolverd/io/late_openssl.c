#include "io/late_openssl.h"

#include "base/late.h"

struct openssl openssl;

#define ROW(function)                                         \
	{                                                     \
		.name = #function, .place = &openssl.function \
	}
static const struct late_function functions[] = {
    ROW(ERR_clear_error),
    ROW(ERR_peek_error),
    ROW(ERR_reason_error_string),
    ROW(OpenSSL_version),
    ROW(SSL_CTX_ctrl),
    ROW(SSL_CTX_free),
    ROW(SSL_CTX_load_verify_file),
    ROW(SSL_CTX_new),
    ROW(SSL_CTX_sess_set_new_cb),
    ROW(SSL_CTX_set_alpn_protos),
    ROW(SSL_CTX_set_default_verify_paths),
    ROW(SSL_CTX_set_options),
    ROW(SSL_SESSION_free),
    ROW(SSL_ctrl),
    ROW(SSL_free),
    ROW(SSL_get0_param),
    ROW(SSL_get_ex_data),
    ROW(SSL_get_verify_mode),
    ROW(SSL_get_verify_result),
    ROW(SSL_is_init_finished),
    ROW(SSL_new),
    ROW(SSL_set_ex_data),
    ROW(SSL_set_session),
    ROW(SSL_set_verify),
    ROW(SSL_shutdown),
    ROW(TLS_client_method),
    ROW(X509_VERIFY_PARAM_set1_host),
    ROW(X509_VERIFY_PARAM_set1_ip),
    ROW(X509_VERIFY_PARAM_set_hostflags),
    ROW(X509_verify_cert_error_string),
    ROW(bufferevent_get_openssl_error),
    ROW(bufferevent_openssl_get_ssl),
    ROW(bufferevent_openssl_socket_new),
};

enum { FUNCTIONS = sizeof(functions) / sizeof(functions[0]) };
_Static_assert(sizeof(struct openssl) == FUNCTIONS * sizeof(void *),
    "every pointer has its row");

static const char *
library_version(void)
{
	return openssl.OpenSSL_version(OPENSSL_VERSION_STRING);
}

static struct late library = {
    .name = "OpenSSL",
    .files = {LATE_EVENT_OPENSSL, LATE_SSL},
    .functions = functions,
    .function_count = FUNCTIONS,
    .version = library_version,
    .least = "3.0.0",
    .lock = PTHREAD_MUTEX_INITIALIZER,
};

const char *
late_openssl_load(void)
{
	return late_load(&library);
}

const char *
late_openssl_version(void)
{
	return late_version(&library);
}
