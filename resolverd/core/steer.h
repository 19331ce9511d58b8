#ifndef CORE_STEER_H
#define CORE_STEER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/rng.h"
#include "dns/rrset.h"

/*
 * Routing policies (the fact sheet's section 6.4): which of a record set's
 * data a query gets, by weight, by the client's region, and by which load
 * balancers are alive.
 */

/* A place on the globe, a unit vector in ten-thousandths; 0, 0, 0: unknown. */
struct position {
	int16_t x;
	int16_t y;
	int16_t z;
};

/*
 * An address whose health is tried by connecting to it.  The control thread
 * writes `down` of the snapshot in use, workers read it; both relaxed, for
 * nothing else hangs on it.  An address nobody has tried yet counts as up.
 */
struct health_target {
	struct addr addr;
	atomic_bool down;
};

/* Data with the health that decides about it. */
struct steer_data {
	const struct rrset *rrset; /* one record */
	uint32_t target; /* index into the snapshot's health; STEER_UNCHECKED */
};

#define STEER_UNCHECKED UINT32_MAX

struct steer_item {
	uint32_t weight;	  /* WRR, ten-thousandths */
	struct position position; /* GEO */
	const struct steer_data *data;
	uint16_t count; /* of data, at least 1 */
};

enum steer_kind { STEER_WRR, STEER_GEO, STEER_FAILOVER };

/* A routing policy, compiled: immutable, in the snapshot's arena. */
struct steering {
	enum steer_kind kind;
	uint16_t type;
	uint32_t ttl;
	bool fencing;
	uint32_t trickle;		/* ten-thousandths */
	const struct steer_item *items; /* FAILOVER: the backup */
	uint16_t count;
	struct steer_item primary; /* FAILOVER */
};

/* Who asks, and what is known of the health. */
struct steer_context {
	struct position position;
	const struct health_target *health;
	struct rng *rng;
	struct arena *arena;
};

/*
 * The RRset that a query gets; made in context->arena unless one stands ready.
 * NULL when the arena is full.
 */
const struct rrset *steer_pick(const struct steering *steering,
    const struct steer_context *context);

#endif
