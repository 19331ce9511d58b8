#include "core/ask.h"

#include <assert.h>

#include "core/engine.h"
#include "core/recall.h"
#include "core/witness.h"

#define MS UINT64_C(1000000)

enum { ASK_BY_TCP = 6 /* the transmission that does */ };

bool
ask_allowed(const struct query *query, uint64_t now)
{
	if (query->attempts >= ASK_EARLY &&
	    now < query->begun_at + ASK_EARLY_TIME)
		return false;
	return query->attempts < ASK_MOST;
}

bool
ask_pending(const struct query *query)
{
	for (unsigned i = 0; i < TRANSMISSIONS; i++) {
		if (query->sent[i].open)
			return true;
	}
	return false;
}

/*
 * Marks the servers that have had their turn; in a new round any may be asked
 * but who just was.
 */
static void
mark_tried(struct query *query, unsigned index)
{
	const unsigned all = (1U << query->group->count) - 1;

	query->tried |= 1U << index;
	if (((query->tried | query->failed) & all) == all)
		query->tried = 1U << index;
}

/* Where a transmission fits: after the last, if one of them is over there. */
static unsigned
slot_for(const struct query *query)
{
	const unsigned next = (query->ask + 1) % TRANSMISSIONS;

	/* Of two that are open the older gives way. */
	return query->sent[next].open && !query->sent[query->ask].open
	    ? query->ask
	    : next;
}

/* The server, or what stands in for it while it does not do TLS. */
static const struct upstream_server *
way_to(struct engine *engine, const struct upstream_server *server,
    uint64_t now)
{
	if (server->plain == NULL ||
	    upstream_can(upstream_state(&engine->upstreams, server), SKILL_TLS,
		now))
		return server;
	return server->plain;
}

static enum carrier
carrier_for(const struct query *query, const struct transmission *sent,
    const struct upstream_state *state)
{
	const struct upstream_server *server = sent->server;
	const uint64_t now = sent->sent_at;

	if (server->carrier != CARRIER_UDP)
		return server->carrier;
	if (query->truncated)
		return CARRIER_TCP;
	if (!upstream_can(state, SKILL_TCP, now))
		return CARRIER_UDP;
	/* Datagrams were of no use so far. */
	if (query->attempts + 1 == ASK_BY_TCP &&
	    query->fates[sent->index].kind == FATE_SILENT)
		return CARRIER_TCP;
	return query->wary || !upstream_can(state, SKILL_UDP, now)
	    ? CARRIER_TCP
	    : CARRIER_UDP;
}

/* When something else is tried if no answer comes. */
static uint64_t
deadline_of(const struct query *query, const struct transmission *sent,
    const struct upstream_state *state)
{
	uint64_t wait = upstream_rto(state);
	uint64_t at;

	/* A connection comes first. */
	if (sent->carrier != sent->server->carrier)
		wait *= 2;
	wait <<= query->attempts - 1;
	if (query->attempts >= ASK_EARLY) {
		wait = 500 * MS;
	} else if (wait > 750 * MS) {
		wait = 750 * MS;
	}
	at = sent->sent_at + wait;
	if (query->attempts == ASK_EARLY &&
	    at < query->begun_at + ASK_EARLY_TIME)
		at = query->begun_at + ASK_EARLY_TIME;
	if (query->attempts == ASK_MOST || at > query->give_up_at)
		return query->give_up_at;
	return at;
}

/*
 * "0x20": a letter case that nobody can know beforehand and an honest server
 * repeats (draft-vixie-dnsext-dns0x20).  Lengths of labels are no letters.
 */
static void
randomise_case(struct name *name, struct rng *rng)
{
	uint32_t bits = 0;
	unsigned left = 0;

	for (size_t i = 0; i < name->len; i++) {
		const uint8_t letter = name->wire[i] | 0x20;

		if (letter < 'a' || letter > 'z')
			continue;
		if (left == 0) {
			bits = rng_u32(rng);
			left = 32;
		}
		name->wire[i] =
		    (uint8_t)(letter ^ ((bits & 1) != 0 ? 0x20 : 0));
		bits >>= 1;
		left--;
	}
}

/* Decides what this transmission has that the answer is known by. */
static void
equip(const struct query *query, struct transmission *sent,
    const struct upstream_state *state)
{
	const struct options *options = &query->snapshot->options;
	const uint64_t now = sent->sent_at;
	const bool datagrams = sent->server->carrier == CARRIER_UDP;

	sent->edns = (query->plain >> sent->index & 1) == 0 &&
	    upstream_can(state, SKILL_EDNS, now);
	sent->cased = datagrams && options->case_randomization &&
	    upstream_can(state, SKILL_CASE, now);
	sent->cookie = datagrams && sent->edns && options->dns_cookies &&
	    upstream_can(state, SKILL_COOKIES, now);
	sent->strangers = 0;
}

static void
write_question(struct engine *engine, const struct query *query,
    struct transmission *sent, struct upstream_state *state)
{
	struct question question = query->asked;
	const struct asking asking = {
	    .id = rng_u16(engine->rng),
	    .dnssec_ok = query->request.edns.dnssec_ok,
	    .checking_disabled = (query->request.flags & FLAG_CD) != 0,
	    .wants_authentic = query->group->trusted,
	    .udp_size = sent->edns ? UDP_SIZE_SAFE : 0,
	    .block = sent->carrier == CARRIER_TLS ? EDNS_BLOCK : 0,
	    .cookie = sent->cookie ? upstream_cookie(state, engine->rng) : NULL,
	};

	if (sent->cased)
		randomise_case(&question.name, engine->rng);
	sent->id = asking.id;
	sent->len =
	    request_build(&asking, &question, sent->wire, sizeof(sent->wire));
	assert(sent->len > 0);
}

static void
count_sent(struct engine *engine, const struct query *query,
    const struct transmission *sent)
{
	switch (sent->carrier) {
	case CARRIER_UDP:
		counter_add(&engine->counters->sent_udp);
		break;
	case CARRIER_TCP:
		counter_add(&engine->counters->sent_tcp);
		break;
	case CARRIER_TLS:
		counter_add(&engine->counters->sent_tls);
		break;
	}
	witness_add(query->witness,
	    &(struct sighting){
		.kind = WITNESS_ASK,
		.group = query->group,
		.server = sent->server,
		.carrier = sent->carrier,
	    });
}

enum step
ask_server(struct engine *engine, struct query *query, unsigned index,
    uint64_t now)
{
	const unsigned slot = slot_for(query);
	struct transmission *sent = &query->sent[slot];
	struct upstream_state *state;

	assert(query->attempts < ASK_MOST);
	sent->server = way_to(engine, &query->group->servers[index], now);
	state = upstream_state(&engine->upstreams, sent->server);
	sent->index = index;
	sent->sent_at = now;
	sent->why = NULL;
	sent->carrier = carrier_for(query, sent, state);
	sent->open = true;
	equip(query, sent, state);
	write_question(engine, query, sent, state);
	upstream_sent(state);
	count_sent(engine, query, sent);
	mark_tried(query, index);
	query->ask = slot;
	query->attempts++;
	query->retry_at = deadline_of(query, sent, state);
	query->until = recall_until(query);
	return STEP_ASK;
}

enum step
ask_again(struct engine *engine, struct query *query, unsigned slot,
    uint64_t now)
{
	query->sent[slot].open = false;
	if (!ask_allowed(query, now))
		return ask_pending(query) ? STEP_WAIT : STEP_NEXT;
	return ask_server(engine, query, query->sent[slot].index, now);
}
