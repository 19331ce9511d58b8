#include "core/order.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "core/account.h"
#include "core/engine.h"
#include "core/policy.h"
#include "core/respond.h"
#include "core/swift.h"
#include "core/witness.h"

/* One walk down the order, in one network. */
struct search {
	const struct query *query;
	const struct path *path;
	const struct network *network;
	const struct scope *cluster; /* NULL: none, or left behind */
	unsigned stages;	     /* where it may look */
	unsigned stage;		     /* where it looks now */
};

static void
look_closely(const struct search *search, enum finding finding,
    const struct route *route)
{
	witness_add(search->query->witness,
	    &(struct sighting){
		.kind = WITNESS_STAGE,
		.stage = search->stage,
		.finding = finding,
		.network = search->network,
		.zone = route == NULL ? NULL : route->zone,
		.rule = route == NULL ? NULL : route->rule,
		.group = route == NULL ? NULL : route->group,
	    });
}

/* Hardly ever does anybody look. */
static inline void
look(const struct search *search, enum finding finding,
    const struct route *route)
{
	if (search->query->witness != NULL)
		look_closely(search, finding, route);
}

/* A response policy: the rule's local data, or on to the next stage. */
static bool
claim_rule(const struct search *search, const struct scope *scope,
    struct route *route)
{
	const struct query *query = search->query;
	const struct rule *rule;

	if (scope == NULL || scope->policy == NULL) {
		look(search, FINDING_ABSENT, NULL);
		return false;
	}
	rule = policy_find(scope->policy, search->path);
	if (rule == NULL) {
		look(search, FINDING_NONE, NULL);
		return false;
	}
	if (rule->bypass ||
	    (query->snapshot->options.response_policy_missing_type ==
		    MISSING_RESOLVE &&
		zone_answer(&rule->data, query->type) == LOOKUP_NODATA)) {
		look(search, FINDING_BYPASS, &(struct route){.rule = rule});
		return false;
	}
	route->rule = rule;
	route->step = STEP_RULE;
	route->source = SOURCE_RULE;
	look(search, FINDING_MATCH, route);
	return true;
}

/* Targets that are given by name may not be known yet. */
static void
route_to_servers(struct route *route, const struct upstream_group *group)
{
	route->group = group;
	route->step = group->count > 0 ? STEP_CACHE : STEP_FAIL;
	route->fault = group->unreachable_text;
}

/* What a zone that matches makes of the name; final, whatever it is. */
static void
route_to_zone(struct route *route, const struct zone *zone)
{
	route->zone = zone;
	switch (zone->kind) {
	case ZONE_PRIVATE:
		route->step = STEP_ZONE;
		route->source = SOURCE_ZONE;
		return;
	case ZONE_INTERNAL:
		route->step = STEP_ZONE;
		route->source = SOURCE_INTERNAL;
		return;
	case ZONE_FORWARDING:
		route->source = SOURCE_FORWARD;
		route_to_servers(route, zone->forward_to);
		return;
	case ZONE_PEERING:
		route->step = STEP_ORDER;
		return;
	}
}

/* Whether an internal zone is longer than this one (section 1.4). */
static bool
is_weaker(const struct search *search, const struct zone *zone)
{
	const struct options *options = &search->query->snapshot->options;

	if (search->stage != STAGE_ZONE ||
	    (search->stages & STAGE_INTERNAL) == 0 ||
	    options->internal_dns_order == INTERNAL_LAST)
		return false;
	return suffix_has_longer(&search->network->internal, search->path,
	    zone->labels);
}

static bool
claim_zone(const struct search *search, const struct suffix_index *zones,
    struct route *route)
{
	const struct zone *zone;

	if (zones == NULL || suffix_empty(zones)) {
		look(search, FINDING_ABSENT, NULL);
		return false;
	}
	zone = suffix_find(zones, search->path);
	if (zone == NULL) {
		look(search, FINDING_NONE, NULL);
		return false;
	}
	if (is_weaker(search, zone)) {
		look(search, FINDING_WEAKER, &(struct route){.zone = zone});
		return false;
	}
	route_to_zone(route, zone);
	look(search, FINDING_MATCH, route);
	return true;
}

static bool
stage_cluster_rule(const struct search *search, struct route *route)
{
	return claim_rule(search, search->cluster, route);
}

