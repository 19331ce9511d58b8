#ifndef IO_LATENCY_H
#define IO_LATENCY_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "core/account.h"

enum {
	LATENCY_BOUNDS = 18,
	LATENCY_BUCKETS = LATENCY_BOUNDS + 1, /* the last: longer than all */
	LATENCY_RCODES = 7,
};

/* The most nanoseconds that a bucket counts, in rising order. */
extern const uint64_t latency_bounds[LATENCY_BOUNDS];

/* "NOERROR" and so on by column, the last for all that are rare: "other". */
extern const char *const latency_rcodes[LATENCY_RCODES];

/*
 * How long clients waited for their answers, by who answered, and with what
 * rcode.  One worker's: it alone writes, others may read at any time.
 */
struct latency {
	atomic_uint_fast64_t counts[ORIGINS][LATENCY_BUCKETS];
	atomic_uint_fast64_t sums[ORIGINS]; /* nanoseconds */
	atomic_uint_fast64_t rcodes[ORIGINS][LATENCY_RCODES];
	unsigned held[ORIGINS]; /* answers whose time is not known yet */
	unsigned held_all;
};

/* Counts one answer that took that many nanoseconds. */
void latency_add(struct latency *latency, enum origin origin, unsigned rcode,
    uint64_t time);

/*
 * The same for answers that go out together: how long they took is told once,
 * by latency_settle, which costs nothing when none is held.
 */
void latency_hold(struct latency *latency, enum origin origin, unsigned rcode);
void latency_settle(struct latency *latency, uint64_t time);

/* The sum over several workers, of one origin; zeroed at first. */
struct latency_figures {
	uint64_t counts[LATENCY_BUCKETS]; /* each bucket by itself */
	uint64_t sum;			  /* nanoseconds */
	uint64_t rcodes[LATENCY_RCODES];
};

/* Adds one worker's. */
void latency_read(const struct latency *latency, enum origin origin,
    struct latency_figures *figures);

#endif
