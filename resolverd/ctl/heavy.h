#ifndef CTL_HEAVY_H
#define CTL_HEAVY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

enum { HEAVY_KEY = 255 };

/* A key, and how often it came. */
struct heavy_item {
	uint64_t count;	 /* at most so often */
	uint64_t error;	 /* and not less than count - error */
	uint64_t recent; /* of it since heavy_turn */
	uint32_t next;	 /* in its bucket: index + 1, 0: none */
	uint32_t place;	 /* in the heap */
	uint8_t len;
	uint8_t key[HEAVY_KEY];
};

/*
 * The most frequent of any number of keys, in memory that does not grow:
 * Space-Saving (Metwally, Agrawal, El Abbadi: "Efficient Computation of
 * Frequent and Top-k Elements in Data Streams", ICDT 2005).  A key that is
 * not among the counted takes the place, and the count, of the least of them.
 *
 * With n counters, of a total of t: every key that came more than t / n times
 * is among them; no count is too small; none is too large by more than its
 * error, and no error is more than t / n.
 */
struct heavy {
	struct heavy_item *items;
	const struct heavy_item **order; /* heavy_top's */
	uint32_t *heap;			 /* of indices, least count first */
	uint32_t *buckets;		 /* index + 1, 0: none */
	size_t size;
	size_t used;
	uint64_t total;
	struct hash_key key; /* whoever asks may choose the keys */
};

/* size: of counters, at least 1.  False: no memory, and nothing to free. */
bool heavy_init(struct heavy *heavy, size_t size, const struct hash_key *key);
void heavy_fini(struct heavy *heavy);

/* Counts a key of at most HEAVY_KEY octets. */
void heavy_add(struct heavy *heavy, const void *key, size_t len);

/* From here on `recent` counts anew. */
void heavy_turn(struct heavy *heavy);

/*
 * All `used` of them, the greatest count first, equal ones in order of their
 * keys; valid until the next call of any function.
 */
const struct heavy_item *const *heavy_top(struct heavy *heavy);

#endif