static bool
stage_cluster_zone(const struct search *search, struct route *route)
{
	const struct scope *cluster = search->cluster;

	return claim_zone(search, cluster == NULL ? NULL : &cluster->zones,
	    route);
}

static bool
stage_servers(const struct search *search, struct route *route)
{
	if (search->network->servers == NULL) {
		look(search, FINDING_ABSENT, NULL);
		return false;
	}
	route->source = SOURCE_SERVERS;
	route_to_servers(route, search->network->servers);
	look(search, FINDING_MATCH, route);
	return true;
}

static bool
stage_rule(const struct search *search, struct route *route)
{
	return claim_rule(search, &search->network->scope, route);
}

static bool
stage_zone(const struct search *search, struct route *route)
{
	return claim_zone(search, &search->network->scope.zones, route);
}

static bool
stage_internal(const struct search *search, struct route *route)
{
	return claim_zone(search, &search->network->internal, route);
}

static bool
stage_public(const struct search *search, struct route *route)
{
	route->step = STEP_CACHE;
	route->source = SOURCE_PUBLIC;
	route->group = search->network->upstreams;
	if (route->group == NULL) {
		route->step = STEP_FAIL;
		route->fault = "no upstream server is known";
	}
	look(search, FINDING_MATCH, route);
	return true;
}

/* The order of sections 1.2 and 1.3; each stage that claims a name is final. */
static const struct stage {
	unsigned bit;
	bool (*claim)(const struct search *search, struct route *route);
} stages[] = {
    {STAGE_CLUSTER_RULE, stage_cluster_rule}, /* cluster response policy */
    {STAGE_CLUSTER_ZONE, stage_cluster_zone}, /* cluster zones */
    {STAGE_SERVERS, stage_servers},	      /* alternative name servers */
    {STAGE_RULE, stage_rule},		      /* response policy */
    {STAGE_ZONE, stage_zone},		      /* VPC-authorised zones */
    {STAGE_INTERNAL, stage_internal},	      /* Compute Engine internal */
    {STAGE_PUBLIC, stage_public},	      /* public DNS */
};

enum { STAGES = sizeof(stages) / sizeof(stages[0]) };

/* Who looks up a CNAME's target, by where the CNAME came from: section 1.5. */
static const unsigned chase[SOURCES][CHASE_MODES] = {
    /* the CNAME came from | until 2027-01-04 | from 2027-01-05 */
    [SOURCE_ZONE] = {STAGE_CLUSTER_ZONE | STAGE_ZONE, STAGE_ALL},
    [SOURCE_FORWARD] = {0, STAGE_ALL},
    [SOURCE_RULE] = {0, STAGE_ALL},
    [SOURCE_SERVERS] = {0, 0},
    [SOURCE_INTERNAL] = {0, STAGE_ALL},
    [SOURCE_PUBLIC] = {STAGE_INTERNAL | STAGE_PUBLIC, STAGE_ALL},
};

enum chase_mode
order_chase_mode(enum chasing chasing, int64_t time)
{
	switch (chasing) {
	case CHASING_CLASSIC:
		return CHASE_CLASSIC;
	case CHASING_PER_HOP:
		return CHASE_PER_HOP;
	case CHASING_AUTO:
		break;
	}
	return time < ORDER_CUTOVER ? CHASE_CLASSIC : CHASE_PER_HOP;
}

/* Once down the stages; false: none of them claims the name. */
static bool
search_run(struct search *search, struct route *route)
{
	for (size_t i = 0; i < STAGES; i++) {
		search->stage = stages[i].bit;
		if ((search->stages & stages[i].bit) == 0) {
			look(search, FINDING_LEFT_OUT, NULL);
		} else if (stages[i].claim(search, route)) {
			return true;
		}
	}
	return false;
}

/* From a peering zone on, as in its producer network (section 6.3). */
static bool
search_hand_over(struct search *search, struct route *route)
{
	const struct zone *zone = route->zone;

	if (route->peerings == ORDER_PEERINGS) {
		route->step = STEP_FAIL;
		route->fault = "DNS peering goes over one transitive hop only";
		return false;
	}
	search->network = zone->peer;
	search->cluster = NULL;
	search->stages = STAGE_ALL;
	witness_add(search->query->witness,
	    &(struct sighting){
		.kind = WITNESS_PEER,
		.zone = zone,
		.network = zone->peer,
	    });
	*route = (struct route){
	    .step = STEP_SYNTH,
	    .network = zone->peer,
	    .peerings = route->peerings + 1,
	    .via = {route->via[0], route->via[1]},
	};
	route->via[route->peerings - 1] = zone;
	return true;
}

