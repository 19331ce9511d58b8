#include "core/recall.h"

#include <stddef.h>
#include <string.h>

#include "base/phrase.h"
#include "core/account.h"
#include "core/engine.h"
#include "core/errand.h"
#include "core/flight.h"
#include "core/forward.h"
#include "core/order.h"
#include "core/rebind.h"
#include "core/witness.h"

#define SECOND UINT64_C(1000000000)

/*
 * Seconds after a failure, or a client's patience, during which stale answers
 * need not wait (RFC 8767 section 5: the failure recheck timer).
 */
enum { RECHECK = 5 };

/* How a failure is kept: by the rcode what came of asking. */
enum {
	FAILURE_LATE = RCODE_NOERROR,	 /* nothing yet, for too long */
	FAILURE_SILENT = RCODE_SERVFAIL, /* no server answered */
	FAILURE_HEARD = RCODE_REFUSED,	 /* one did, with an error */
};

enum { FAILURE_TEXT = 256 };

/* Whether the servers were of use when they were asked last. */
enum trouble {
	TROUBLE_NONE,
	TROUBLE_RECENT, /* they were not: they may be asked again */
	TROUBLE_NOW,	/* and it is too early for that (RFC 9520) */
};

static struct cache_key
recall_key(const struct query *query)
{
	return (struct cache_key){
	    .name = query->path.name.wire,
	    .hash = query->path.hash[0],
	    .type = query->type,
	    .dnssec_ok = query->request.edns.dnssec_ok,
	    .checking_disabled = (query->request.flags & FLAG_CD) != 0,
	    .group = query->group->id,
	};
}

static struct cache_key
failure_key(const struct query *query)
{
	struct cache_key key = recall_key(query);

	key.failure = true;
	return key;
}

/* Asks once more on our own account. */
static void
recall_again(struct engine *engine, const struct query *query)
{
	errand_push(&engine->errands,
	    &(struct errand){
		.snapshot = query->snapshot,
		.group = query->group,
		.name = query->path.name,
		.type = query->type,
		.dnssec_ok = query->request.edns.dnssec_ok,
		.checking_disabled = (query->request.flags & FLAG_CD) != 0,
	    });
}

/* Looks its answer up: fresh, or stale where that may serve. */
static enum cache_state
recall_look(struct engine *engine, const struct query *query, uint64_t now,
    struct cache_hit *hit)
{
	const struct options *options = &query->snapshot->options;
	const struct cache_key key = recall_key(query);
	const enum cache_state state = cache_get(&engine->cache, &key,
	    &(struct cache_look){
		.now = now,
		.max_stale = query->group->stale ? options->cache_max_stale : 0,
		.arena = &engine->scratch,
	    },
	    hit);

	if (state == CACHE_STALE && hit->reply.rcode != RCODE_NOERROR)
		return CACHE_MISS;
	return state;
}

bool
recall_plain(struct engine *engine, const struct query *query, uint64_t now,
    struct cache_plain *plain)
{
	const struct options *options = &query->snapshot->options;
	const struct cache_key key = recall_key(query);

	if (!cache_get_plain(&engine->cache, &key, now, plain) ||
	    (options->rebind_protection != REBINDING_OFF &&
		rebind_has_inside(plain->type, plain->records, plain->size)))
		return false;
	if (plain->age + plain->ttl > options->cache_max_ttl) {
		plain->ttl = options->cache_max_ttl > plain->age
		    ? options->cache_max_ttl - plain->age
		    : 0;
	}
	return true;
}

static enum trouble
recall_trouble(struct engine *engine, const struct query *query, uint64_t now,
    struct cache_hit *failure)
{
	const uint32_t ttl = query->snapshot->options.cache_failure_ttl;
	const struct cache_key key = failure_key(query);

	switch (cache_get(&engine->cache, &key,
	    &(struct cache_look){
		.now = now,
		.max_stale = ttl < RECHECK ? RECHECK - ttl : 0,
		.arena = &engine->scratch,
	    },
	    failure)) {
	case CACHE_FRESH:
		return failure->reply.rcode == FAILURE_LATE ? TROUBLE_RECENT
							    : TROUBLE_NOW;
	case CACHE_STALE:
		return TROUBLE_RECENT;
	case CACHE_MISS:
		break;
	}
	return TROUBLE_NONE;
}

/* Who does not want recursion gets no look into the cache either. */
static enum step
recall_refuse(struct engine *engine, struct query *query)
{
	if (query->hops > 0)
		return STEP_ENCODE;
	counter_add(&engine->counters->refused);
	query->answer.rcode = RCODE_REFUSED;
	query->answer.ede = EDE_NOT_AUTHORITATIVE;
	query->answer.ede_text = "not a private zone's name, and RD is not set";
	return STEP_ENCODE;
}

