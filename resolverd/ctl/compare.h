#ifndef CTL_COMPARE_H
#define CTL_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "ctl/stub.h"

/* What two answers to a question differ in that a client would notice. */

enum compare_kind {
	COMPARE_RCODE,
	COMPARE_FLAGS,	    /* AA, RA and AD */
	COMPARE_RECORDS,    /* of the answer section, whatever their order */
	COMPARE_CHAIN,	    /* the same sets, in another order */
	COMPARE_TTL,	    /* that no counting down explains */
	COMPARE_AUTHORITY,  /* the SOA of a negative answer */
	COMPARE_EDNS,	    /* whether there is, and the size it tells */
	COMPARE_TRUNCATION, /* whether the answer fits a datagram */
	COMPARE_KINDS,
};

/* "rcode", "flags": for options, and for scripts. */
const char *compare_kind_text(enum compare_kind kind);

struct compare_difference {
	enum compare_kind kind;
	const char *what; /* "A of db.example.", or "" */
	const char *left;
	const char *right;
};

enum { COMPARE_DIFFERENCES = 64 }; /* more of one question are not kept */

struct comparison {
	size_t count;
	struct compare_difference items[COMPARE_DIFFERENCES];
};

/* What both servers answered at a time. */
struct compare_pair {
	struct stub_reply left;
	struct stub_reply right;
};

/*
 * Compares two answers, both there.  before is what the same servers answered
 * at least a second earlier, or NULL: a TTL that has changed since then is a
 * cache's, and may be any amount less than the other's.  Texts lie in arena,
 * and in what the replies lie in.
 */
void compare_replies(const struct compare_pair *pair,
    const struct compare_pair *before, struct arena *arena,
    struct comparison *out);

#endif
