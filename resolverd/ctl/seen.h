#ifndef CTL_SEEN_H
#define CTL_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

struct question;

/*
 * Which questions came up already, letter case ignored.  Keeps eight octets of
 * each, not the name: sixteen to thirty-two megabytes for a million, and one in
 * some thousand million is taken for another.
 */
struct seen {
	struct hash_key key;
	uint64_t *slots; /* 0: free */
	size_t size;
	size_t count;
};

void seen_init(struct seen *seen, const struct hash_key *key);
void seen_fini(struct seen *seen);

/* Notes a question; false: it was there.  Without memory all are new. */
bool seen_add(struct seen *seen, const struct question *question);

#endif
