#include "core/forward.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "core/ask.h"
#include "core/blame.h"
#include "core/engine.h"
#include "core/flight.h"
#include "core/loop.h"
#include "core/recall.h"
#include "core/witness.h"

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
	query->begun_at = now;
	query->asked_group = query->group;
	query->answered = NULL;
	query->attempts = 0;
	query->tried = 0;
	query->failed = 0;
	query->plain = 0;
	query->bad_cookie = 0;
	query->said.anything = false;
	memset(query->fates, 0, sizeof(query->fates));
	query->heard = false;
	query->truncated = false;
	query->wary = false;
	query->probe = false;
	query->ask = TRANSMISSIONS - 1;
	for (unsigned i = 0; i < TRANSMISSIONS; i++)
		query->sent[i].open = false;
}

/* What it was rescued with leads on, but its slot is somebody else's now. */
static enum step
forward_turn_away(struct engine *engine)
{
	engine->why = EDE_OTHER;
	engine->why_text = "too many queries wait for upstream servers";
	return STEP_FAIL;
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

	if (query->evicted)
		return forward_turn_away(engine);
	if (query->parked)
		recall_hand_over(engine, query);
	forward_begin(query, now);
	leader = flight_find(&engine->flight, query);
	if (leader != NULL)
		return forward_join(engine, query, leader);
	return forward_lead(engine, query);
}

static enum step
give_up(struct engine *engine, struct query *query, enum ede why,
    const char *text, uint64_t now)
{
	bool rescued;

	engine->why = why;
	engine->why_text = text;
	/* What was never asked did not fail. */
	rescued = query->attempts == 0 && query->leader == NULL
	    ? recall_rescue(engine, query, now)
	    : recall_fail(engine, query, now);
	forward_settle(engine, query, rescued);
	if (query->orphan)
		return STEP_DROP;
	return rescued ? STEP_ADOPT : STEP_FAIL;
}

/* Says who is to blame: each by itself unless all met the same end. */
static const char *
failure_text(struct engine *engine, const struct query *query)
{
	const struct upstream_group *group = query->group;
	bool mixed = query->heard;

	for (unsigned i = 0; i < group->count; i++) {
		mixed |= query->fates[i].kind == FATE_LOOP ||
		    query->fates[i].why != NULL;
	}
	if (mixed)
		return blame_text(engine, query);
	return ask_pending(query) ? group->silent_text
				  : group->unreachable_text;
}

/* Every server has failed, or the time is over. */
static enum step
fail(struct engine *engine, struct query *query, enum ede why, uint64_t now)
{
	if (query->probe) {
		forward_settle(engine, query, false);
		return STEP_DROP;
	}
	if (query->said.anything)
		why = (enum ede)query->said.code;
	return give_up(engine, query, why, failure_text(engine, query), now);
}

/*
 * Asks the dead servers of the group whether they are alive again.  When all
 * are dead the question at hand does; but it can't tell who leads back.
 */
static void
probe_dead(struct engine *engine, const struct query *query, uint64_t now)
{
	const struct upstream_group *group = query->group;
	bool all;
	unsigned due = upstream_probes(&engine->upstreams, group, now, &all);

	if (all)
		due &= loop_near(group);
	loop_probe(engine, query->snapshot, group, due, now);
}

/* Leaves out the servers that would only ask us. */
static void
leave_out_loops(struct engine *engine, struct query *query, uint64_t now)
{
	const unsigned looping =
	    loop_servers(engine, query->snapshot, query->group, now);

	query->failed |= looping;
	for (unsigned i = 0; looping >> i != 0; i++) {
		if ((looping >> i & 1) != 0)
			query->fates[i].kind = FATE_LOOP;
	}
}

