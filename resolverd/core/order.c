#include "core/order.h"

#include <assert.h>
#include <stddef.h>

#include "core/engine.h"
#include "core/respond.h"

/* A stage leaves the name to the next one by answering STEP_ORDER. */
typedef enum step (*stage_fn)(struct engine *engine, struct query *query);

static enum step
stage_zone(struct engine *engine, struct query *query)
{
	const struct network *network = query->snapshot->network;
	const struct zone *zone = suffix_find(&network->zones, &query->path);

	(void)engine;
	if (zone == NULL)
		return STEP_ORDER;
	query->zone = zone;
	switch (zone->kind) {
	case ZONE_PRIVATE:
		query->source = SOURCE_ZONE;
		return STEP_ZONE;
	case ZONE_FORWARDING:
		query->source = SOURCE_FORWARD;
		query->group = zone->forward_to;
		return STEP_CACHE;
	}
	return STEP_FAIL;
}

static enum step
stage_public(struct engine *engine, struct query *query)
{
	query->source = SOURCE_PUBLIC;
	query->group = query->snapshot->network->upstreams;
	if (query->group == NULL) {
		engine->why = EDE_NO_REACHABLE_AUTHORITY;
		engine->why_text = "no upstream server is known";
		return STEP_FAIL;
	}
	return STEP_CACHE;
}

/* The order of section 1.3; each stage that claims a name is final. */
static const struct stage {
	const char *name; /* in the words of the fact sheet */
	unsigned bit;
	stage_fn claim;
} stages[] = {
    {"zone", STAGE_ZONE, stage_zone},
    {"public", STAGE_PUBLIC, stage_public},
};

/*
 * Who looks up a CNAME's target, by where the CNAME came from: section 1.5,
 * as it holds until 2027-01-04.  0: nobody, the CNAME goes out alone.
 */
static const unsigned chase[SOURCES] = {
    [SOURCE_ZONE] = STAGE_ZONE,
    [SOURCE_FORWARD] = 0,
    [SOURCE_PUBLIC] = 0, /* the upstream resolver has followed it already */
};

enum step
order_step(struct engine *engine, struct query *query, uint64_t now)
{
	(void)now;
	path_set(&query->path, query->owner, &query->snapshot->key);
	for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
		enum step step;

		if ((query->stages & stages[i].bit) == 0)
			continue;
		step = stages[i].claim(engine, query);
		if (step != STEP_ORDER)
			return step;
	}
	return STEP_ENCODE;
}

/* Adds what a node holds of the type asked; everything it holds for ANY. */
static enum step
zone_found(struct engine *engine, struct query *query,
    const struct zone_node *node)
{
	const uint16_t qtype = query->request.question.type;

	if (qtype != TYPE_ANY) {
		respond_add(engine, query, zone_rrset(node, qtype));
		return STEP_ENCODE;
	}
	if (query->snapshot->options.any_query == ANY_MINIMAL) {
		respond_add(engine, query, query->snapshot->any_hinfo);
		return STEP_ENCODE;
	}
	for (unsigned i = 0; i < node->count; i++)
		respond_add(engine, query, node->rrsets[i]);
	return STEP_ENCODE;
}

/* The zone's SOA with the TTL that a negative answer has (RFC 2308). */
static enum step
zone_negative(struct query *query, enum rcode rcode)
{
	const struct zone *zone = query->zone;
	struct answer_item *item = answer_add(&query->answer, SECTION_AUTHORITY,
	    zone->apex, zone->soa);

	if (item != NULL)
		item->ttl = zone->negative_ttl;
	query->answer.rcode = (uint16_t)rcode;
	return STEP_ENCODE;
}

enum step
order_zone_step(struct engine *engine, struct query *query, uint64_t now)
{
	const struct zone_node *node = NULL;
	const struct rrset *cname;
	uint16_t len;

	(void)now;
	if (query->hops == 0)
		counter_add(&engine->counters->answers_zone);
	query->answer.authoritative = query->inbound;
	switch (zone_lookup(query->zone, &query->path,
	    query->request.question.type, &node)) {
	case LOOKUP_FOUND:
		return zone_found(engine, query, node);
	case LOOKUP_ALIAS:
		cname = zone_rrset(node, TYPE_CNAME);
		respond_add(engine, query, cname);
		query->owner = rrset_first(cname, &len);
		return STEP_CHASE;
	case LOOKUP_NODATA:
		return zone_negative(query, RCODE_NOERROR);
	case LOOKUP_NXDOMAIN:
		return zone_negative(query, RCODE_NXDOMAIN);
	}
	return STEP_FAIL;
}

enum step
order_chase_step(struct engine *engine, struct query *query, uint64_t now)
{
	(void)now;
	query->stages = chase[query->source];
	if (query->stages == 0) {
		return STEP_ENCODE;
	}
	assert(query->hops <= ORDER_HOPS);
	if (query->hops == ORDER_HOPS) {
		engine->why = EDE_OTHER;
		engine->why_text = "CNAME chain is longer than 16 or a loop";
		return STEP_FAIL;
	}
	query->hops++;
	return STEP_ORDER;
}
