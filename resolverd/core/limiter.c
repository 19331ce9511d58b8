#include "core/limiter.h"

enum {
	NETWORK_IN4 = 24,
	NETWORK_IN6 = 56, /* what one subscriber is given */
};

#define LIMITER_SECOND UINT64_C(1000000000)

void
limiter_set(struct limiter *limiter, double rate)
{
	limiter->interval =
	    rate > 0 ? (uint64_t)((double)LIMITER_SECOND / rate) : 0;
	limiter->depth = limiter->interval > LIMITER_SECOND ? limiter->interval
							    : LIMITER_SECOND;
}

enum limiter_verdict
limiter_take(struct limiter *limiter, const struct hash_key *key,
    const struct addr *client, uint64_t now)
{
	const uint64_t hash = hash_join(key, key->k1,
	    addr_network(client, NETWORK_IN4, NETWORK_IN6));
	uint64_t *paid = &limiter->paid[hash % LIMITER_BUCKETS];
	const uint64_t from = *paid > now ? *paid : now;

	if (from + limiter->interval <= now + limiter->depth) {
		*paid = (from + limiter->interval) & ~UINT64_C(1);
		return LIMITER_PASS;
	}
	*paid ^= 1;
	return (*paid & 1) != 0 ? LIMITER_TELL : LIMITER_DROP;
}
