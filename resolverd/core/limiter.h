#ifndef CORE_LIMITER_H
#define CORE_LIMITER_H

#include <stdint.h>

#include "base/addr.h"
#include "base/hash.h"

enum { LIMITER_BUCKETS = 4096 };

/*
 * How fast each network of clients (a /24, or /56) may ask: a second's worth
 * at once, and then as the seconds pass.  Networks that fall together share
 * what one may have; nothing that is sent from anywhere changes who does.
 */
struct limiter {
	uint64_t interval; /* nanoseconds that a query costs; 0: no limit */
	uint64_t depth;	   /* a second, or what one query costs */
	uint64_t paid[LIMITER_BUCKETS]; /* up to when; the lowest bit: the query
					   past the limit seen last was told */
};

/* Allows rate queries a second; 0: any number.  What was asked stays. */
void limiter_set(struct limiter *limiter, double rate);

enum limiter_verdict {
	LIMITER_PASS,
	LIMITER_TELL, /* it is past the limit, and to be told so */
	LIMITER_DROP, /* past the limit too; every other one is */
};

/* Counts a query of client at now, nanoseconds. */
enum limiter_verdict limiter_take(struct limiter *limiter,
    const struct hash_key *key, const struct addr *client, uint64_t now);

#endif