static enum step
recall_fresh(struct engine *engine, struct query *query,
    const struct cache_hit *hit)
{
	if (hit->due && query->snapshot->options.prefetch) {
		counter_add(&engine->counters->prefetched);
		recall_again(engine, query);
	}
	engine->reply = hit->reply;
	engine->why = EDE_NONE;
	counter_add(&engine->counters->answers_cache);
	account_note(query, ORIGIN_CACHE);
	witness_add(query->witness,
	    &(struct sighting){
		.kind = WITNESS_CACHE,
		.group = query->group,
		.number = hit->reply.age,
	    });
	return STEP_ADOPT;
}

/* "stale answer, 120 s past its time" becomes the reply at hand. */
static void
recall_take_stale(struct engine *engine, const struct query *query,
    const struct cache_hit *hit)
{
	char *text = arena_alloc(&engine->scratch, FAILURE_TEXT);

	engine->reply = hit->reply;
	engine->why = EDE_STALE_ANSWER;
	engine->why_text = text;
	if (text != NULL) {
		struct phrase phrase = phrase_in(text, FAILURE_TEXT);

		phrase_add(&phrase, "stale answer, ");
		phrase_add_number(&phrase, hit->past);
		phrase_add(&phrase, " s past its time");
	}
	counter_add(&engine->counters->answers_stale);
	witness_add(query->witness,
	    &(struct sighting){
		.kind = WITNESS_STALE,
		.group = query->group,
		.number = hit->past,
	    });
}

/* When a client that has asked at, or before, now has waited enough. */
static uint64_t
recall_patience(const struct query *query, uint64_t now)
{
	const uint64_t asked_at =
	    query->give_up_at == 0 ? now : query->give_up_at - FORWARD_BUDGET;

	return asked_at + RECALL_PATIENCE;
}

/* There is something stale: whether to wait for something better. */
static enum step
recall_stale(struct engine *engine, struct query *query,
    const struct cache_hit *hit, uint64_t now)
{
	struct cache_hit failure;
	const enum trouble trouble =
	    recall_trouble(engine, query, now, &failure);
	const uint64_t patience_until = recall_patience(query, now);

	if (trouble == TROUBLE_NONE && now < patience_until) {
		query->patience_until = patience_until;
		return STEP_FORWARD;
	}
	if (trouble != TROUBLE_NOW)
		recall_again(engine, query);
	recall_take_stale(engine, query, hit);
	return STEP_ADOPT;
}

/* What was kept of a failure: "cached SERVFAIL, 1 s left: " and why. */
static const char *
failure_text(struct engine *engine, const struct cache_hit *failure)
{
	const struct reply *reply = &failure->reply;
	char *text = arena_alloc(&engine->scratch, FAILURE_TEXT);
	struct phrase phrase;
	uint16_t len;

	if (text == NULL)
		return NULL;
	phrase = phrase_in(text, FAILURE_TEXT);
	phrase_add(&phrase, "cached SERVFAIL, ");
	phrase_add_number(&phrase, failure->left);
	phrase_add(&phrase, " s left");
	if (reply->count > 0) {
		phrase_add(&phrase, ": ");
		phrase_add(&phrase,
		    (const char *)rrset_first(reply->items[0].rrset, &len));
	}
	return text;
}

/* Nothing to answer with: fails as the last time, or asks. */
static enum step
recall_nothing(struct engine *engine, struct query *query, uint64_t now)
{
	struct cache_hit failure;

	query->patience_until = 0;
	if (recall_trouble(engine, query, now, &failure) != TROUBLE_NOW)
		return STEP_FORWARD;
	query->heard = failure.reply.rcode == FAILURE_HEARD;
	engine->why = EDE_CACHED_ERROR;
	engine->why_text = failure_text(engine, &failure);
	return STEP_FAIL;
}

enum step
recall_step(struct engine *engine, struct query *query, uint64_t now)
{
	struct cache_hit hit;

	if ((query->request.flags & FLAG_RD) == 0)
		return recall_refuse(engine, query);
	switch (recall_look(engine, query, now, &hit)) {
	case CACHE_FRESH:
		return recall_fresh(engine, query, &hit);
	case CACHE_STALE:
		return recall_stale(engine, query, &hit, now);
	case CACHE_MISS:
		break;
	}
	return recall_nothing(engine, query, now);
}

static bool
is_success(unsigned rcode)
{
	return rcode == RCODE_NOERROR || rcode == RCODE_NXDOMAIN;
}

/*
 * Whether an answer may be kept.  Of what is missing only a SOA says how long
 * (RFC 2308 section 5); a chain left open says nothing of its end, and its
 * links have their own TTLs.  An error is kept by recall_fail, if at all.
 */
static bool
is_lasting(const struct reply *reply)
{
	if (!is_success(reply->rcode))
		return false;
	return reply->answered || reply->has_soa ||
	    (reply->rcode == RCODE_NOERROR && reply->count > 0 &&
		reply->items[0].section == SECTION_ANSWER);
}

