#include "core/engine.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "core/account.h"
#include "core/dns64.h"
#include "core/fault.h"
#include "core/forward.h"
#include "core/identity.h"
#include "core/judge.h"
#include "core/loop.h"
#include "core/order.h"
#include "core/recall.h"
#include "core/respond.h"
#include "core/swift.h"

/* 16 hops of five steps each, and once more for DNS64; more is a bug. */
enum { ENGINE_STEPS = 256 };

/* How long after its budget of 4 s a query may still be answered. */
#define ENGINE_GRACE UINT64_C(1000000000)

/*
 * STEP_LIMIT: who asks too fast gets an empty answer every other time, which
 * sends honest clients to TCP and is of no use to who asks in their name.
 */
static enum step
limit_step(struct engine *engine, struct query *query, uint64_t now)
{
	switch (swift_limit(engine, engine->packet, now)) {
	case LIMITER_PASS:
		break;
	case LIMITER_TELL:
		counter_add(&engine->counters->rate_told);
		query->answer.truncated = true;
		break;
	case LIMITER_DROP:
		counter_add(&engine->counters->rate_dropped);
		return STEP_DROP;
	}
	return STEP_PARSE;
}

/* Nobody listens at port 0; an answer to it is meant for somebody else. */
static enum parse
parse(struct query *query, const struct packet *packet)
{
	if (packet->transport == TRANSPORT_UDP &&
	    addr_port(packet->client) == 0)
		return PARSE_DROP;
	return request_parse(&query->request, packet->wire, packet->len);
}

/* STEP_PARSE: the client's message, or an error reply, or nothing. */
static enum step
parse_step(struct engine *engine, struct query *query, uint64_t now)
{
	(void)now;
	if (query->read)
		return STEP_ADMIT;
	switch (parse(query, engine->packet)) {
	case PARSE_OK:
		return STEP_ADMIT;
	case PARSE_DROP:
		counter_add(&engine->counters->dropped);
		return STEP_DROP;
	case PARSE_FORMERR:
		query->answer.rcode = RCODE_FORMERR;
		break;
	case PARSE_NOTIMP:
		query->answer.rcode = RCODE_NOTIMP;
		break;
	case PARSE_BADVERS:
		query->answer.rcode = RCODE_BADVERS;
		break;
	}
	return STEP_ADMIT;
}

/* Types that are no data: the fact sheet's section 4.2, RFC 6895 3.1. */
static const struct {
	uint16_t type;
	enum rcode rcode;
} query_types[] = {
    {0, RCODE_FORMERR},
    {TYPE_OPT, RCODE_FORMERR},
    {TYPE_AXFR, RCODE_REFUSED},
    {TYPE_IXFR, RCODE_REFUSED},
    {TYPE_MAILA, RCODE_NOTIMP},
    {TYPE_MAILB, RCODE_NOTIMP},
    {TYPE_TKEY, RCODE_NOTIMP},
    {TYPE_TSIG, RCODE_NOTIMP},
};

static enum rcode
question_rcode(const struct question *question)
{
	if (question->class != CLASS_IN)
		return RCODE_REFUSED;
	for (size_t i = 0; i < sizeof(query_types) / sizeof(query_types[0]);
	     i++) {
		if (query_types[i].type == question->type)
			return query_types[i].rcode;
	}
	return RCODE_NOERROR;
}

/* What becomes of a question that came in a good message. */
static enum rcode
judge_question(struct query *query)
{
	const struct question *question = &query->request.question;

	if (query->answer.rcode != RCODE_NOERROR)
		return (enum rcode)query->answer.rcode;
	if (identity_asked(question)) {
		query->answer.ede = EDE_NOT_SUPPORTED;
		query->answer.ede_text = IDENTITY_TEXT;
	}
	return question_rcode(question);
}

/* Whether a question of our own has come back: see core/loop. */
static bool
has_come_back(struct engine *engine, const struct query *query, uint64_t now)
{
	const struct question *question = &query->request.question;

	return question->type == TYPE_HINFO && engine->loops != NULL &&
	    query->answer.rcode == RCODE_NOERROR &&
	    loop_came(engine->loops, question, now);
}

