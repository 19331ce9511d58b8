#include "core/forward.h"

#include <assert.h>
#include <stddef.h>

#include "core/engine.h"
#include "core/flight.h"
#include "core/recall.h"
#include "core/witness.h"

#define MS UINT64_C(1000000)

/* How long a transmission has before the next one goes out. */
static const uint64_t intervals[] = {500 * MS, 750 * MS, 1000 * MS};

/* No question is sent more often than this, whatever happens. */
enum { FORWARD_ATTEMPTS = UPSTREAM_SERVERS };

/* Parks behind the query that asks the same already. */
static enum step
forward_join(struct engine *engine, struct query *query, struct query *leader)
{
	if (!flight_has_room(leader, query)) {
		counter_add(&engine->counters->slots_exhausted);
		engine->why = EDE_OTHER;
		engine->why_text = "too many queries wait for this answer";
		return STEP_FAIL;
	}
	counter_add(&engine->counters->joined);
	witness_add(query->witness,
	    &(struct sighting){.kind = WITNESS_JOIN, .group = query->group});
	flight_join(&engine->flight, query, leader);
	query->retry_at = query->give_up_at;
	query->until = recall_until(query);
	return STEP_WAIT;
}

/* A question of its own: nothing holds of what an earlier hop met. */
static void
forward_begin(struct query *query, uint64_t now)
{
	query->flight_hash = query->path.hash[0] ^ query->group->id;
	if (query->give_up_at == 0)
		query->give_up_at = now + FORWARD_BUDGET;
	query->hurried = query->give_up_at < now + FORWARD_BUDGET;
	query->asked_group = query->group;
	query->answered = NULL;
	query->attempts = 0;
	query->tried = 0;
	query->failed = 0;
	query->heard = false;
	query->by_tcp = false;
	query->plain = false;
	for (unsigned i = 0; i < TRANSMISSIONS; i++)
		query->sent[i].open = false;
}

/* Asks, as the one that others may wait for. */
static enum step
forward_lead(struct engine *engine, struct query *query)
{
	query->asked = (struct question){
	    .name = query->path.name,
	    .type = query->type,
	    .class = CLASS_IN,
	};
	flight_lead(&engine->flight, query);
	return STEP_NEXT;
}

enum step
forward_step(struct engine *engine, struct query *query, uint64_t now)
{
	struct query *leader;

	if (query->parked)
		recall_hand_over(engine, query);
	forward_begin(query, now);
	leader = flight_find(&engine->flight, query);
	if (leader != NULL)
		return forward_join(engine, query, leader);
	return forward_lead(engine, query);
}

/* Marks the servers that have had their turn; a full round starts anew. */
static void
mark_tried(struct query *query, unsigned index)
{
	const unsigned all = (1U << query->group->count) - 1;

	query->tried |= 1U << index;
	if (((query->tried | query->failed) & all) == all)
		query->tried = 0;
}

static uint64_t
next_deadline(const struct query *query, uint64_t now)
{
	const size_t last = sizeof(intervals) / sizeof(intervals[0]) - 1;
	const size_t n =
	    query->attempts - 1 < last ? query->attempts - 1 : last;
	const uint64_t at = now + intervals[n];

	return at < query->give_up_at ? at : query->give_up_at;
}

/* Puts the question together anew, with an id of its own. */
static enum step
transmit(struct engine *engine, struct query *query, unsigned index,
    uint64_t now)
{
	const unsigned slot = query->attempts % TRANSMISSIONS;
	struct transmission *sent = &query->sent[slot];
	const struct asking asking = {
	    .id = rng_u16(engine->rng),
	    .dnssec_ok = query->request.edns.dnssec_ok,
	    .checking_disabled = (query->request.flags & FLAG_CD) != 0,
	    .udp_size = query->plain ? 0 : UDP_SIZE_SAFE,
	};

	sent->server = &query->group->servers[index];
	sent->sent_at = now;
	sent->index = index;
	sent->id = asking.id;
	sent->carrier = query->by_tcp && sent->server->carrier == CARRIER_UDP
	    ? CARRIER_TCP
	    : sent->server->carrier;
	sent->open = true;
	counter_add(sent->carrier == CARRIER_UDP ? &engine->counters->sent_udp
						 : &engine->counters->sent_tcp);
	witness_add(query->witness,
	    &(struct sighting){
		.kind = WITNESS_ASK,
		.group = query->group,
		.server = sent->server,
		.carrier = sent->carrier,
	    });
	query->ask = slot;
	sent->len = request_build(&asking, &query->asked, sent->wire,
	    sizeof(sent->wire));
	assert(sent->len > 0);
	mark_tried(query, index);
	query->attempts++;
	query->retry_at = next_deadline(query, now);
	query->until = recall_until(query);
	return STEP_ASK;
}

