#include "io/qlog.h"

#include <assert.h>
#include <string.h>

#include "core/counters.h"
#include "core/query.h"

/*
 * A record lies in the ring packed: this, then its texts one after the other,
 * then the reply.  Most texts are short and most replies too, so that a ring
 * holds several times as many.
 */
struct packed {
	uint64_t came_at;
	uint64_t latency;
	struct addr client;
	struct addr local;
	struct addr server;
	uint16_t reply_len;
	uint16_t ede;
	uint16_t rcode;
	uint8_t transport;
	uint8_t origin;
	uint8_t carrier;
	uint8_t sides;
	uint8_t targets[QLOG_SIDES];
	bool logs[QLOG_SIDES];
	bool has_question;
	bool inbound;
	bool own;
	bool dns64;
	bool translated;
};

/* A text of a record: where it comes from, and what room it will have. */
struct text {
	const char *from;
	uint8_t len; /* without the terminator */
};

enum { TEXTS_OF_SIDE = 3, TEXTS = QLOG_SIDES * TEXTS_OF_SIDE + 1 };

struct texts {
	struct text items[TEXTS];
	unsigned count;
	size_t size; /* as packed: each with a length before it */
};

static void
texts_add(struct texts *texts, const char *from, size_t cap)
{
	const size_t len = strnlen(from, cap - 1);

	assert(texts->count < TEXTS && len <= UINT8_MAX);
	texts->items[texts->count++] =
	    (struct text){.from = from, .len = (uint8_t)len};
	texts->size += 1 + len;
}

static uint8_t *
texts_write(const struct texts *texts, uint8_t *at)
{
	for (unsigned i = 0; i < texts->count; i++) {
		*at++ = texts->items[i].len;
		memcpy(at, texts->items[i].from, texts->items[i].len);
		at += texts->items[i].len;
	}
	return at;
}

/* Returns where the next one lies. */
static const uint8_t *
text_read(const uint8_t *at, char *text)
{
	const uint8_t len = *at++;

	memcpy(text, at, len);
	text[len] = '\0';
	return at + len;
}

void
qlog_init(struct qlog *qlog, void *room, atomic_uint_fast64_t *dropped)
{
	atomic_init(&qlog->is_read, false);
	qlog->dropped = dropped;
	ring_init(&qlog->ring, room, QLOG_RING);
}

/* What is known of the query without its texts. */
static void
pack_query(struct packed *packed, const struct query *query)
{
	const struct network *network = query->view.network;

	*packed = (struct packed){
	    .came_at = query->came_at,
	    .client = query->client,
	    .reply_len = (uint16_t)query->out_len,
	    .ede = (uint16_t)query->answer.ede,
	    .rcode = (uint16_t)account_rcode(query),
	    .transport = (uint8_t)query->transport,
	    .origin = (uint8_t)account_origin(query),
	    .has_question = query->request.has_question,
	    .inbound = query->view.inbound,
	    .own = query->own,
	    .dns64 = network != NULL && network->dns64,
	    .translated = query->synthesise,
	};
}

static void
pack_sides(struct packed *packed, const struct query *query,
    struct texts *texts)
{
	const unsigned sides = account_sides(query);

	_Static_assert(QLOG_SIDES == CLAIM_PEERINGS + 1, "a side a network");
	packed->sides = (uint8_t)sides;
	for (unsigned i = 0; i < sides; i++) {
		const struct account_side side = account_side(query, i);

		packed->targets[i] = (uint8_t)side.target;
		packed->logs[i] = side.logs;
		texts_add(texts, side.network, QLOG_NAME);
		texts_add(texts, side.target_name, QLOG_NAME);
		texts_add(texts, side.rule, QLOG_NAME);
	}
}

static void
pack_server(struct packed *packed, const struct query *query)
{
	const struct transmission *sent = account_server(query);

	if (sent == NULL)
		return;
	packed->server = sent->server->addr;
	packed->carrier = (uint8_t)sent->carrier;
}

void
qlog_put(struct qlog *qlog, const struct query *query, const struct addr *local,
    uint64_t now)
{
	const char *why = query->answer.ede_text;
	struct texts texts = {.count = 0};
	struct packed packed;
	uint8_t *at;

	pack_query(&packed, query);
	packed.latency = now - query->came_at;
	if (local != NULL)
		packed.local = *local;
	pack_sides(&packed, query, &texts);
	pack_server(&packed, query);
	texts_add(&texts, why == NULL ? "" : why, QLOG_WHY);
	at = ring_reserve(&qlog->ring,
	    sizeof(packed) + texts.size + packed.reply_len);
	if (at == NULL) {
		counter_add(qlog->dropped);
		return;
	}
	memcpy(at, &packed, sizeof(packed));
	at = texts_write(&texts, at + sizeof(packed));
	memcpy(at, query->out, packed.reply_len);
	ring_commit(&qlog->ring);
}

void
qlog_open(struct qlog *qlog)
{
	size_t len;

	/* What came when somebody read before is of no use to who reads now. */
	while (ring_peek(&qlog->ring, &len) != NULL)
		ring_release(&qlog->ring);
	atomic_store_explicit(&qlog->is_read, true, memory_order_relaxed);
}

void
qlog_close(struct qlog *qlog)
{
	atomic_store_explicit(&qlog->is_read, false, memory_order_relaxed);
}

static void
unpack(struct qlog_record *record, const struct packed *packed)
{
	record->at = packed->came_at;
	record->latency = packed->latency;
	record->client = packed->client;
	record->local = packed->local;
	record->server = packed->server;
	record->len = packed->reply_len;
	record->ede = packed->ede;
	record->rcode = packed->rcode;
	record->transport = (enum transport)packed->transport;
	record->origin = (enum origin)packed->origin;
	record->carrier = (enum carrier)packed->carrier;
	record->has_question = packed->has_question;
	record->inbound = packed->inbound;
	record->own = packed->own;
	record->dns64 = packed->dns64;
	record->translated = packed->translated;
}

/* The client's network, and those behind peering zones, with their texts. */
static const uint8_t *
unpack_sides(struct qlog_record *record, const struct packed *packed,
    const uint8_t *at)
{
	record->target = (enum target_type)packed->targets[0];
	record->policy_logs = packed->logs[0];
	at = text_read(at, record->network);
	at = text_read(at, record->target_name);
	at = text_read(at, record->rule);
	record->producer_count = packed->sides - 1U;
	for (unsigned i = 0; i < record->producer_count; i++) {
		struct qlog_side *side = &record->producers[i];

		side->target = (enum target_type)packed->targets[i + 1];
		side->policy_logs = packed->logs[i + 1];
		at = text_read(at, side->network);
		at = text_read(at, side->target_name);
		at = text_read(at, side->rule);
	}
	return at;
}

bool
qlog_take(struct qlog *qlog, struct qlog_record *record, const uint8_t **reply)
{
	struct packed packed;
	const uint8_t *at;
	size_t len;

	at = ring_peek(&qlog->ring, &len);
	if (at == NULL)
		return false;
	assert(len >= sizeof(packed));
	memcpy(&packed, at, sizeof(packed));
	unpack(record, &packed);
	at = unpack_sides(record, &packed, at + sizeof(packed));
	*reply = text_read(at, record->why);
	return true;
}

void
qlog_done(struct qlog *qlog)
{
	ring_release(&qlog->ring);
}