/* STEP_ADMIT: whether this client, class and type are served. */
static enum step
admit_step(struct engine *engine, struct query *query, uint64_t now)
{
	enum rcode rcode;

	if (has_come_back(engine, query, now)) {
		counter_add(&engine->counters->loops_found);
		query->answer.ede = EDE_OTHER;
		query->answer.ede_text = "this is the server that asks";
		rcode = RCODE_REFUSED;
		/* Who was given a view is no client from outside. */
	} else if (engine->packet->view == NULL &&
	    !snapshot_allows(query->snapshot, &query->client)) {
		query->answer.ede = EDE_PROHIBITED;
		/* Who may be somebody else gets no more than was sent. */
		if (query->transport == TRANSPORT_TCP)
			query->answer.ede_text = "the client is not in 'allow'";
		rcode = RCODE_REFUSED;
	} else {
		rcode = judge_question(query);
	}
	if (rcode == RCODE_NOERROR) {
		query->type = query->request.question.type;
		return query->answer.truncated ? STEP_ENCODE : STEP_FAULT;
	}
	if (rcode == RCODE_REFUSED) {
		counter_add(&engine->counters->refused);
	} else {
		counter_add(&engine->counters->malformed);
	}
	query->answer.rcode = (uint16_t)rcode;
	return STEP_ENCODE;
}

typedef enum step (
    *step_fn)(struct engine *engine, struct query *query, uint64_t now);

static const step_fn steps[STEPS] = {
    [STEP_LIMIT] = limit_step,
    [STEP_PARSE] = parse_step,
    [STEP_ADMIT] = admit_step,
    [STEP_FAULT] = fault_step,
    [STEP_ORDER] = order_step,
    [STEP_RULE] = order_rule_step,
    [STEP_ZONE] = order_zone_step,
    [STEP_CACHE] = recall_step,
    [STEP_FORWARD] = forward_step,
    [STEP_MATCH] = judge_step,
    [STEP_NEXT] = forward_next_step,
    [STEP_ADOPT] = respond_adopt_step,
    [STEP_CHASE] = order_chase_step,
    [STEP_SYNTH] = dns64_step,
    [STEP_FAIL] = respond_fail_step,
    [STEP_ENCODE] = respond_encode_step,
};

/* Gives a reference back; the last one out leaves a carcass to be freed. */
static void
retire(struct engine *engine, const struct snapshot *snapshot)
{
	if (!snapshot_drop(snapshot))
		return;
	snapshot->life->next = engine->retired;
	engine->retired = snapshot->life;
}

/*
 * What a query was answered from stays until the shell has told of it, and
 * until all who waited along with it were told the same.
 */
static void
finish(struct engine *engine, struct query *query)
{
	if (!query->holds_snapshot)
		return;
	query->next_waiter = engine->finished;
	engine->finished = query;
}

static void
release_finished(struct engine *engine)
{
	while (engine->finished != NULL) {
		struct query *query = engine->finished;

		engine->finished = query->next_waiter;
		query->holds_snapshot = false;
		retire(engine, query->snapshot);
	}
}

static void
keep_snapshot(struct query *query)
{
	if (query->holds_snapshot)
		return;
	query->snapshot = snapshot_hold(query->snapshot);
	query->holds_snapshot = true;
}

/*
 * An answer that comes long after its time is of use only to who collects
 * many to let them go at once, in another's name (DNSBomb).
 */
static bool
is_belated(const struct query *query, uint64_t now)
{
	return query->transport == TRANSPORT_UDP && query->give_up_at != 0 &&
	    now > query->give_up_at + ENGINE_GRACE;
}

static enum verdict
engine_run(struct engine *engine, struct query *query, enum step step,
    uint64_t now)
{
	const bool heard = query->heard;

	for (unsigned i = 0; step < STEPS; i++) {
		assert(i < ENGINE_STEPS);
		step = steps[step](engine, query, now);
	}
	if (step == STEP_ASK || step == STEP_WAIT) {
		keep_snapshot(query);
		return step == STEP_ASK ? VERDICT_ASK : VERDICT_WAIT;
	}
	if (query->parked) {
		query_go_on(query);
		query->heard = heard;
		return step == STEP_REPLY ? VERDICT_REPLY_EARLY : VERDICT_WAIT;
	}
	finish(engine, query);
	if (step != STEP_REPLY)
		return VERDICT_DROP;
	if (!is_belated(query, now))
		return VERDICT_REPLY;
	counter_add(&engine->counters->answers_belated);
	return VERDICT_DROP;
}

