#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

/* Fills len octets; the daemon hands in the kernel's, a test a fixed series. */
typedef void (*rng_fill_fn)(void *buf, size_t len);

enum { RNG_POOL = 512 };

/*
 * Unpredictable numbers for ids and ports, taken from the source in batches;
 * what was handed out is wiped.  Belongs to one thread.
 */
struct rng {
	rng_fill_fn fill;
	size_t left; /* octets of pool not handed out yet */
	uint8_t pool[RNG_POOL];
	uint64_t mix; /* state of rng_cheap, seeded from the pool */
};

void rng_init(struct rng *rng, rng_fill_fn fill);
uint16_t rng_u16(struct rng *rng);
uint32_t rng_u32(struct rng *rng);

/* Uniform in 0 .. n - 1; n must not be 0. */
uint32_t rng_below(struct rng *rng, uint32_t n);

/*
 * A quick number for choices nobody gains by guessing, such as the order of
 * an RRset; never for ids, ports or keys.
 */
uint32_t rng_cheap(struct rng *rng);

#endif
