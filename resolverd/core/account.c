#include "core/account.h"

#include <assert.h>
#include <stddef.h>

#include "core/policy.h"
#include "core/query.h"

enum { CLASSIC_RCODES = 16 }; /* what the header has room for */

const char *
origin_text(enum origin origin)
{
	static const char *const texts[ORIGINS] = {
	    [ORIGIN_RULE] = "rule",
	    [ORIGIN_ZONE] = "zone",
	    [ORIGIN_CACHE] = "cache",
	    [ORIGIN_STALE] = "stale",
	    [ORIGIN_UPSTREAM] = "upstream",
	    [ORIGIN_SPECIAL] = "special",
	    [ORIGIN_ERROR] = "error",
	};

	return texts[origin];
}

const char *
target_text(enum target_type target)
{
	static const char *const texts[] = {
	    [TARGET_PRIVATE_ZONE] = "private-zone",
	    [TARGET_FORWARDING_ZONE] = "forwarding-zone",
	    [TARGET_FORWARDING_POLICY] = "forwarding-policy",
	    [TARGET_PEERING_ZONE] = "peering-zone",
	    [TARGET_RESPONSE_POLICY] = "response-policy",
	    [TARGET_INTERNAL] = "internal",
	    [TARGET_EXTERNAL] = "external",
	    [TARGET_NONE] = "external",
	};

	return texts[target];
}

void
account_note(struct query *query, enum origin origin)
{
	query->origins |= 1U << origin;
}

unsigned
account_rcode(const struct query *query)
{
	/* As it was written: encoding may have made it a SERVFAIL. */
	return query->answer.rcode < CLASSIC_RCODES ? query->out[3] & FLAG_RCODE
						    : query->answer.rcode;
}

enum origin
account_origin(const struct query *query)
{
	/* The first of these that had a part in it. */
	static const enum origin order[] = {ORIGIN_ERROR, ORIGIN_STALE,
	    ORIGIN_UPSTREAM, ORIGIN_CACHE, ORIGIN_ZONE, ORIGIN_RULE};
	const unsigned rcode = account_rcode(query);

	if (rcode == RCODE_SERVFAIL && query->answer.rcode != RCODE_SERVFAIL)
		return ORIGIN_ERROR;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if ((query->origins >> order[i] & 1) != 0)
			return order[i];
	}
	return rcode == RCODE_NOERROR || rcode == RCODE_NXDOMAIN
	    ? ORIGIN_SPECIAL
	    : ORIGIN_ERROR;
}

unsigned
account_sides(const struct query *query)
{
	unsigned sides = 1;

	while (sides <= CLAIM_PEERINGS && query->claim.via[sides - 1] != NULL)
		sides++;
	return sides;
}

/* What a network's order led to, at the end of all peering. */
static enum target_type
claimed_target(const struct claim *claim)
{
	static const enum target_type of_zone[] = {
	    [ZONE_PRIVATE] = TARGET_PRIVATE_ZONE,
	    [ZONE_FORWARDING] = TARGET_FORWARDING_ZONE,
	    [ZONE_PEERING] = TARGET_PEERING_ZONE,
	    [ZONE_INTERNAL] = TARGET_INTERNAL,
	};

	if (!claim->made)
		return TARGET_NONE;
	if (claim->rule != NULL)
		return TARGET_RESPONSE_POLICY;
	if (claim->zone != NULL)
		return of_zone[claim->zone->kind];
	return claim->source == SOURCE_SERVERS ? TARGET_FORWARDING_POLICY
					       : TARGET_EXTERNAL;
}

static const char *
claimed_name(const struct claim *claim, const struct network *network)
{
	if (claim->rule != NULL)
		return claim->rule->name;
	if (claim->zone != NULL)
		return claim->zone->name;
	if (network == NULL ||
	    claimed_target(claim) != TARGET_FORWARDING_POLICY)
		return "";
	return network->server_policy != NULL ? network->server_policy : "";
}

struct account_side
account_side(const struct query *query, unsigned n)
{
	const struct claim *claim = &query->claim;
	const struct zone *via = n < CLAIM_PEERINGS ? claim->via[n] : NULL;
	const struct network *network =
	    n == 0 ? query->view.network : claim->via[n - 1]->peer;
	struct account_side side = {.network = "",
	    .target_name = "",
	    .rule = ""};

	assert(n < account_sides(query));
	if (network != NULL) {
		side.network = network->name;
		side.logs = network->logging;
	}
	if (via != NULL) {
		side.target = TARGET_PEERING_ZONE;
		side.target_name = via->name;
		return side;
	}
	side.target = claimed_target(claim);
	side.target_name = claimed_name(claim, network);
	if (claim->rule != NULL)
		side.rule = claim->rule->name;
	return side;
}

const struct transmission *
account_server(const struct query *query)
{
	switch (account_origin(query)) {
	case ORIGIN_UPSTREAM:
		return query->answered;
	case ORIGIN_ERROR:
		if (query->answered != NULL)
			return query->answered;
		return query->attempts > 0 ? &query->sent[query->ask] : NULL;
	case ORIGIN_RULE:
	case ORIGIN_ZONE:
	case ORIGIN_CACHE:
	case ORIGIN_STALE:
	case ORIGIN_SPECIAL:
		break;
	}
	return NULL;
}