/* Forgets what the call before left at hand. */
static void
engine_clear(struct engine *engine)
{
	assert(engine->released == NULL);
	release_finished(engine);
	arena_reset(&engine->scratch);
	engine->why = EDE_NONE;
	engine->why_text = NULL;
}

/* The snapshot's rate limit becomes this engine's. */
static void
engine_limit(struct engine *engine)
{
	const double rate = engine->snapshot->options.rate_limit;

	limiter_set(&engine->limiter,
	    engine->sharers > 1 ? rate / engine->sharers : rate);
}

void
engine_init(struct engine *engine, const struct engine_parts *parts,
    const struct snapshot *snapshot)
{
	engine->snapshot = snapshot;
	engine->counters = parts->counters;
	engine->rng = parts->rng;
	engine->loops = parts->loops;
	engine->why = EDE_NONE;
	engine->per_hop_at = UINT64_MAX;
	engine->sharers = parts->sharers;
	engine_limit(engine);
	engine->flight.crowds.limits[CROWD_OF_CLIENT] = parts->client_queries;
	engine->flight.crowds.limits[CROWD_OF_GROUP] = parts->group_queries;
	cache_init(&engine->cache, parts->cache_block, parts->cache_size,
	    parts->key);
	assert(parts->scratch_size >= ENGINE_SCRATCH);
	arena_init(&engine->scratch, parts->scratch, parts->scratch_size);
}

void
engine_set_cutover(struct engine *engine, uint64_t per_hop_at)
{
	engine->per_hop_at = per_hop_at;
}

void
engine_check_loops(struct engine *engine, const struct upstream_group *group,
    uint64_t now)
{
	loop_probe(engine, engine->snapshot, group, loop_near(group), now);
}

void
engine_adopt(struct engine *engine, const struct snapshot *snapshot)
{
	const struct snapshot *old = engine->snapshot;

	engine->snapshot = snapshot;
	mould_clear(&engine->moulds);
	/* What found no free slot points to what may be freed from now on. */
	engine->errands.count = 0;
	engine_limit(engine);
	if (snapshot->claims != old->claims)
		recall_sweep(engine);
	retire(engine, old);
}

void
engine_fini(struct engine *engine)
{
	assert(flight_parked(&engine->flight) == 0);
	release_finished(engine);
	retire(engine, engine->snapshot);
	engine->snapshot = NULL;
}

struct snapshot *
engine_retired(struct engine *engine)
{
	const struct snapshot_life *life;

	release_finished(engine);
	life = engine->retired;
	if (life == NULL)
		return NULL;
	engine->retired = life->next;
	return life->snapshot;
}

/* The rule for CNAMEs: who asks may choose, else the configuration does. */
static enum chase_mode
chase_mode(const struct engine *engine, const struct query *query,
    enum chasing chosen, uint64_t now)
{
	if (chosen == CHASING_AUTO)
		chosen = query->snapshot->options.cname_chasing;
	return order_chase_mode(chosen,
	    now < engine->per_hop_at ? ORDER_CUTOVER - 1 : ORDER_CUTOVER);
}

/* What is known of a query before it is read. */
static void
take(const struct engine *engine, struct query *query,
    const struct packet *packet, uint64_t now)
{
	query->snapshot = engine->snapshot;
	query->client = *packet->client;
	query->transport = packet->transport;
	query->came_at = now;
	query->witness = packet->witness;
	query->unharmed = packet->unharmed;
	query->own = packet->own;
	query->view = packet->view != NULL
	    ? *packet->view
	    : *snapshot_view(query->snapshot, packet->client, packet->local);
	query->network = query->view.network;
	query->chase = chase_mode(engine, query, packet->chasing, now);
}

enum verdict
engine_start(struct engine *engine, struct query *query,
    const struct packet *packet, uint64_t now)
{
	enum swift swift;

	engine_clear(engine);
	engine->packet = packet;
	engine->metered = false;
	counter_add(packet->transport == TRANSPORT_UDP
		? &engine->counters->queries_udp
		: &engine->counters->queries_tcp);
	take(engine, query, packet, now);
	swift = swift_start(engine, query, packet, now);
	if (swift == SWIFT_ANSWERED)
		return VERDICT_REPLY;
	query_reset(query);
	take(engine, query, packet, now);
	query->read = swift == SWIFT_READ;
	query->has_path = swift == SWIFT_READ;
	return engine_run(engine, query, STEP_LIMIT, now);
}