struct failure {
	enum ede why;
	const char *text;
};

static enum step
give_up(struct engine *engine, struct query *query,
    const struct failure *failure, uint64_t now)
{
	bool rescued;

	engine->why = failure->why;
	engine->why_text = failure->text;
	rescued = recall_fail(engine, query, now);
	forward_settle(engine, query, rescued);
	if (query->orphan)
		return STEP_DROP;
	return rescued ? STEP_ADOPT : STEP_FAIL;
}

static bool
any_open(const struct query *query)
{
	for (unsigned i = 0; i < TRANSMISSIONS; i++) {
		if (query->sent[i].open)
			return true;
	}
	return false;
}

enum step
forward_next_step(struct engine *engine, struct query *query, uint64_t now)
{
	const struct upstream_group *group = query->group;
	const struct upstream_server *server = upstream_pick(&engine->upstreams,
	    group, query->tried, query->failed, now);
	const bool spent = query->attempts >= FORWARD_ATTEMPTS;

	/* Nobody left to wait for: each one asked has answered or is gone. */
	if (server == NULL || (spent && !any_open(query))) {
		return give_up(engine, query,
		    &(struct failure){
			EDE_NETWORK_ERROR,
			query->heard ? group->failed_text
				     : group->unreachable_text,
		    },
		    now);
	}
	if (spent || now >= query->give_up_at) {
		return give_up(engine, query,
		    &(struct failure){
			EDE_NO_REACHABLE_AUTHORITY,
			group->silent_text,
		    },
		    now);
	}
	query->plain = false;
	if (!group->listed)
		upstream_asked(&engine->upstreams, group, server);
	return transmit(engine, query, (unsigned)(server - group->servers),
	    now);
}

enum step
forward_errand(struct engine *engine, struct query *query,
    const struct errand *errand, uint64_t now)
{
	query->orphan = true;
	query->snapshot = errand->snapshot;
	query->group = errand->group;
	query->type = errand->type;
	query->request = (struct request){
	    .flags =
		(uint16_t)(FLAG_RD | (errand->checking_disabled ? FLAG_CD : 0)),
	    .edns.present = true,
	    .edns.dnssec_ok = errand->dnssec_ok,
	};
	query->request.question = (struct question){
	    .name = errand->name,
	    .type = errand->type,
	    .class = CLASS_IN,
	};
	query_restart(query);
	path_set(&query->path, query->owner, &query->snapshot->key);
	forward_begin(query, now);
	/* Somebody asks already: nothing is left to do. */
	if (flight_find(&engine->flight, query) != NULL)
		return STEP_DROP;
	if (errand->only != 0)
		query->failed = ~errand->only;
	return forward_lead(engine, query);
}

enum step
forward_timeout(struct engine *engine, struct query *query, uint64_t now)
{
	const struct transmission *last =
	    &query->sent[(query->attempts - 1) % TRANSMISSIONS];

	if (recall_is_late(query, now))
		return recall_late_step(engine, query, now);
	/* One that waits for another has no transmission of its own. */
	if (query->leader != NULL) {
		return give_up(engine, query,
		    &(struct failure){
			EDE_NO_REACHABLE_AUTHORITY,
			query->group->silent_text,
		    },
		    now);
	}
	/* One that answered with an error was not silent. */
	if (last->open) {
		counter_add(&engine->counters->upstream_silent);
		witness_add(query->witness,
		    &(struct sighting){
			.kind = WITNESS_SILENT,
			.server = last->server,
		    });
		upstream_silent(&engine->upstreams, last->server, now);
	}
	return STEP_NEXT;
}

/* This server is of no use for this question; others may be. */
static enum step
server_failed(struct query *query, unsigned slot)
{
	query->sent[slot].open = false;
	query->failed |= 1U << query->sent[slot].index;
	/* While another was asked and may still answer, its time runs on. */
	return any_open(query) ? STEP_WAIT : STEP_NEXT;
}

enum step
forward_unreachable(struct engine *engine, struct query *query, unsigned slot,
    uint64_t now)
{
	assert(slot < TRANSMISSIONS);
	if (!query->sent[slot].open)
		return STEP_WAIT;
	counter_add(&engine->counters->upstream_unreachable);
	upstream_silent(&engine->upstreams, query->sent[slot].server, now);
	return server_failed(query, slot);
}

