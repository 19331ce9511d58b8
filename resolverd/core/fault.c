#include "core/fault.h"

#include <string.h>

#include "core/engine.h"
#include "core/witness.h"

#define MICROSECOND UINT64_C(1000)

const char *
fault_key(enum fault_kind kind)
{
	static const char *const keys[FAULT_KINDS] = {
	    [FAULT_SERVFAIL] = "servfail",
	    [FAULT_NXDOMAIN] = "nxdomain",
	    [FAULT_REFUSE] = "refuse",
	    [FAULT_DROP] = "drop",
	    [FAULT_TRUNCATE] = "truncate",
	    [FAULT_DELAY] = "delay",
	    [FAULT_FLAP] = "flap",
	};

	return keys[kind];
}

/* Which queries a fault is for. */

static bool
is_for_type(const struct fault *fault, uint16_t type)
{
	for (size_t i = 0; i < fault->type_count; i++) {
		if (fault->types[i] == type)
			return true;
	}
	return fault->type_count == 0;
}

static bool
is_for_client(const struct fault *fault, const struct addr *client)
{
	for (size_t i = 0; i < fault->client_count; i++) {
		if (prefix_has(&fault->clients[i], client))
			return true;
	}
	return fault->client_count == 0;
}

static bool
is_for_network(const struct fault *fault, const struct network *network)
{
	for (size_t i = 0; i < fault->network_count; i++) {
		if (fault->networks[i] == network)
			return true;
	}
	return fault->network_count == 0;
}

/* The zone that a client finds the name in, a cluster's first, or NULL. */
static const struct zone *
zone_of(const struct query *query)
{
	const struct scope *cluster = query->view.cluster;
	const struct zone *zone = NULL;

	if (cluster != NULL)
		zone = suffix_find(&cluster->zones, &query->path);
	if (zone != NULL)
		return zone;
	return suffix_find(&query->view.network->scope.zones, &query->path);
}

static bool
is_for_zone(const struct fault *fault, const struct query *query)
{
	const struct zone *zone;

	if (fault->zone == NULL)
		return true;
	zone = zone_of(query);
	return zone != NULL && strcmp(zone->name, fault->zone) == 0;
}

static bool
is_for(const struct fault *fault, const struct query *query)
{
	return is_for_type(fault, query->type) &&
	    is_for_client(fault, &query->client) &&
	    is_for_network(fault, query->view.network) &&
	    is_for_zone(fault, query);
}

static bool
is_over(const struct fault *fault, enum transport transport)
{
	switch (transport) {
	case TRANSPORT_UDP:
		return fault->transport != FAULT_TCP;
	case TRANSPORT_TCP:
		return fault->transport != FAULT_UDP &&
		    fault->kind != FAULT_TRUNCATE;
	}
	return false;
}

/* Whether a flap lets queries through at a time. */
static bool
is_up(const struct fault *fault, uint64_t since, uint64_t now)
{
	const uint64_t age = now > since ? now - since : 0;

	return age % (fault->up + fault->down) < fault->up;
}

/* By lot; each query of a share that is all of them needs none. */
static bool
is_drawn(const struct fault *fault, struct rng *rng)
{
	return fault->share >= FAULT_ALWAYS ||
	    rng_below(rng, FAULT_ALWAYS) < fault->share;
}

static bool
meets(struct engine *engine, const struct query *query,
    const struct fault *fault, uint64_t now)
{
	const uint64_t since = query->snapshot->faults->since;

	if (!is_for(fault, query) || !is_over(fault, query->transport))
		return false;
	if (fault->kind == FAULT_FLAP && is_up(fault, since, now))
		return false;
	return is_drawn(fault, engine->rng);
}

/* What becomes of a query. */

/* Anything from delay - jitter to delay + jitter is as likely. */
static uint64_t
delay_of(const struct fault *fault, struct rng *rng)
{
	const uint64_t spread = 2 * fault->jitter / MICROSECOND;

	if (spread == 0)
		return fault->delay;
	return fault->delay - fault->jitter +
	    rng_below(rng, (uint32_t)spread + 1) * MICROSECOND;
}

/*
 * The first fault that the query meets and that ends it is kept; returns how
 * long those before it hold it back.
 */
static uint64_t
draw(struct engine *engine, struct query *query, const struct fault_list *list,
    uint64_t now)
{
	uint64_t delay = 0;

	for (size_t i = 0; i < list->count && query->fault == NULL; i++) {
		const struct fault *fault = list->items[i];

		if (!meets(engine, query, fault, now))
			continue;
		if (fault->kind == FAULT_DELAY) {
			delay += delay_of(fault, engine->rng);
		} else {
			query->fault = fault;
		}
	}
	return delay < FAULT_DELAY_MAX ? delay : FAULT_DELAY_MAX;
}

static enum fault_kind
effect_of(const struct fault *fault)
{
	return fault->kind == FAULT_FLAP ? fault->as : fault->kind;
}

static enum step
respond(struct query *query, enum rcode rcode)
{
	query->answer.rcode = (uint16_t)rcode;
	query->answer.ede = EDE_OTHER;
	query->answer.ede_text = query->fault->text;
	return STEP_ENCODE;
}

enum step
fault_wake(struct query *query)
{
	if (query->fault == NULL)
		return STEP_ORDER;
	switch (effect_of(query->fault)) {
	case FAULT_SERVFAIL:
		return respond(query, RCODE_SERVFAIL);
	case FAULT_NXDOMAIN:
		return respond(query, RCODE_NXDOMAIN);
	case FAULT_REFUSE:
		return respond(query, RCODE_REFUSED);
	case FAULT_DROP:
		return STEP_DROP;
	case FAULT_TRUNCATE:
		query->answer.truncated = true;
		return respond(query, RCODE_NOERROR);
	case FAULT_DELAY:
	case FAULT_FLAP:
	case FAULT_KINDS:
		break;
	}
	return STEP_ORDER;
}

static enum step
suffer(struct engine *engine, struct query *query,
    const struct fault_list *list, uint64_t now)
{
	const uint64_t delay = draw(engine, query, list, now);

	if (query->fault != NULL || delay > 0)
		counter_add(&engine->counters->faults_injected);
	/* Nobody could tell a late silence from another. */
	if (delay == 0 ||
	    (query->fault != NULL && effect_of(query->fault) == FAULT_DROP))
		return fault_wake(query);
	query->until = now + delay;
	flight_sleep(&engine->flight, query);
	return STEP_WAIT;
}

/* Who asks from within wants to know, not to suffer. */
static void
tell(const struct query *query, const struct fault_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		if (!is_for(list->items[i], query))
			continue;
		witness_add(query->witness,
		    &(struct sighting){
			.kind = WITNESS_FAULT,
			.fault = list->items[i],
		    });
	}
}

enum step
fault_step(struct engine *engine, struct query *query, uint64_t now)
{
	const struct snapshot *snapshot = query->snapshot;
	const struct fault_place *place;
	const struct fault_list *list;
	unsigned n = 0;

	if (snapshot->faults == NULL)
		return STEP_ORDER;
	path_set(&query->path, query->owner, &snapshot->key);
	place = suffix_find_from(&snapshot->faults->places, &query->path, &n);
	if (place == NULL)
		return STEP_ORDER;
	list = n == 0 ? &place->at : &place->below;
	if (!query->unharmed)
		return suffer(engine, query, list, now);
	tell(query, list);
	return STEP_ORDER;
}
