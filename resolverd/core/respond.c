#include "core/respond.h"

#include <assert.h>
#include <stddef.h>

#include "core/account.h"
#include "core/dns64.h"
#include "core/engine.h"
#include "core/order.h"
#include "core/rebind.h"
#include "core/witness.h"

/* A record to begin with, drawn anew each time. */
static uint16_t
rotation(struct engine *engine, const struct rrset *rrset)
{
	if (rrset->count == 1)
		return 0;
	return (uint16_t)(rng_cheap(engine->rng) % rrset->count);
}

/* What a routing policy makes of a set for this client. */
static const struct rrset *
steered(struct engine *engine, struct query *query, const struct zone_set *set)
{
	const struct steer_context context = {
	    .position = query->view.network->position,
	    .health = query->snapshot->health,
	    .rng = engine->rng,
	    .arena = &query->kept,
	};

	if (set->steering == NULL)
		return set->rrset;
	query->steered = true;
	return steer_pick(set->steering, &context);
}

const struct rrset *
respond_add(struct engine *engine, struct query *query,
    const struct zone_set *set)
{
	const struct rrset *rrset = steered(engine, query, set);
	struct answer_item *item;

	if (rrset == NULL) {
		query->answer.overflow = true;
		return NULL;
	}
	item = answer_add(&query->answer, SECTION_ANSWER, query->owner, rrset);
	if (item == NULL)
		return NULL;
	item->first = rotation(engine, rrset);
	return rrset;
}

static uint32_t
least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* What age leaves of a limit: it counts down as the TTLs under it do. */
static uint32_t
left_of(uint32_t limit, uint32_t age)
{
	return limit > age ? limit - age : 0;
}

/* The TTL an upstream's record is passed on with. */
static uint32_t
passed_ttl(const struct engine *engine, const struct query *query,
    const struct reply_item *item)
{
	const struct options *options = &query->snapshot->options;
	const uint32_t ttl = least(item->rrset->ttl,
	    left_of(options->cache_max_ttl, engine->reply.age));

	if (item->rrset->type != TYPE_SOA || engine->reply.answered)
		return ttl;
	/* RFC 2308 section 5: the SOA shows how long the answer may be kept. */
	return least(ttl,
	    left_of(options->cache_max_negative_ttl, engine->reply.age));
}

/* Adds item n of the reply at hand; NULL: there is no room. */
static const struct answer_item *
adopt_item(struct engine *engine, struct query *query, size_t n)
{
	const struct reply_item *from = &engine->reply.items[n];
	struct answer_item *item =
	    answer_add(&query->answer, from->section, from->owner, from->rrset);

	if (item == NULL)
		return NULL;
	item->first = rotation(engine, from->rrset);
	item->ttl = passed_ttl(engine, query, from);
	return item;
}

/* Whether item n is a link of the chain, and not what was asked for. */
static bool
is_link(const struct engine *engine, const struct query *query, size_t n)
{
	const struct reply_item *item = &engine->reply.items[n];

	return item->section == SECTION_ANSWER &&
	    item->rrset->type == TYPE_CNAME && query->type != TYPE_CNAME &&
	    query->type != TYPE_ANY;
}

/* Adds link n with what signs it; returns the number of items taken. */
static size_t
adopt_link(struct engine *engine, struct query *query, size_t n)
{
	const struct reply *reply = &engine->reply;

	adopt_item(engine, query, n);
	if (n + 1 == reply->count ||
	    reply->items[n + 1].section != SECTION_ANSWER ||
	    reply->items[n + 1].rrset->type != TYPE_RRSIG)
		return 1;
	adopt_item(engine, query, n + 1);
	return 2;
}

/* Whether who sent the reply is the one to ask about this name too. */
static bool
same_source(const struct query *query, const struct route *route)
{
	return route->source == query->source && route->group == query->group &&
	    route->network == query->network;
}

/* Has what was taken of the reply outlive it, for the query may wait again. */
static void
adopt_keep(struct query *query, unsigned first)
{
	struct answer *answer = &query->answer;

	for (unsigned i = first; i < answer->count; i++) {
		struct answer_item *item = &answer->items[i];

		item->owner = arena_copy(&query->kept, item->owner,
		    name_size(item->owner));
		item->rrset = rrset_copy(&query->kept, item->rrset);
	}
	if (answer->ede_text != NULL)
		answer->ede_text = arena_strdup(&query->kept, answer->ede_text);
	if (query->kept.full)
		answer->overflow = true;
}

