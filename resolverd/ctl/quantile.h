#ifndef CTL_QUANTILE_H
#define CTL_QUANTILE_H

#include <stdint.h>

enum {
	QUANTILE_PARTS = 8, /* that each power of two is divided into */
	QUANTILE_BUCKETS = 62 * QUANTILE_PARTS,
};

/*
 * How numbers are distributed, to within an eighth of each, in memory that
 * does not grow.  All zeros: none yet.
 */
struct quantile {
	uint64_t total;
	uint32_t counts[QUANTILE_BUCKETS];
};

void quantile_add(struct quantile *quantile, uint64_t number);

/*
 * What `percent` in a hundred of them are not above, told up to an eighth too
 * high; 0 when there are none.
 */
uint64_t quantile_read(const struct quantile *quantile, unsigned percent);

#endif