void
forward_lost(struct query *query, unsigned slot)
{
	assert(slot < TRANSMISSIONS);
	query->sent[slot].open = false;
}

/* Has them told of what became of it. */
static void
set_free(struct engine *engine, const struct query *query,
    struct query *waiters, bool answered)
{
	if (waiters == NULL)
		return;
	/* Whoever was set free before has been called: see engine_next. */
	assert(engine->released == NULL);
	engine->outcome = (struct outcome){
	    .answered = answered,
	    .heard = query->heard,
	    .reply = engine->reply,
	    .why = engine->why,
	    .why_text = engine->why_text,
	    .scratch = engine->scratch.at,
	};
	engine->released = waiters;
}

void
forward_settle(struct engine *engine, struct query *query, bool answered)
{
	struct query *waiters = flight_leave(&engine->flight, query);

	set_free(engine, query, waiters, answered);
}

void
forward_release(struct engine *engine, struct query *query, bool answered)
{
	struct query *waiters = flight_release(&engine->flight, query);

	set_free(engine, query, waiters, answered);
}

static bool
is_success(unsigned rcode)
{
	return rcode == RCODE_NOERROR || rcode == RCODE_NXDOMAIN;
}

/* A sound answer: keeps it and hands it to all who asked. */
static enum step
accept_reply(struct engine *engine, struct query *query, uint64_t now)
{
	recall_keep(engine, query, now);
	counter_add(&engine->counters->answers_upstream);
	query->answered = &query->sent[engine->incoming->slot];
	forward_settle(engine, query, true);
	return query->orphan ? STEP_DROP : STEP_ADOPT;
}

/* Whether the message at hand answers that transmission and is sound. */
static bool
reply_is_sound(struct engine *engine, const struct query *query,
    const struct transmission *sent)
{
	const struct answer_packet *in = engine->incoming;
	const struct asking asking = {
	    .id = sent->id,
	    .dnssec_ok = query->request.edns.dnssec_ok,
	};

	if (reply_matches(in->wire, in->len, sent->wire, sent->len) ==
	    MATCH_NO) {
		counter_add(&engine->counters->upstream_mismatched);
		return false;
	}
	if (reply_parse(&engine->reply, in->wire, in->len, &asking,
		&engine->scratch) != PARSE_OK) {
		counter_add(&engine->counters->upstream_malformed);
		return false;
	}
	return true;
}

/* The same server once more, in another way. */
static enum step
ask_again(struct engine *engine, struct query *query, unsigned slot,
    uint64_t now)
{
	query->sent[slot].open = false;
	if (query->attempts >= FORWARD_ATTEMPTS)
		return any_open(query) ? STEP_WAIT : STEP_NEXT;
	return transmit(engine, query, query->sent[slot].index, now);
}

/* A message that answers the question, whatever it says. */
static enum step
heard(struct engine *engine, struct query *query, unsigned slot, uint64_t now)
{
	const struct transmission *sent = &query->sent[slot];
	const unsigned rcode = engine->reply.rcode;

	query->heard = true;
	witness_add(query->witness,
	    &(struct sighting){
		.kind = WITNESS_HEARD,
		.server = sent->server,
		.number = rcode,
	    });
	upstream_heard(&engine->upstreams, sent->server, now - sent->sent_at,
	    is_success(rcode));
	if (engine->reply.truncated && sent->carrier == CARRIER_UDP) {
		query->by_tcp = true;
		query->tried = 0;
		return ask_again(engine, query, slot, now);
	}
	if (!engine->reply.truncated && is_success(rcode))
		return accept_reply(engine, query, now);
	if (!query->plain &&
	    (rcode == RCODE_FORMERR || rcode == RCODE_NOTIMP)) {
		query->plain = true;
		return ask_again(engine, query, slot, now);
	}
	counter_add(&engine->counters->upstream_failed);
	if (!engine->reply.truncated && query->group->any_response)
		return accept_reply(engine, query, now);
	return server_failed(query, slot);
}

enum step
forward_match_step(struct engine *engine, struct query *query, uint64_t now)
{
	const struct answer_packet *in = engine->incoming;
	const struct transmission *sent = &query->sent[in->slot];

	assert(in->slot < TRANSMISSIONS);
	if (!sent->open)
		return STEP_WAIT;
	if (!query->plain &&
	    reply_rejects(in->wire, in->len, sent->wire, sent->len)) {
		query->plain = true;
		return ask_again(engine, query, in->slot, now);
	}
	if (!reply_is_sound(engine, query, sent))
		return STEP_WAIT;
	return heard(engine, query, in->slot, now);
}