enum verdict
engine_reply(struct engine *engine, struct query *query,
    const struct answer_packet *packet, uint64_t now)
{
	assert(query->parked && query->leader == NULL);
	engine_clear(engine);
	engine->incoming = packet;
	return engine_run(engine, query, STEP_MATCH, now);
}

enum verdict
engine_timeout(struct engine *engine, struct query *query, uint64_t now)
{
	assert(query->parked);
	engine_clear(engine);
	if (query->role == FLIGHT_SLEEPER) {
		flight_leave(&engine->flight, query);
		return engine_run(engine, query, fault_wake(query), now);
	}
	return engine_run(engine, query, forward_timeout(engine, query, now),
	    now);
}

enum verdict
engine_unreachable(struct engine *engine, struct query *query, unsigned slot,
    uint64_t now)
{
	assert(query->parked && query->leader == NULL);
	engine_clear(engine);
	return engine_run(engine, query,
	    forward_unreachable(engine, query, slot, now), now);
}

void
engine_lost(struct query *query, unsigned slot)
{
	assert(query->parked && query->leader == NULL);
	forward_lost(query, slot);
}

struct query *
engine_peek(const struct engine *engine)
{
	return engine->released;
}

enum verdict
engine_next(struct engine *engine, uint64_t now)
{
	struct query *query = engine->released;

	assert(query != NULL && !query->parked);
	engine->released = query->next_waiter;
	/* What the one before made of its own hops is not this one's. */
	arena_rewind(&engine->scratch, engine->outcome.scratch);
	engine->reply = engine->outcome.reply;
	engine->why = engine->outcome.why;
	engine->why_text = engine->outcome.why_text;
	query->heard = engine->outcome.heard;
	if (engine->outcome.answered)
		account_note(query, ORIGIN_UPSTREAM);
	return engine_run(engine, query,
	    engine->outcome.answered ? STEP_ADOPT : STEP_FAIL, now);
}

struct query *
engine_victim(struct engine *engine)
{
	engine->full = CROWD_OF_ALL;
	return crowd_victim(&engine->flight.crowds);
}

struct query *
engine_surplus(struct engine *engine)
{
	return crowd_surplus(&engine->flight.crowds, &engine->full);
}

bool
engine_has_errand(const struct engine *engine)
{
	return engine->errands.count > 0;
}

enum verdict
engine_errand(struct engine *engine, struct query *query, uint64_t now)
{
	struct errand errand;

	engine_clear(engine);
	query_reset(query);
	/* What an older configuration wanted is of no use any more. */
	if (!errand_pop(&engine->errands, &errand) ||
	    errand.snapshot != engine->snapshot)
		return VERDICT_DROP;
	return engine_run(engine, query,
	    forward_errand(engine, query, &errand, now), now);
}

/* What to say to one that gives way, and which counter tells of it. */
static const char *
eviction(struct engine *engine)
{
	struct counters *counters = engine->counters;

	switch (engine->full) {
	case CROWD_OF_ALL:
		counter_add(&counters->slots_exhausted);
		break;
	case CROWD_OF_CLIENT:
		counter_add(&counters->client_exhausted);
		return "too many queries of one client wait for upstream "
		       "servers (max_queries_per_client)";
	case CROWD_OF_GROUP:
		counter_add(&counters->group_exhausted);
		return "too many queries wait for these upstream servers "
		       "(max_queries_per_upstream_group)";
	}
	return "too many queries wait for upstream servers (max_queries)";
}

enum verdict
engine_evict(struct engine *engine, struct query *query, uint64_t now)
{
	bool rescued;

	assert(query->parked);
	engine_clear(engine);
	engine->why = EDE_OTHER;
	engine->why_text = eviction(engine);
	/* Not for what a server said: nobody who goes now asks once more. */
	query->heard = false;
	query->evicted = true;
	rescued =
	    query->role != FLIGHT_SLEEPER && recall_rescue(engine, query, now);
	forward_settle(engine, query, rescued);
	if (query->orphan)
		return engine_run(engine, query, STEP_DROP, now);
	return engine_run(engine, query, rescued ? STEP_ADOPT : STEP_FAIL, now);
}