struct route
order_route(const struct query *query, const struct path *path,
    unsigned stages_allowed)
{
	struct search search = {
	    .query = query,
	    .path = path,
	    .network = query->network,
	    .cluster = query->peerings == 0 ? query->view.cluster : NULL,
	    .stages = stages_allowed,
	};
	struct route route = {
	    .step = STEP_SYNTH,
	    .network = query->network,
	    .peerings = query->peerings,
	};

	if (query->witness != NULL) {
		witness_add(query->witness,
		    &(struct sighting){
			.kind = WITNESS_HOP,
			.name = path->name.wire,
			.number = query->hops,
			.network = query->network,
			.stages = stages_allowed,
		    });
	}
	while (search_run(&search, &route) && route.step == STEP_ORDER &&
	    search_hand_over(&search, &route))
		continue;
	return route;
}

/*
 * RFC 8482 section 4.2: of servers ANY is asked for who comes by TCP, which
 * nobody can in another's name.
 */
static bool
is_cut_short(const struct query *query, const struct route *route)
{
	return query->type == TYPE_ANY && route->step == STEP_CACHE &&
	    query->transport == TRANSPORT_UDP &&
	    (query->request.flags & FLAG_RD) != 0;
}

/* One HINFO record in place of all that the name has. */
static enum step
answer_minimal(struct engine *engine, struct query *query)
{
	const struct zone_set set = {.rrset = query->snapshot->any_hinfo};

	respond_add(engine, query, &set);
	return STEP_ENCODE;
}

/* Once a query: CNAMEs and DNS64 make no other name the one asked for. */
static void
order_claim(struct claim *claim, const struct route *route)
{
	if (claim->made)
		return;
	*claim = (struct claim){
	    .made = true,
	    .source = route->source,
	    .zone = route->zone,
	    .rule = route->rule,
	};
	memcpy(claim->via, route->via, sizeof(claim->via));
}

enum step
order_take(struct engine *engine, struct query *query,
    const struct route *route)
{
	order_claim(&query->claim, route);
	query->network = route->network;
	query->peerings = route->peerings;
	query->source = route->source;
	query->zone = route->zone;
	query->rule = route->rule;
	if (route->group != NULL)
		query->group = route->group;
	if (route->step == STEP_FAIL) {
		engine->why = route->zone == NULL || route->group != NULL
		    ? EDE_NO_REACHABLE_AUTHORITY
		    : EDE_OTHER;
		engine->why_text = route->fault;
	}
	if (is_cut_short(query, route))
		return answer_minimal(engine, query);
	return route->step;
}

enum step
order_step(struct engine *engine, struct query *query, uint64_t now)
{
	struct route route;

	(void)now;
	if (!query->has_path)
		path_set(&query->path, query->owner, &query->snapshot->key);
	query->has_path = false;
	route = order_route(query, &query->path, query->stages);
	return order_take(engine, query, &route);
}

/* Adds what a name holds of the type asked; everything it holds for ANY. */
static enum step
sets_found(struct engine *engine, struct query *query,
    const struct zone_sets *sets)
{
	if (query->type != TYPE_ANY) {
		respond_add(engine, query, zone_set(sets, query->type));
		return STEP_SYNTH;
	}
	if (query->snapshot->options.any_query == ANY_MINIMAL)
		return answer_minimal(engine, query);
	for (unsigned i = 0; i < sets->count; i++)
		respond_add(engine, query, &sets->sets[i]);
	return STEP_ENCODE;
}

/* Adds the CNAME that a name holds; its target is the name at hand then. */
static enum step
sets_alias(struct engine *engine, struct query *query,
    const struct zone_sets *sets)
{
	const struct rrset *cname =
	    respond_add(engine, query, zone_set(sets, TYPE_CNAME));
	uint16_t len;

	if (cname == NULL)
		return STEP_ENCODE;
	query->owner = rrset_first(cname, &len);
	return STEP_CHASE;
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
	return STEP_SYNTH;
}

