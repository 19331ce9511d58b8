#ifndef CORE_CACHE_H
#define CORE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/hash.h"
#include "dns/reply.h"

/*
 * Answers of upstream servers, keyed by the question that was asked and by
 * whom: no entry is ever found by the owner of a record inside it.  One block
 * of memory used as a ring: a new entry overwrites the oldest, and an entry
 * that is asked for while it is among the oldest is written anew at the head.
 * Belongs to one worker.
 */
struct cache {
	uint8_t *block;
	size_t size;
	size_t head;	   /* where the next entry is written */
	size_t tail;	   /* the oldest entry */
	size_t entries;	   /* between tail and head */
	uint32_t *buckets; /* at the block's start; offset / CACHE_ALIGN */
	size_t bucket_mask;
	size_t start; /* first octet after the buckets */
	struct hash_key key;
};

/* The question, as far as it tells answers apart. */
struct cache_key {
	const uint8_t *name; /* folded whole wire */
	uint16_t type;
	bool dnssec_ok;
	bool checking_disabled;
	uint64_t group; /* id of the upstream group */
};

/* The least size that cache_init takes. */
enum { CACHE_SIZE_MIN = 65536 };

/*
 * Makes an empty cache in block, size octets (a larger one than 4 GiB is
 * used up to there).  The block must be zeroed and aligned for any object,
 * stays the caller's, and is only touched where entries go: fresh pages of
 * the kernel's stay unused until then.
 */
void cache_init(struct cache *cache, void *block, size_t size,
    const struct hash_key *key);

/*
 * Looks a question up at now (nanoseconds).  On a hit rebuilds the reply in
 * arena with TTLs counted down by the whole seconds gone by and returns
 * true; an entry whose time is over is a miss.  The reply's target is not
 * kept and comes back as NULL.
 */
bool cache_get(struct cache *cache, const struct cache_key *key, uint64_t now,
    struct reply *reply, struct arena *arena);

/*
 * Keeps a reply for ttl seconds from now.  A ttl of 0, or a reply that needs
 * more than 16 KiB, is not kept; an older entry of the same question is
 * replaced.
 */
void cache_put(struct cache *cache, const struct cache_key *key, uint32_t ttl,
    const struct reply *reply, uint64_t now);

#endif
