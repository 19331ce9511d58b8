#include "ctl/quantile.h"

#include <stddef.h>

enum { PART_BITS = 3, TOP_BIT = 63, PERCENT = 100 };

/* The power of two below a number that is at least QUANTILE_PARTS. */
static size_t
power_of(uint64_t number)
{
	return (size_t)(TOP_BIT - __builtin_clzll(number));
}

/* Numbers below QUANTILE_PARTS have a bucket each. */
static size_t
bucket_of(uint64_t number)
{
	size_t power;

	if (number < QUANTILE_PARTS)
		return (size_t)number;
	power = power_of(number);
	return (power - PART_BITS + 1) * QUANTILE_PARTS +
	    ((number >> (power - PART_BITS)) & (QUANTILE_PARTS - 1));
}

/* The greatest number of a bucket. */
static uint64_t
bucket_end(size_t bucket)
{
	const size_t power = bucket / QUANTILE_PARTS + PART_BITS - 1;
	const uint64_t part = bucket % QUANTILE_PARTS;

	if (bucket < QUANTILE_PARTS)
		return bucket;
	return ((QUANTILE_PARTS + part + 1) << (power - PART_BITS)) - 1;
}

void
quantile_add(struct quantile *quantile, uint64_t number)
{
	quantile->counts[bucket_of(number)]++;
	quantile->total++;
}

uint64_t
quantile_read(const struct quantile *quantile, unsigned percent)
{
	const uint64_t rank =
	    (quantile->total * percent + PERCENT - 1) / PERCENT;
	uint64_t below = 0;

	for (size_t i = 0; i < QUANTILE_BUCKETS; i++) {
		below += quantile->counts[i];
		if (below > 0 && below >= rank)
			return bucket_end(i);
	}
	return 0;
}
