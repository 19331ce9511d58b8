#ifndef CTL_HTTP_ERROR_H
#define CTL_HTTP_ERROR_H

#include <stddef.h>

/* A header field that every answer has. */
struct http_header {
	const char *name;
	const char *value;
};

/* Content-Security-Policy of all that is no page: nothing may be loaded. */
#define HTTP_ERROR_POLICY "default-src 'none'; frame-ancestors 'none'"

/* Ended by a NULL name. */
extern const struct http_header http_error_headers[];

/* What a status is called: "Not Found". */
const char *http_error_word(unsigned status);

/*
 * The body that tells an error: a JSON document, of *len octets, that the
 * caller frees; NULL: no memory.
 */
char *http_error_body(unsigned status, const char *text, size_t *len);

#endif