/* The CNAME added last. */
static const struct rrset *
last_link(const struct answer *answer)
{
	unsigned i = answer->count;

	while (i > 0 && answer->items[i - 1].rrset->type != TYPE_CNAME)
		i--;
	assert(i > 0);
	return answer->items[i - 1].rrset;
}

/* Goes on at the target of the link adopted last. */
static enum step
adopt_leave(struct engine *engine, struct query *query, unsigned first,
    const struct route *route)
{
	uint16_t len;

	adopt_keep(query, first);
	if (query->answer.overflow)
		return STEP_ENCODE;
	query->answer.rcode = RCODE_NOERROR;
	query->owner = rrset_first(last_link(&query->answer), &len);
	path_set(&query->path, query->owner, &query->snapshot->key);
	return order_take(engine, query, route);
}

/* Tells the witness who looks up the target of the link adopted last. */
static void
adopt_alias(const struct query *query, unsigned stages)
{
	uint16_t len;

	if (query->witness == NULL || query->answer.overflow)
		return;
	witness_add(query->witness,
	    &(struct sighting){
		.kind = WITNESS_ALIAS,
		.source = query->source,
		.stages = stages,
		.name = rrset_first(last_link(&query->answer), &len),
	    });
}

/* Where the target of the link adopted last leads. */
static struct route
adopt_route(const struct query *query, unsigned stages)
{
	struct path path;
	uint16_t len;

	path_set(&path, rrset_first(last_link(&query->answer), &len),
	    &query->snapshot->key);
	return order_route(query, &path, stages);
}

static void
adopt_cut(const struct query *query, const struct route *route)
{
	uint16_t len;

	witness_add(query->witness,
	    &(struct sighting){
		.kind = WITNESS_CUT,
		.name = rrset_first(last_link(&query->answer), &len),
		.group = query->group,
		.zone = route->zone,
		.rule = route->rule,
	    });
}

/* A chain whose end the server left open. */
static bool
is_open(const struct reply *reply)
{
	return !reply->answered && !reply->has_soa &&
	    reply->rcode == RCODE_NOERROR;
}

/* An alternative name server's error: what led to it is no answer. */
static enum step
adopt_error(struct query *query, uint16_t rcode)
{
	answer_reset(&query->answer);
	query->answer.rcode = rcode;
	return STEP_ENCODE;
}

/*
 * Whether AD may be set (RFC 6840 section 5.8): for a client that wants to
 * know, when all of the answer is this reply, as its server vouched for it,
 * and there is nothing to be said against it.
 */
static bool
is_vouched(const struct engine *engine, const struct query *query,
    unsigned first)
{
	const struct request *request = &query->request;

	return engine->reply.authentic && query->answer.ede == EDE_NONE &&
	    first == 0 && !query->synthesise &&
	    (request->edns.dnssec_ok || (request->flags & FLAG_AD) != 0);
}

enum step
respond_adopt_step(struct engine *engine, struct query *query, uint64_t now)
{
	const struct reply *reply = &engine->reply;
	const unsigned stages = order_chases(query);
	const unsigned first = query->answer.count;
	struct route route = {.step = STEP_SYNTH};

	(void)now;
	/* What goes wrong from here on is not this answer's fault. */
	query->heard = false;
	if (reply->rcode != RCODE_NOERROR && reply->rcode != RCODE_NXDOMAIN)
		return adopt_error(query, reply->rcode);
	query->answer.rcode = reply->rcode;
	if (engine->why == EDE_STALE_ANSWER)
		account_note(query, ORIGIN_STALE);
	if (engine->why != EDE_NONE) {
		query->answer.ede = engine->why;
		query->answer.ede_text = engine->why_text;
	}
	for (size_t i = 0; i < reply->count && !query->answer.overflow;) {
		if (!is_link(engine, query, i)) {
			if (!rebind_stops(engine, query, &reply->items[i]))
				adopt_item(engine, query, i);
			i++;
			continue;
		}
		i += adopt_link(engine, query, i);
		adopt_alias(query, stages);
		if (stages == 0)
			continue;
		if (!order_follow(engine, query))
			return STEP_FAIL;
		route = adopt_route(query, stages);
		if (!same_source(query, &route)) {
			adopt_cut(query, &route);
			return adopt_leave(engine, query, first, &route);
		}
	}
	if (route.step != STEP_SYNTH && is_open(reply))
		return adopt_leave(engine, query, first, &route);
	query->answer.authentic = is_vouched(engine, query, first);
	return STEP_SYNTH;
}

