#include "base/rng.h"

#include <assert.h>
#include <string.h>

static void
rng_take(struct rng *rng, void *buf, size_t len)
{
	uint8_t *from;

	assert(len <= RNG_POOL);
	if (rng->left < len) {
		rng->fill(rng->pool, RNG_POOL);
		rng->left = RNG_POOL;
	}
	from = rng->pool + RNG_POOL - rng->left;
	memcpy(buf, from, len);
	/* What was handed out must not be found in memory later. */
	explicit_bzero(from, len);
	rng->left -= len;
}

void
rng_init(struct rng *rng, rng_fill_fn fill)
{
	*rng = (struct rng){.fill = fill};
	rng_take(rng, &rng->mix, sizeof(rng->mix));
	rng->mix |= 1; /* xorshift must not start from 0 */
}

uint16_t
rng_u16(struct rng *rng)
{
	uint16_t value;

	rng_take(rng, &value, sizeof(value));
	return value;
}

uint32_t
rng_u32(struct rng *rng)
{
	uint32_t value;

	rng_take(rng, &value, sizeof(value));
	return value;
}

uint32_t
rng_below(struct rng *rng, uint32_t n)
{
	uint32_t uneven;
	uint32_t value;

	assert(n > 0);
	/* 2^32 mod n: these many values would make low results likelier. */
	uneven = (uint32_t)(-n) % n;
	do {
		value = rng_u32(rng);
	} while (value < uneven);
	return value % n;
}

uint32_t
rng_cheap(struct rng *rng)
{
	/* Marsaglia's xorshift64*; its high half is the better one. */
	rng->mix ^= rng->mix >> 12;
	rng->mix ^= rng->mix << 25;
	rng->mix ^= rng->mix >> 27;
	return (uint32_t)(rng->mix * UINT64_C(0x2545f4914f6cdd1d) >> 32);
}
