#include "core/swift.h"

#include <endian.h>
#include <stddef.h>
#include <string.h>

#include "core/account.h"
#include "core/engine.h"
#include "core/order.h"
#include "core/recall.h"
#include "core/respond.h"

enum {
	COUNTS_AT = 4,
	QUESTION_TAIL = 4,
	TYPE_LAST = 127, /* no type of data is past it that many ask for */
	OPT_VERSION_AT = 6,
	OPT_LENGTH_AT = 9,
};

static uint16_t
u16_at(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

/*
 * Whether a header is that of a query with one question and at most one record,
 * an additional one; and whether it has that.
 */
static bool
head_is_plain(const uint8_t *wire, bool *edns)
{
	uint64_t counts;

	memcpy(&counts, wire + COUNTS_AT, sizeof(counts));
	counts = be64toh(counts);
	*edns = (counts & 1) != 0;
	return (u16_at(wire + 2) & (FLAG_QR | FLAG_OPCODE | FLAG_TC)) == 0 &&
	    (counts & ~UINT64_C(1)) == UINT64_C(1) << 48;
}

/* An OPT record without options. */
static bool
opt_is_plain(const uint8_t *opt)
{
	return opt[0] == 0 && u16_at(opt + 1) == TYPE_OPT &&
	    opt[OPT_VERSION_AT] == 0 && u16_at(opt + OPT_LENGTH_AT) == 0;
}

static void
opt_take(struct edns *edns, const uint8_t *opt)
{
	const uint16_t size = u16_at(opt + 3);

	*edns = (struct edns){
	    .present = true,
	    .dnssec_ok = (opt[OPT_VERSION_AT + 1] & EDNS_DO >> 8) != 0,
	    .udp_size = size < UDP_SIZE_CLASSIC ? UDP_SIZE_CLASSIC : size,
	};
}

/* HINFO may be a question of our own: see core/loop. */
static bool
type_is_plain(unsigned type)
{
	return type != 0 && type <= TYPE_LAST && type != TYPE_OPT &&
	    type != TYPE_HINFO;
}

/* Reads the message; false when there is anything about it. */
static bool
read_plainly(struct query *query, const struct packet *packet,
    const struct hash_key *key)
{
	struct request *request = &query->request;
	const uint8_t *wire = packet->wire;
	const uint8_t *tail;
	size_t len;
	bool edns;

	if (packet->len < HEADER_SIZE || !head_is_plain(wire, &edns))
		return false;
	len = path_read(&query->path, wire + HEADER_SIZE,
	    packet->len - HEADER_SIZE, key);
	if (len == 0 ||
	    packet->len !=
		HEADER_SIZE + len + QUESTION_TAIL + (edns ? OPT_SIZE : 0))
		return false;
	tail = wire + HEADER_SIZE + len;
	if (!type_is_plain(u16_at(tail)) || u16_at(tail + 2) != CLASS_IN)
		return false;
	request->edns = (struct edns){.udp_size = UDP_SIZE_CLASSIC};
	if (edns) {
		if (!opt_is_plain(tail + QUESTION_TAIL))
			return false;
		opt_take(&request->edns, tail + QUESTION_TAIL);
	}
	request->id = u16_at(wire);
	request->flags = u16_at(wire + 2);
	request->has_question = true;
	request->question.type = u16_at(tail);
	request->question.class = CLASS_IN;
	request->question.name.len = (uint8_t)len;
	request->question.name.labels = query->path.name.labels;
	memcpy(request->question.name.wire, wire + HEADER_SIZE, len);
	return true;
}

/* Whether it comes from somebody to be answered without further ado. */
static bool
is_welcome(const struct engine *engine, const struct packet *packet)
{
	if (packet->view != NULL || packet->witness != NULL ||
	    engine->snapshot->faults != NULL)
		return false;
	/* Nobody listens at port 0. */
	if (packet->transport == TRANSPORT_UDP &&
	    addr_port(packet->client) == 0)
		return false;
	return snapshot_allows(engine->snapshot, packet->client);
}

/* What the shell looks at of a query that has just been answered. */
static void
set_out(struct query *query, enum source source, enum origin origin)
{
	query->claim = (struct claim){
	    .made = true,
	    .source = source,
	    .zone = query->zone,
	};
	query->origins = 1U << origin;
	query->answer.rcode = RCODE_NOERROR;
	query->answer.ede = EDE_NONE;
	query->answer.ede_text = NULL;
	query->inside = false;
	query->synthesise = false;
	query->answered = NULL;
	query->attempts = 0;
	query->parked = false;
	query->holds_snapshot = false;
}

static struct mould_key
key_of(const struct query *query, enum lookup lookup,
    const struct zone_node *node)
{
	return (struct mould_key){
	    .of = node == NULL ? (const void *)query->zone : node,
	    .network = query->view.network,
	    .cluster = query->view.cluster,
	    .type = query->type,
	    .lookup = (uint8_t)lookup,
	    .manner =
		(uint8_t)((unsigned)query->chase << 1 | query->view.inbound),
	};
}

/* The mould of what the query's zone answers; NULL: there is none yet. */
static const struct mould *
mould_of(const struct engine *engine, const struct query *query)
{
	const struct zone_node *node = NULL;
	const enum lookup lookup =
	    zone_lookup(query->zone, &query->path, query->type, &node);
	const struct mould_key key = key_of(query, lookup, node);

	if (query->type == TYPE_AAAA && query->view.network->dns64)
		return NULL;
	return mould_ready(&engine->moulds, &key);
}

static bool
pour(struct engine *engine, struct query *query, uint64_t now)
{
	const struct mould *mould = mould_of(engine, query);

	if (mould == NULL ||
	    swift_limit(engine, engine->packet, now) != LIMITER_PASS ||
	    !respond_pour(engine, query, mould))
		return false;
	set_out(query, SOURCE_ZONE, ORIGIN_ZONE);
	counter_add(&engine->counters->answers_zone);
	return true;
}

/* From the cache, where that has what was asked for and nothing else. */
static bool
recall(struct engine *engine, struct query *query, uint64_t now)
{
	const struct request *request = &query->request;
	struct cache_plain plain;

	if ((request->flags & FLAG_RD) == 0 || request->edns.dnssec_ok ||
	    (query->type == TYPE_AAAA && query->view.network->dns64) ||
	    !recall_plain(engine, query, now, &plain) ||
	    swift_limit(engine, engine->packet, now) != LIMITER_PASS ||
	    !respond_plain(engine, query, &plain))
		return false;
	cache_used(&engine->cache, &plain);
	set_out(query, SOURCE_PUBLIC, ORIGIN_CACHE);
	counter_add(&engine->counters->answers_cache);
	return true;
}

enum swift
swift_start(struct engine *engine, struct query *query,
    const struct packet *packet, uint64_t now)
{
	bool answered = false;

	if (!is_welcome(engine, packet) ||
	    !read_plainly(query, packet, &engine->snapshot->key))
		return SWIFT_UNSURE;
	query->type = query->request.question.type;
	switch ((unsigned)order_plainly(query)) {
	case STEP_ZONE:
		answered = pour(engine, query, now);
		break;
	case STEP_CACHE:
		answered = recall(engine, query, now);
		break;
	}
	return answered ? SWIFT_ANSWERED : SWIFT_READ;
}

/* Whether it is answered as all are who ask in the same way. */
static bool
is_ordinary(const struct engine *engine, const struct query *query)
{
	return query->witness == NULL && query->peerings == 0 &&
	    query->snapshot == engine->snapshot && query->type != TYPE_ANY &&
	    (query->type != TYPE_AAAA || !query->view.network->dns64);
}

/* What a name answered from node, or from none, is below; NULL: is itself. */
static const uint8_t *
above_of(const struct zone *zone, const struct zone_node *node)
{
	if (node == NULL)
		return zone->apex;
	return name_is_wildcard(node->owner) ? name_strip(node->owner, 1)
					     : NULL;
}

void
swift_learn(struct engine *engine, struct query *query, enum lookup lookup,
    const struct zone_node *node)
{
	const struct mould_key key = key_of(query, lookup, node);
	struct mould *mould;

	if (!is_ordinary(engine, query))
		return;
	mould = mould_find(&engine->moulds, &key);
	if (mould == NULL || mould->state != MOULD_SEEN)
		return;
	query->mould = mould;
	query->mould_above = above_of(query->zone, node);
}

/* Who comes by TCP is who it is, and nobody else is this host. */
static bool
is_limited(const struct engine *engine, const struct packet *packet)
{
	return engine->limiter.interval != 0 &&
	    packet->transport == TRANSPORT_UDP &&
	    !addr_is_loopback(packet->client);
}

enum limiter_verdict
swift_limit(struct engine *engine, const struct packet *packet, uint64_t now)
{
	if (!is_limited(engine, packet))
		return LIMITER_PASS;
	if (!engine->metered) {
		engine->metered = true;
		engine->meter = limiter_take(&engine->limiter,
		    &engine->snapshot->key, packet->client, now);
	}
	return engine->meter;
}
