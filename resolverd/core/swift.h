#ifndef CORE_SWIFT_H
#define CORE_SWIFT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/limiter.h"
#include "core/zone.h"

struct engine;
struct packet;
struct query;

enum swift {
	SWIFT_UNSURE,	/* the query has to go the whole way */
	SWIFT_READ,	/* so it has, but it has been read: request and path */
	SWIFT_ANSWERED, /* it has been answered */
};

/*
 * The short way for what nearly all ask: one plain question whose answer
 * stands ready, for a client that nothing is to be done about but answering.
 * It gives the answer that the steps would give, and sets of the query what
 * they would and the shell looks at; what engine_start makes of the packet is
 * there already.
 */
enum swift swift_start(struct engine *engine, struct query *query,
    const struct packet *packet, uint64_t now);

/*
 * Once a query's own name was looked up in its zone: has what it is answered
 * stand ready from now on, if it was asked for before.
 */
void swift_learn(struct engine *engine, struct query *query, enum lookup lookup,
    const struct zone_node *node);

/* What the rate limit says of the packet at hand, counted once. */
enum limiter_verdict
swift_limit(struct engine *engine, const struct packet *packet, uint64_t now);

#endif