enum step
forward_next_step(struct engine *engine, struct query *query, uint64_t now)
{
	const struct upstream_group *group = query->group;
	const bool spent = query->attempts >= ASK_MOST;
	const struct upstream_server *server;

	if (!query->probe)
		leave_out_loops(engine, query, now);
	server = upstream_pick(&engine->upstreams, group, query->tried,
	    query->failed);
	if (server == NULL || (spent && !ask_pending(query)))
		return fail(engine, query, EDE_NETWORK_ERROR, now);
	if (spent || now >= query->give_up_at)
		return fail(engine, query, EDE_NO_REACHABLE_AUTHORITY, now);
	if (!ask_allowed(query, now)) {
		query->retry_at = query->begun_at + ASK_EARLY_TIME;
		query->until = recall_until(query);
		return STEP_WAIT;
	}
	if (!group->listed)
		upstream_asked(&engine->upstreams, group, server);
	if (query->attempts == 0 && !query->probe)
		probe_dead(engine, query, now);
	return ask_server(engine, query, (unsigned)(server - group->servers),
	    now);
}

enum step
forward_errand(struct engine *engine, struct query *query,
    const struct errand *errand, uint64_t now)
{
	query->orphan = true;
	query->client = (struct addr){.len = 0};
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
	query->probe = errand->probe;
	if (query->probe)
		query->give_up_at = now + FORWARD_PROBE;
	return forward_lead(engine, query);
}

/* Nothing came of a transmission: neither by it nor, by now, at all. */
static void
note_silent(struct engine *engine, const struct query *query,
    const struct transmission *sent, uint64_t now)
{
	const struct upstream_server *server =
	    &query->group->servers[sent->index];
	struct upstream_state *state =
	    upstream_state(&engine->upstreams, sent->server);

	upstream_silent(state, sent->sent_at, now);
	if (sent->carrier == CARRIER_TLS && sent->server->plain != NULL)
		upstream_cannot(state, SKILL_TLS, now + UPSTREAM_RUMOUR);
	/* Where TCP is no better, datagrams are as good. */
	if (sent->carrier == CARRIER_TCP)
		upstream_cannot(state, SKILL_UDP, now);
	if (sent->server != server) {
		upstream_silent(upstream_state(&engine->upstreams, server),
		    sent->sent_at, now);
	}
}

enum step
forward_timeout(struct engine *engine, struct query *query, uint64_t now)
{
	const struct transmission *last = &query->sent[query->ask];

	if (recall_is_late(query, now))
		return recall_late_step(engine, query, now);
	/* One that waits for another has no transmission of its own. */
	if (query->leader != NULL) {
		return give_up(engine, query, EDE_NO_REACHABLE_AUTHORITY,
		    query->group->silent_text, now);
	}
	/* One that answered with an error was not silent. */
	if (last->open) {
		query->fates[last->index].kind = FATE_SILENT;
		counter_add(&engine->counters->upstream_silent);
		witness_add(query->witness,
		    &(struct sighting){
			.kind = WITNESS_SILENT,
			.server = last->server,
		    });
		note_silent(engine, query, last, now);
	}
	return STEP_NEXT;
}

enum step
forward_failed(struct query *query, unsigned slot, struct fate fate)
{
	query->fates[query->sent[slot].index] = fate;
	query->sent[slot].open = false;
	query->failed |= 1U << query->sent[slot].index;
	/* While another was asked and may still answer, its time runs on. */
	return ask_pending(query) ? STEP_WAIT : STEP_NEXT;
}

enum step
forward_unreachable(struct engine *engine, struct query *query, unsigned slot,
    uint64_t now)
{
	const struct transmission *sent = &query->sent[slot];
	const struct fate fate = {
	    .kind = FATE_UNREACHABLE,
	    .why = sent->why,
	};
	struct upstream_state *state;

	assert(slot < TRANSMISSIONS);
	if (!sent->open)
		return STEP_WAIT;
	counter_add(&engine->counters->upstream_unreachable);
	state = upstream_state(&engine->upstreams, sent->server);
	if (sent->server->plain != NULL) {
		upstream_cannot(state, SKILL_TLS, now + UPSTREAM_RUMOUR);
		return ask_again(engine, query, slot, now);
	}
	if (sent->carrier == sent->server->carrier) {
		note_silent(engine, query, sent, now);
		return forward_failed(query, slot, fate);
	}
	upstream_cannot(state, SKILL_TCP, now + UPSTREAM_RUMOUR);
	/* What does not fit a datagram is not to be had without TCP. */
	return query->truncated ? forward_failed(query, slot, fate)
				: ask_again(engine, query, slot, now);
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