enum step
respond_fail_step(struct engine *engine, struct query *query, uint64_t now)
{
	(void)now;
	if (query->heard && dns64_retries(query))
		return dns64_restart(engine, query);
	witness_add(query->witness,
	    &(struct sighting){.kind = WITNESS_FAIL, .text = engine->why_text});
	counter_add(&engine->counters->answers_failed);
	account_note(query, ORIGIN_ERROR);
	answer_reset(&query->answer);
	query->answer.rcode = RCODE_SERVFAIL;
	query->answer.ede = engine->why;
	query->answer.ede_text = engine->why_text;
	return STEP_ENCODE;
}

/* The most octets this client can take. */
static size_t
reply_limit(const struct query *query)
{
	const struct edns *edns = &query->request.edns;
	const uint16_t most = query->snapshot->options.max_udp_size;

	switch (query->transport) {
	case TRANSPORT_TCP:
		return MESSAGE_MAX;
	case TRANSPORT_UDP:
		if (!edns->present)
			return UDP_SIZE_CLASSIC;
		return edns->udp_size < most ? edns->udp_size : most;
	}
	return UDP_SIZE_CLASSIC;
}

/* Whether the next who asks in the same way gets the same from the zones. */
static bool
is_settled(const struct query *query)
{
	const struct answer *answer = &query->answer;

	return query->origins == 1U << ORIGIN_ZONE && query->group == NULL &&
	    !query->steered && !query->synthesise && !answer->truncated &&
	    answer->ede == EDE_NONE &&
	    (answer->rcode == RCODE_NOERROR || answer->rcode == RCODE_NXDOMAIN);
}

bool
respond_pour(struct engine *engine, struct query *query,
    const struct mould *mould)
{
	const unsigned first =
	    mould->turns == 0 ? 0 : rng_cheap(engine->rng) % mould->turns;

	query->out_len = mould_pour(mould, query, reply_limit(query), first);
	return query->out_len != 0;
}

bool
respond_plain(struct engine *engine, struct query *query,
    const struct cache_plain *plain)
{
	const uint32_t drawn = plain->count == 1 ? 0 : rng_cheap(engine->rng);
	const struct answer_plain answer = {
	    .type = plain->type,
	    .count = plain->count,
	    .ttl = plain->ttl,
	    .records = plain->records,
	    .size = plain->size,
	    .first = (uint16_t)(drawn % plain->count),
	};

	query->out_len = answer_encode_plain(&answer, &query->request,
	    query->snapshot->options.edns_udp_size, query->out,
	    query->cap < reply_limit(query) ? query->cap : reply_limit(query));
	return query->out_len != 0;
}

enum step
respond_encode_step(struct engine *engine, struct query *query, uint64_t now)
{
	const struct options *options = &query->snapshot->options;
	const struct encoding encoding = {
	    .limit = reply_limit(query),
	    .udp_size = options->edns_udp_size,
	    .extended_errors = options->extended_errors,
	    .transport = query->transport,
	    .dnssec_ok = query->group != NULL && query->request.edns.dnssec_ok,
	};

	if (query->answer.overflow || engine->scratch.full) {
		engine->why = EDE_OTHER;
		engine->why_text = "the answer is too large";
		engine->scratch.full = false;
		return respond_fail_step(engine, query, now);
	}
	query->out_len = answer_encode(&query->answer, &query->request,
	    &encoding, query->out, query->cap);
	if (query->out_len == 0)
		return STEP_DROP;
	if (query->mould != NULL && is_settled(query))
		mould_fill(query->mould, query, query->mould_above);
	if ((query->out[2] & FLAG_TC >> 8) != 0)
		counter_add(&engine->counters->truncated);
	return STEP_REPLY;
}
