#ifndef IO_LATE_OPENSSL_H
#define IO_LATE_OPENSSL_H

#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

/*
 * The functions that are used of OpenSSL, and of libevent's part for it, once
 * late_openssl_load has returned NULL (base/late.h).  Macros of OpenSSL's that
 * call a function are of no use: they mean one that is linked.
 */
struct openssl {
	__typeof__(ERR_clear_error) *ERR_clear_error;
	__typeof__(ERR_peek_error) *ERR_peek_error;
	__typeof__(ERR_reason_error_string) *ERR_reason_error_string;
	__typeof__(OpenSSL_version) *OpenSSL_version;
	__typeof__(SSL_CTX_ctrl) *SSL_CTX_ctrl;
	__typeof__(SSL_CTX_free) *SSL_CTX_free;
	__typeof__(SSL_CTX_load_verify_file) *SSL_CTX_load_verify_file;
	__typeof__(SSL_CTX_new) *SSL_CTX_new;
	__typeof__(SSL_CTX_sess_set_new_cb) *SSL_CTX_sess_set_new_cb;
	__typeof__(SSL_CTX_set_alpn_protos) *SSL_CTX_set_alpn_protos;
	__typeof__(SSL_CTX_set_default_verify_paths)
	    *SSL_CTX_set_default_verify_paths;
	__typeof__(SSL_CTX_set_options) *SSL_CTX_set_options;
	__typeof__(SSL_SESSION_free) *SSL_SESSION_free;
	__typeof__(SSL_ctrl) *SSL_ctrl;
	__typeof__(SSL_free) *SSL_free;
	__typeof__(SSL_get0_param) *SSL_get0_param;
	__typeof__(SSL_get_ex_data) *SSL_get_ex_data;
	__typeof__(SSL_get_verify_mode) *SSL_get_verify_mode;
	__typeof__(SSL_get_verify_result) *SSL_get_verify_result;
	__typeof__(SSL_is_init_finished) *SSL_is_init_finished;
	__typeof__(SSL_new) *SSL_new;
	__typeof__(SSL_set_ex_data) *SSL_set_ex_data;
	__typeof__(SSL_set_session) *SSL_set_session;
	__typeof__(SSL_set_verify) *SSL_set_verify;
	__typeof__(SSL_shutdown) *SSL_shutdown;
	__typeof__(TLS_client_method) *TLS_client_method;
	__typeof__(X509_VERIFY_PARAM_set1_host) *X509_VERIFY_PARAM_set1_host;
	__typeof__(X509_VERIFY_PARAM_set1_ip) *X509_VERIFY_PARAM_set1_ip;
	__typeof__(X509_VERIFY_PARAM_set_hostflags)
	    *X509_VERIFY_PARAM_set_hostflags;
	__typeof__(X509_verify_cert_error_string)
	    *X509_verify_cert_error_string;
	__typeof__(bufferevent_get_openssl_error)
	    *bufferevent_get_openssl_error;
	__typeof__(bufferevent_openssl_get_ssl) *bufferevent_openssl_get_ssl;
	__typeof__(bufferevent_openssl_socket_new)
	    *bufferevent_openssl_socket_new;
};
extern struct openssl openssl;

/* As late_load and late_version. */
const char *late_openssl_load(void);
const char *late_openssl_version(void);

#endif