static void
looked_up(const struct query *query, enum lookup lookup, const uint8_t *owner)
{
	witness_add(query->witness,
	    &(struct sighting){
		.kind = WITNESS_LOOKUP,
		.lookup = lookup,
		.name = owner,
		.zone = query->zone,
		.rule = query->rule,
	    });
}

/* Whether it was not counted yet: for CNAMEs and DNS64 it comes again. */
static bool
is_first(const struct query *query)
{
	return query->hops == 0 && !query->synthesise;
}

enum step
order_rule_step(struct engine *engine, struct query *query, uint64_t now)
{
	const struct rule *rule = query->rule;
	const enum lookup lookup = zone_answer(&rule->data, query->type);

	(void)now;
	if (is_first(query))
		counter_add(&engine->counters->answers_rule);
	account_note(query, ORIGIN_RULE);
	looked_up(query, lookup, rule->selector);
	switch (lookup) {
	case LOOKUP_FOUND:
		return sets_found(engine, query, &rule->data);
	case LOOKUP_ALIAS:
		return sets_alias(engine, query, &rule->data);
	case LOOKUP_NODATA:
	case LOOKUP_NXDOMAIN:
		/* The name is overridden as a whole; nobody's SOA fits. */
		return STEP_SYNTH;
	}
	return STEP_FAIL;
}

enum step
order_plainly(struct query *query)
{
	const struct network *network = query->view.network;
	const struct path *path = &query->path;
	const struct search search = {
	    .query = query,
	    .path = path,
	    .network = network,
	    .stages = STAGE_ALL,
	    .stage = STAGE_ZONE,
	};

	if (query->view.cluster != NULL || network->servers != NULL ||
	    (network->scope.policy != NULL &&
		policy_find(network->scope.policy, path) != NULL))
		return STEP_ORDER;
	query->zone = suffix_find(&network->scope.zones, path);
	if (query->zone != NULL) {
		return query->zone->kind == ZONE_PRIVATE &&
			!is_weaker(&search, query->zone)
		    ? STEP_ZONE
		    : STEP_ORDER;
	}
	query->group = network->upstreams;
	return query->group != NULL && query->group->count > 0 &&
		suffix_find(&network->internal, path) == NULL
	    ? STEP_CACHE
	    : STEP_ORDER;
}

enum step
order_zone_step(struct engine *engine, struct query *query, uint64_t now)
{
	const struct zone_node *node = NULL;
	enum lookup lookup;
	bool found;

	(void)now;
	if (is_first(query))
		counter_add(&engine->counters->answers_zone);
	/* AA is about the name asked, not its CNAMEs' targets (RFC 1035). */
	if (query->hops == 0)
		query->answer.authoritative = query->view.inbound;
	lookup = zone_lookup(query->zone, &query->path, query->type, &node);
	account_note(query, ORIGIN_ZONE);
	if (is_first(query))
		swift_learn(engine, query, lookup, node);
	found = lookup == LOOKUP_FOUND || lookup == LOOKUP_ALIAS;
	assert(!found || node != NULL);
	looked_up(query, lookup, found ? node->owner : NULL);
	switch (lookup) {
	case LOOKUP_FOUND:
		return sets_found(engine, query, &node->data);
	case LOOKUP_ALIAS:
		return sets_alias(engine, query, &node->data);
	case LOOKUP_NODATA:
		return zone_negative(query, RCODE_NOERROR);
	case LOOKUP_NXDOMAIN:
		return zone_negative(query, RCODE_NXDOMAIN);
	}
	return STEP_FAIL;
}

unsigned
order_chases(const struct query *query)
{
	return chase[query->source][query->chase];
}

bool
order_follow(struct engine *engine, struct query *query)
{
	assert(query->hops <= ORDER_HOPS);
	if (query->hops == ORDER_HOPS) {
		engine->why = EDE_OTHER;
		engine->why_text = "CNAME chain is longer than 16 or a loop";
		return false;
	}
	query->hops++;
	return true;
}

enum step
order_chase_step(struct engine *engine, struct query *query, uint64_t now)
{
	(void)now;
	query->stages = order_chases(query);
	witness_add(query->witness,
	    &(struct sighting){
		.kind = WITNESS_ALIAS,
		.source = query->source,
		.stages = query->stages,
		.name = query->owner,
	    });
	if (query->stages == 0)
		return STEP_SYNTH;
	return order_follow(engine, query) ? STEP_ORDER : STEP_FAIL;
}
