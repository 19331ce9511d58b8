#include "core/recall.h"

#include "core/engine.h"
#include "core/witness.h"

enum { FAILURE_TTL = 1 }; /* seconds */

/* How a failure is kept: by the rcode whether any server answered at all. */
enum { FAILURE_SILENT = RCODE_SERVFAIL, FAILURE_HEARD = RCODE_REFUSED };

static struct cache_key
recall_key(const struct query *query)
{
	return (struct cache_key){
	    .name = query->path.name.wire,
	    .type = query->type,
	    .dnssec_ok = query->request.edns.dnssec_ok,
	    .checking_disabled = (query->request.flags & FLAG_CD) != 0,
	    .group = query->group->id,
	};
}

enum step
recall_step(struct engine *engine, struct query *query, uint64_t now)
{
	const struct cache_key key = recall_key(query);

	/* Who does not want recursion gets no look into the cache either. */
	if ((query->request.flags & FLAG_RD) == 0) {
		if (query->hops > 0)
			return STEP_ENCODE;
		counter_add(&engine->counters->refused);
		query->answer.rcode = RCODE_REFUSED;
		query->answer.ede = EDE_NOT_AUTHORITATIVE;
		query->answer.ede_text =
		    "not a private zone's name, and RD is not set";
		return STEP_ENCODE;
	}
	if (!cache_get(&engine->cache, &key, now, &engine->reply,
		&engine->scratch))
		return STEP_FORWARD;
	if (engine->reply.rcode == FAILURE_SILENT ||
	    engine->reply.rcode == FAILURE_HEARD) {
		query->heard = engine->reply.rcode == FAILURE_HEARD;
		engine->why = EDE_CACHED_ERROR;
		engine->why_text = "the upstream servers failed for this "
				   "question less than a second ago";
		return STEP_FAIL;
	}
	counter_add(&engine->counters->answers_cache);
	witness_add(query->witness,
	    &(struct sighting){
		.kind = WITNESS_CACHE,
		.group = query->group,
		.number = engine->reply.age,
	    });
	return STEP_ADOPT;
}

static bool
is_success(unsigned rcode)
{
	return rcode == RCODE_NOERROR || rcode == RCODE_NXDOMAIN;
}

/*
 * Whether an answer may be kept.  Of what is missing only a SOA says how long
 * (RFC 2308 section 5); a chain left open says nothing of its end, and its
 * links have their own TTLs.  An error is kept by keep_failure, if at all.
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

void
recall_keep(struct engine *engine, const struct query *query, uint64_t now)
{
	const struct options *options = &query->snapshot->options;
	const struct cache_key key = recall_key(query);
	uint32_t ttl = engine->reply.ttl;

	if (!is_lasting(&engine->reply))
		return;
	if (ttl > query->group->max_ttl)
		ttl = query->group->max_ttl;
	if (!engine->reply.answered && engine->reply.has_soa &&
	    ttl > options->cache_max_negative_ttl)
		ttl = options->cache_max_negative_ttl;
	cache_put(&engine->cache, &key, ttl, &engine->reply, now);
}

void
recall_keep_failure(struct engine *engine, const struct query *query,
    uint64_t now)
{
	const struct cache_key key = recall_key(query);
	const struct reply failure = {
	    .rcode = query->heard ? FAILURE_HEARD : FAILURE_SILENT,
	};

	/* With more time it might have been answered. */
	if (query->hurried)
		return;
	cache_put(&engine->cache, &key, FAILURE_TTL, &failure, now);
}
