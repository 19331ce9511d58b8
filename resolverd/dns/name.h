#ifndef DNS_NAME_H
#define DNS_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns/wire.h"

enum {
	NAME_SIZE = 255,   /* RFC 1035 section 2.3.4, root included */
	NAME_LABELS = 127, /* labels before the root, at most */
	NAME_TEXT = 4 * NAME_SIZE + 1, /* every octet as \DDD, terminator */
};

/*
 * A domain name in wire form, never compressed, and always whole: labels,
 * then the root's zero octet.  Functions that only look at a name take a
 * pointer to such wire, so that names packed in zones and caches need no
 * copy.  Letter case is kept unless a function says that it folds.
 */
struct name {
	uint8_t len;	/* octets of wire in use, the root's included */
	uint8_t labels; /* the root not counted */
	uint8_t wire[NAME_SIZE];
};

enum {
	NAME_HOPS = 16,		  /* compression pointers a name may take */
	NAME_MESSAGE_HOPS = 4096, /* and all names read by one reader */
};

/*
 * Reads a name at the cursor, following compression pointers.  A pointer must
 * point before the part that it ends, so that each leads strictly backwards
 * (RFC 9267 section 2), and there are bounds to their number.  On failure
 * sets reader->bad and returns false; the name is then undefined.
 */
bool name_read(struct name *name, struct reader *reader);

/*
 * Where the octets of a name begin that name_read has read at an offset: of two
 * that begin at the same place one need not be read again.
 */
size_t name_origin(const struct reader *reader, size_t at);

/* The same as name_read for a place where no pointer may stand, such as a
 * question. */
bool name_read_plain(struct name *name, struct reader *reader);

/* Folds A-Z to a-z in place (RFC 4343). */
void name_fold(struct name *name);

/* Copies whole wire of len octets folded into name, all but its labels. */
void name_set_folded(struct name *name, const uint8_t *wire, size_t len);

/* Copies whole wire into name. */
void name_set(struct name *name, const uint8_t *wire);

/* Octets of whole wire, 1 to NAME_SIZE. */
size_t name_size(const uint8_t *wire);

/* Labels of whole wire, the root not counted. */
unsigned name_labels(const uint8_t *wire);

/* Equal without regard to letter case. */
bool name_equal(const uint8_t *a, const uint8_t *b);

/* An order for sorting, the same without regard to letter case: <0, 0, >0. */
int name_compare(const struct name *a, const struct name *b);

/* Whether name is apex or lies below it, by whole labels, case ignored. */
bool name_under(const uint8_t *name, const uint8_t *apex);

/* The name without its first n labels; n is at most name_labels(wire). */
const uint8_t *name_strip(const uint8_t *wire, unsigned n);

/* Whether the first label is the single octet '*' (RFC 4592). */
bool name_is_wildcard(const uint8_t *wire);

/* What is wrong with a name's text. */
enum name_error {
	NAME_OK,
	NAME_EMPTY,	 /* no text, or two dots in a row */
	NAME_LABEL_LONG, /* a label over 63 octets */
	NAME_LONG,	 /* over 255 octets in all */
	NAME_BAD_ESCAPE, /* \ without a character, or \DDD over 255 */
	NAME_BAD_OCTET,	 /* white space, a control octet or 8-bit unescaped */
};

/*
 * Parses presentation form (RFC 1035 section 5.1, RFC 4343): an absolute name
 * whose final dot may be missing; "." is the root.  name is left alone on
 * failure.
 */
enum name_error name_from_text(struct name *name, const char *text);

/* A sentence fragment for a message: "has a label longer than 63 octets". */
const char *name_error_text(enum name_error error);

/* Writes presentation form with the final dot; returns buf. */
const char *name_to_text(const uint8_t *wire, char buf[NAME_TEXT]);

#endif
