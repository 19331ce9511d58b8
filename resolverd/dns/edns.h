#ifndef DNS_EDNS_H
#define DNS_EDNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "dns/wire.h"

/* The options of an OPT record (RFC 6891 section 6.1.2). */

enum {
	EDNS_OPTIONS = 16,	 /* more in one record: malformed */
	EDNS_OPTIONS_SIZE = 512, /* and more octets of a client's */
	EDNS_TEXT = 200,	 /* octets kept of a server's text */
	EDNS_BLOCK = 128,	 /* what a query is padded to, RFC 8467 4.1 */
};

enum {
	COOKIE_CLIENT = 8,
	COOKIE_SERVER_MIN = 8,
	COOKIE_SERVER_MAX = 32,
};

/* A DNS Cookie (RFC 7873 section 4). */
struct cookie {
	uint8_t client[COOKIE_CLIENT];
	uint8_t server_len; /* 0: the server's part is not known yet */
	uint8_t server[COOKIE_SERVER_MAX];
};

/* An Extended DNS Error that came from a server (RFC 8914). */
struct edns_error {
	uint16_t code;
	const char *text; /* UTF-8 without control characters; "": none */
};

/* What is of use among the options of one record. */
struct edns_options {
	bool has_cookie;
	struct cookie cookie;
	bool has_error;
	uint16_t error_code;
	const uint8_t *error_text; /* borrowed from the record, as it came */
	size_t error_len;
};

/*
 * Reads the options that fill a record of len octets.  False when they do not
 * fill it exactly, when there are more than EDNS_OPTIONS, when a cookie has a
 * length that none can have (RFC 7873 section 5.2.2), or an Extended DNS Error
 * has no code.  Of two of a kind the first counts.  Others are ignored.
 */
bool edns_read(struct edns_options *found, const uint8_t *options, size_t len);

/*
 * Keeps an error found by edns_read in the arena; NULL when that is full.  Of
 * the text EDNS_TEXT octets are kept, cut between characters.  What is not
 * UTF-8, or is a control character, line separator or a mark of writing
 * direction, becomes a '?': the text ends up in logs and terminals.
 */
const struct edns_error *
edns_error_keep(const struct edns_options *found, struct arena *arena);

/*
 * The name of an Extended DNS Error in IANA's registry, such as "DNSSEC
 * Bogus", or NULL.
 */
const char *edns_error_name(uint16_t code);

/* Adds a COOKIE option. */
void edns_cookie_put(struct writer *out, const struct cookie *cookie);

/*
 * Adds a padding option (RFC 7830) that makes the message, of which it is the
 * last part, a multiple of block octets long.
 */
void edns_padding_put(struct writer *out, size_t block);

#endif
