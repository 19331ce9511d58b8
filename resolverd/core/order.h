#ifndef CORE_ORDER_H
#define CORE_ORDER_H

#include <stdint.h>

#include "core/query.h"

struct engine;

/*
 * The VPC name resolution order (the fact sheet's sections 1.3 to 1.5): which
 * stage claims the name at hand, and who follows a CNAME.
 */
enum {
	STAGE_ZONE = 0x01,   /* private and forwarding zones */
	STAGE_PUBLIC = 0x02, /* public DNS, by the upstream servers */
	STAGE_ALL = STAGE_ZONE | STAGE_PUBLIC,
};

/* The most CNAMEs followed for one query; one more is SERVFAIL. */
enum { ORDER_HOPS = 16 };

/* STEP_ORDER: folds and hashes the name at hand and finds its stage. */
enum step order_step(struct engine *engine, struct query *query, uint64_t now);

/* STEP_ZONE: the answer of the private zone that claimed the name. */
enum step
order_zone_step(struct engine *engine, struct query *query, uint64_t now);

/* STEP_CHASE: query->owner is a CNAME's target; who looks it up? */
enum step
order_chase_step(struct engine *engine, struct query *query, uint64_t now);

#endif
