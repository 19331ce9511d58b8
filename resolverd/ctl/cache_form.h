#ifndef CTL_CACHE_FORM_H
#define CTL_CACHE_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/cache.h"

struct snapshot;

/*
 * The cache as a file.  Numbers are big-endian.
 *
 *   magic, 16 octets; version, u32; when it was written, seconds since 1970,
 *   u64; 0, u32
 *   blocks: length, u32; so many octets, of which the first is its kind
 *     'G': the label of an upstream group; they are numbered from 0
 *     'E': an answer: group, u16; flags, u8; seconds left, u32; and the answer
 *          as a message of RFC 1035 with its question
 *   0, u32; a keyed hash of all blocks, u64
 *
 * An answer is read back by the parser that reads servers' answers, so that a
 * file can put nothing into a cache that a server could not.
 */

/* What is written. */
struct cache_saving {
	const struct cache *const *caches; /* of all workers */
	size_t count;
	const struct snapshot *snapshot; /* whose groups the answers are of */
	uint64_t now;			 /* nanoseconds, of the caches */
	uint64_t date;			 /* seconds since 1970 */
	uint64_t limit;			 /* octets that may be written */
};

/*
 * Writes each fresh answer once, the freshest, and no failure; *entries says
 * how many.  False when the file took an error, or there is no memory.
 */
bool
cache_form_write(FILE *out, const struct cache_saving *saving, size_t *entries);

/*
 * Reads a file whole; NULL when it is one that cache_form_write has finished
 * before date, else what is wrong with it.
 */
const char *cache_form_verify(FILE *in, uint64_t date);

/* Where it is read to. */
struct cache_loading {
	const struct snapshot *snapshot;
	uint64_t now;
	uint64_t date;
};

/*
 * Puts what still holds of a file into a cache: not what has expired since, or
 * is of a group that no longer exists.  Returns how many answers; whatever the
 * file says, no harm is done.
 */
size_t cache_form_load(FILE *in, struct cache *cache,
    const struct cache_loading *loading);

#endif
