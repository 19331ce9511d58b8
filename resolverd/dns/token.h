#ifndef DNS_TOKEN_H
#define DNS_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns/name.h"
#include "dns/wire.h"

/* Cold: the words of presentation form (RFC 1035 section 5.1). */

enum token_form {
	TOKEN_PLAIN,  /* no quotes */
	TOKEN_QUOTED, /* "whole" */
	TOKEN_VALUE,  /* key="value", as RFC 9460 has it */
};

/* One word: its quotes are gone, its escapes are as written. */
struct token {
	char *text; /* inside the text the reader stands on */
	enum token_form form;
};

/* Cuts a text into words, in place.  fault is sticky and ends the words. */
struct token_reader {
	char *at;
	const char *fault; /* a sentence fragment, or NULL */
};

struct token_reader token_over(char *text);

/* The next word; false at the end or at a fault. */
bool token_next(struct token_reader *reader, struct token *out);

/* All words that are left as one, for hexadecimal and base64. */
bool token_join(struct token_reader *reader, struct token *out);

/*
 * Replaces \C and \DDD by what they stand for.  Writes to out, which may be
 * text itself or NULL when only the length is wanted.  No terminator.
 */
bool token_unescape(const char *text, char *out, size_t *len);

/*
 * A name, completed with origin when it does not end with a dot; without an
 * origin such a name is a fault, and so is "@", which stands for the origin.
 * Returns NULL or a sentence fragment.
 */
const char *
token_name(const char *text, const struct name *origin, struct name *out);

/* Seconds: "300", or with the units w, d, h, m and s "1h30m". */
bool token_period(const char *text, uint32_t *out);

/* Appends as much of text as fits; the writer is bad when it was cut. */
void token_put(struct writer *out, const char *text);

/* Appends octets so that they read back as one word without quotes. */
void token_put_octets(struct writer *out, const uint8_t *octets, size_t len);

#endif
