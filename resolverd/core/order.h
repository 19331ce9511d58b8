#ifndef CORE_ORDER_H
#define CORE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/query.h"

struct engine;

/*
 * The VPC name resolution order (the fact sheet's sections 1.2 to 1.5): which
 * stage claims the name at hand, and who follows a CNAME.
 */
enum {
	STAGE_CLUSTER_RULE = 0x01, /* a GKE cluster's response policy */
	STAGE_CLUSTER_ZONE = 0x02, /* its zones */
	STAGE_SERVERS = 0x04,	   /* alternative name servers */
	STAGE_RULE = 0x08,	   /* the network's response policy */
	STAGE_ZONE = 0x10,	   /* private, forwarding and peering zones */
	STAGE_INTERNAL = 0x20,	   /* Compute Engine's internal zones */
	STAGE_PUBLIC = 0x40,	   /* public DNS, by the upstream servers */
	STAGE_ALL = 0x7f,
};

/* The most CNAMEs followed for one query; one more is SERVFAIL. */
enum { ORDER_HOPS = 16 };

/* The most networks that a query is handed over to (section 6.3). */
enum { ORDER_PEERINGS = CLAIM_PEERINGS };

/* 2027-01-05 00:00 UTC, in seconds since 1970: see section 1.5. */
#define ORDER_CUTOVER INT64_C(1799107200)

/* The rule for CNAMEs that holds at a time, seconds since 1970. */
enum chase_mode order_chase_mode(enum chasing chasing, int64_t time);

/* Where a name leads. */
struct route {
	enum step step;
	enum source source;
	const struct network *network;
	unsigned peerings;
	const struct zone *via[ORDER_PEERINGS]; /* peering zones on the way */
	const struct zone *zone;
	const struct rule *rule;
	const struct upstream_group *group;
	const char *fault; /* of STEP_FAIL */
};

/*
 * Finds who answers for a name, looking only where stages allow; changes
 * nothing.  STEP_SYNTH: nobody does.
 */
struct route order_route(const struct query *query, const struct path *path,
    unsigned stages);

/* Goes where a route leads. */
enum step order_take(struct engine *engine, struct query *query,
    const struct route *route);

/*
 * Which stages look up the target of a CNAME that came from where the query
 * stands (section 1.5); 0: nobody does.
 */
unsigned order_chases(const struct query *query);

/* Counts a CNAME that is followed; false: it is one too many. */
bool order_follow(struct engine *engine, struct query *query);

/* STEP_ORDER: folds and hashes the name at hand and finds its stage. */
enum step order_step(struct engine *engine, struct query *query, uint64_t now);

/*
 * Who claims the name at hand, in query->path, where that is plain to see:
 * STEP_ZONE, the private zone is query->zone; STEP_CACHE, public DNS, whose
 * servers are query->group.  STEP_ORDER: it takes the whole order.
 */
enum step order_plainly(struct query *query);

/* STEP_RULE: the local data of the rule that claimed the name. */
enum step
order_rule_step(struct engine *engine, struct query *query, uint64_t now);

/* STEP_ZONE: the answer of the zone that claimed the name. */
enum step
order_zone_step(struct engine *engine, struct query *query, uint64_t now);

/* STEP_CHASE: query->owner is a CNAME's target; who looks it up? */
enum step
order_chase_step(struct engine *engine, struct query *query, uint64_t now);

#endif