/* Seconds for which the reply at hand may be kept. */
static uint32_t
recall_ttl(const struct engine *engine, const struct query *query)
{
	const struct options *options = &query->snapshot->options;
	const struct reply *reply = &engine->reply;
	uint32_t ttl = reply->ttl;

	if (!is_lasting(reply))
		return 0;
	if (ttl > query->group->max_ttl)
		ttl = query->group->max_ttl;
	if (!reply->answered && reply->has_soa &&
	    ttl > options->cache_max_negative_ttl)
		ttl = options->cache_max_negative_ttl;
	return ttl;
}

void
recall_keep(struct engine *engine, const struct query *query, uint64_t now)
{
	const struct cache_key key = recall_key(query);
	const struct cache_key failure = failure_key(query);
	const struct reply nothing = {.rcode = FAILURE_LATE};

	/* What cannot be kept is news all the same: the old goes. */
	cache_put(&engine->cache, &key, recall_ttl(engine, query),
	    &engine->reply, now);
	cache_put(&engine->cache, &failure, 0, &nothing, now);
}

/* Keeps a failure with its text, as if that were a record. */
static void
recall_keep_failure(struct engine *engine, const struct query *query,
    uint64_t now)
{
	const struct cache_key key = failure_key(query);
	const char *text = engine->why_text == NULL ? "" : engine->why_text;
	const struct rdata data = {
	    .bytes = (const uint8_t *)text,
	    .len = (uint16_t)(strlen(text) + 1),
	};
	const struct reply_item item = {
	    .owner = key.name,
	    .rrset = rrset_pack(&engine->scratch, TYPE_TXT, 0, &data, 1),
	};
	const struct reply failure = {
	    .rcode = query->heard ? FAILURE_HEARD : FAILURE_SILENT,
	    .count = item.rrset == NULL ? 0 : 1,
	    .items = &item,
	};

	cache_put(&engine->cache, &key,
	    query->snapshot->options.cache_failure_ttl, &failure, now);
}

bool
recall_rescue(struct engine *engine, const struct query *query, uint64_t now)
{
	struct cache_hit hit;

	if (!query->group->stale ||
	    recall_look(engine, query, now, &hit) != CACHE_STALE)
		return false;
	recall_take_stale(engine, query, &hit);
	return true;
}

bool
recall_fail(struct engine *engine, const struct query *query, uint64_t now)
{
	/* With more time it might have been answered. */
	if (!query->hurried && query->leader == NULL)
		recall_keep_failure(engine, query, now);
	return recall_rescue(engine, query, now);
}

uint64_t
recall_until(const struct query *query)
{
	return query->patience_until != 0 &&
		query->patience_until < query->retry_at
	    ? query->patience_until
	    : query->retry_at;
}

bool
recall_is_late(const struct query *query, uint64_t now)
{
	return query->patience_until != 0 && now >= query->patience_until;
}

/* From now on whoever asks need not wait. */
static void
recall_keep_late(struct engine *engine, const struct query *query, uint64_t now)
{
	const struct cache_key key = failure_key(query);
	const struct reply late = {.rcode = FAILURE_LATE};

	cache_put(&engine->cache, &key, RECHECK, &late, now);
}

enum step
recall_late_step(struct engine *engine, struct query *query, uint64_t now)
{
	query->patience_until = 0;
	query->until = query->retry_at;
	if (!recall_rescue(engine, query, now))
		return STEP_WAIT;
	recall_keep_late(engine, query, now);
	if (query->leader != NULL) {
		forward_settle(engine, query, true);
	} else {
		forward_release(engine, query, true);
	}
	return STEP_ADOPT;
}

void
recall_hand_over(struct engine *engine, struct query *query)
{
	errand_push(&engine->errands,
	    &(struct errand){
		.snapshot = query->snapshot,
		.group = query->asked_group,
		.name = query->asked.name,
		.type = query->asked.type,
		.dnssec_ok = query->request.edns.dnssec_ok,
		.checking_disabled = (query->request.flags & FLAG_CD) != 0,
	    });
	flight_leave(&engine->flight, query);
}

/* Whether anybody who asks for that name is led to that group: cache_keep_fn */
static bool
recall_leads(void *context, const struct cache_key *key)
{
	struct query *query = context;
	const struct snapshot *snapshot = query->snapshot;

	path_set(&query->path, key->name, &snapshot->key);
	query->type = key->type;
	for (size_t i = 0; i < snapshot->view_count; i++) {
		struct route route;

		query->view = snapshot->views[i];
		query->network = query->view.network;
		route = order_route(query, &query->path, STAGE_ALL);
		if (route.group != NULL && route.group->id == key->group)
			return true;
	}
	return false;
}

void
recall_sweep(struct engine *engine)
{
	struct query query;

	query_reset(&query);
	query.snapshot = engine->snapshot;
	cache_sweep(&engine->cache, recall_leads, &query);
}
