#include "core/respond.h"

#include <stddef.h>

#include "core/engine.h"

/* A record to begin with, drawn anew each time. */
static uint16_t
rotation(struct engine *engine, const struct rrset *rrset)
{
	if (rrset->count == 1)
		return 0;
	return (uint16_t)(rng_cheap(engine->rng) % rrset->count);
}

void
respond_add(struct engine *engine, struct query *query,
    const struct rrset *rrset)
{
	struct answer_item *item =
	    answer_add(&query->answer, SECTION_ANSWER, query->owner, rrset);

	if (item != NULL)
		item->first = rotation(engine, rrset);
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
	    least(engine->reply.ttl,
		left_of(options->cache_max_negative_ttl, engine->reply.age)));
}

enum step
respond_adopt_step(struct engine *engine, struct query *query, uint64_t now)
{
	const struct reply *reply = &engine->reply;

	(void)now;
	query->answer.rcode = reply->rcode;
	for (size_t i = 0; i < reply->count; i++) {
		const struct reply_item *from = &reply->items[i];
		struct answer_item *item = answer_add(&query->answer,
		    from->section, from->owner, from->rrset);

		if (item == NULL)
			break;
		item->first = rotation(engine, from->rrset);
		item->ttl = passed_ttl(engine, query, from);
	}
	/* A chain whose end the server left open: does anybody follow it? */
	return reply->answered || reply->has_soa ? STEP_ENCODE : STEP_CHASE;
}

enum step
respond_fail_step(struct engine *engine, struct query *query, uint64_t now)
{
	(void)now;
	counter_add(&engine->counters->answers_failed);
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
	if ((query->out[2] & FLAG_TC >> 8) != 0)
		counter_add(&engine->counters->truncated);
	return STEP_REPLY;
}
