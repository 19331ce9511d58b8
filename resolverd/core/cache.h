#ifndef CORE_CACHE_H
#define CORE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/hash.h"
#include "dns/reply.h"

struct entry;

/*
 * Answers of upstream servers, keyed by the question that was asked and by
 * whom: no entry is ever found by the owner of a record inside it.  One block
 * of memory used as a ring: a new entry overwrites the oldest, and an entry
 * that is asked for while it is among the oldest is written anew at the head.
 * Belongs to one worker.
 *
 * An entry costs what struct entry says, and 4 to 8 octets in the table of
 * buckets: 84 to 88 in all for one A record of a name of 25 octets.
 */
struct cache {
	uint8_t *block;
	size_t size;
	size_t head;	  /* where the next entry is written */
	size_t tail;	  /* the oldest entry */
	size_t entries;	  /* between tail and head, dead ones included */
	size_t live;	  /* that can be found */
	size_t live_size; /* octets of those */
	size_t negative;  /* of those that can be found: no answer, or none of
			     the type */
	uint64_t hits;	  /* of cache_get, failures not counted */
	uint64_t misses;
	uint64_t evictions; /* entries that gave way to new ones */
	uint32_t *buckets;  /* at the block's start; offset / ENTRY_ALIGN */
	size_t bucket_mask;
	size_t start; /* first octet after the buckets */
	struct hash_key key;
};

/* The question, as far as it tells answers apart. */
struct cache_key {
	const uint8_t *name; /* folded whole wire */
	uint64_t hash;	     /* of it, as a path under the cache's key has it;
				0: not known yet */
	uint16_t type;
	bool dnssec_ok;
	bool checking_disabled;
	bool failure;	/* not its answer, but that there was none */
	uint64_t group; /* id of the upstream group */
};

enum cache_state {
	CACHE_MISS,
	CACHE_FRESH,
	CACHE_STALE, /* past its time, but not by too much */
};

/* What was found. */
struct cache_hit {
	struct reply reply; /* the target is not kept: NULL */
	uint32_t left;	    /* seconds, begun ones counted whole; 0 if stale */
	uint32_t past;	    /* whole seconds past its time; 0 if fresh */
	bool due; /* it is asked for again and again, and nearly over: who
		     fetches it anew spares the next client the wait.  Said
		     once an entry */
};

/* The least size that cache_init takes. */
enum { CACHE_SIZE_MIN = 65536 };

/* Seconds a stale answer's records have (RFC 8767 section 4). */
enum { CACHE_STALE_TTL = 30 };

/*
 * Makes an empty cache in block, size octets (a larger one than 32 GiB is
 * used up to there).  The block must be zeroed and aligned for any object,
 * stays the caller's, and is only touched where entries go: fresh pages of
 * the kernel's stay unused until then.
 */
void cache_init(struct cache *cache, void *block, size_t size,
    const struct hash_key *key);

/* How to look a question up. */
struct cache_look {
	uint64_t now;	     /* nanoseconds */
	uint32_t max_stale;  /* seconds past its time that are put up with */
	struct arena *arena; /* what the reply is rebuilt in */
};

/*
 * Looks a question up: a fresh reply has its TTLs counted down by the whole
 * seconds gone by, a stale one has TTLs of CACHE_STALE_TTL, and age 0.
 * What is older than that is gone.  *hit is left alone by CACHE_MISS.
 */
enum cache_state cache_get(struct cache *cache, const struct cache_key *key,
    const struct cache_look *look, struct cache_hit *hit);

/* An answer that is but one RRset, of the type and name asked for. */
struct cache_plain {
	uint16_t type;
	uint16_t count;
	uint32_t ttl; /* age taken off */
	uint32_t age;
	const uint8_t *records; /* in the cache, as an RRset's data */
	size_t size;
	struct entry *entry;
};

/*
 * Looks up such an answer, fresh, not vouched for by its server, and far from
 * its end or from giving way; false when it is another, or there is none.
 * cache_used counts it as a use, until when nothing was changed.
 */
bool cache_get_plain(const struct cache *cache, const struct cache_key *key,
    uint64_t now, struct cache_plain *plain);
void cache_used(struct cache *cache, const struct cache_plain *plain);

/*
 * Keeps a reply for ttl seconds from now; an older entry of the same question
 * goes.  A ttl of 0, or a reply that may need more than 16 KiB, is not kept.
 */
void cache_put(struct cache *cache, const struct cache_key *key, uint32_t ttl,
    const struct reply *reply, uint64_t now);

/* Which entries to drop: those that all hold of. */
struct cache_flush {
	const uint8_t *name; /* they answer for it, or pass through it on the
				way to their answer; NULL: any */
	bool below;	     /* or for a name below it */
	bool negative;	     /* NXDOMAIN, NODATA and failures only */
};

/* Drops them; returns how many.  Goes through the whole ring. */
size_t cache_flush(struct cache *cache, const struct cache_flush *flush);

/* Whether an entry may stay. */
typedef bool (*cache_keep_fn)(void *context, const struct cache_key *key);

/* Drops what may not; returns how many.  Goes through the whole ring. */
size_t cache_sweep(struct cache *cache, cache_keep_fn keep, void *context);

/* A walk over all entries, in the order of the ring; begins as {0}. */
struct cache_cursor {
	size_t at;
	size_t seen;
};

/*
 * The next entry, its name within the cache; false after the last.  The cache
 * must not change meanwhile.
 */
bool cache_walk(const struct cache *cache, struct cache_cursor *cursor,
    struct cache_key *key);

/*
 * As cache_get without a trace: it counts as no use of the entry, and says
 * nothing of due.
 */
enum cache_state
cache_peek(const struct cache *cache, const struct cache_key *key,
    const struct cache_look *look, struct cache_hit *hit);

#endif
