#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "core/order.h"
#include "model/compile.h"

enum { WORLD_BLOCK = 65536, WORLD_CACHE = 1024 * 1024 };

/* Random octets that are the same in each run. */
static uint64_t fill_state;

static void
fill_fixed(void *buf, size_t len)
{
	uint8_t *at = buf;

	/* Knuth's MMIX generator; its high octet is good enough here. */
	for (size_t i = 0; i < len; i++) {
		fill_state = fill_state * UINT64_C(6364136223846793005) +
		    UINT64_C(1442695040888963407);
		at[i] = (uint8_t)(fill_state >> 56);
	}
}

static const struct hash_key fixed_key = {.k0 = 0x5ca1ab1e, .k1 = 0x0ddba11};

void
world_init(struct world *world)
{
	memset(world, 0, sizeof(*world));
	arena_init_heap(&world->arena, WORLD_BLOCK);
	fill_state = 1;
	rng_init(&world->rng, fill_fixed);
	world->slot_count = WORLD_SLOTS;
	world->scratch = malloc(ENGINE_SCRATCH);
}

/* Frees the snapshots that nobody refers to any more. */
static void
free_retired(struct world *world)
{
	struct snapshot *snapshot;

	while ((snapshot = engine_retired(&world->engine)) != NULL) {
		compile_free(snapshot);
		world->retired++;
	}
}

static void
add_event(struct world *world, const struct event *event)
{
	struct event *copy = arena_copy(&world->arena, event, sizeof(*event));
	struct event **end = &world->first;

	while (*end != NULL)
		end = &(*end)->next;
	*end = copy;
}

static void
note_sent(struct world *world, struct slot *slot)
{
	const struct transmission *sent = &slot->query.sent[slot->query.ask];

	add_event(world,
	    &(struct event){
		.kind = EVENT_SENT,
		.at = world->now,
		.slot = slot,
		.use = slot->uses,
		.asked = arena_copy(&world->arena, &slot->asked,
		    sizeof(slot->asked)),
		.transmission = *sent,
		.wire = arena_copy(&world->arena, sent->wire, sent->len),
		.len = sent->len,
	    });
}

static void
note_end(struct world *world, struct slot *slot, enum event_kind kind)
{
	const size_t len = kind == EVENT_REPLY ? slot->query.out_len : 0;

	slot->busy = false;
	add_event(world,
	    &(struct event){
		.kind = kind,
		.at = world->now,
		.slot = slot,
		.use = slot->uses,
		.asked = arena_copy(&world->arena, &slot->asked,
		    sizeof(slot->asked)),
		.wire = arena_copy(&world->arena, slot->out, len),
		.len = len,
	    });
}

/* The client has its answer; the query goes on for its own sake. */
static void
note_early(struct world *world, struct slot *slot)
{
	note_end(world, slot, EVENT_REPLY);
	slot->busy = true;
	slot->asked.label = "errand";
}

static void
obey(struct world *world, struct slot *slot, enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_DROP:
		/* Nobody waits for an orphan. */
		if (slot->query.orphan) {
			slot->busy = false;
		} else {
			note_end(world, slot, EVENT_DROPPED);
		}
		break;
	case VERDICT_REPLY:
		note_end(world, slot, EVENT_REPLY);
		break;
	case VERDICT_REPLY_EARLY:
		note_early(world, slot);
		break;
	case VERDICT_ASK:
		if (!world->silent)
			note_sent(world, slot);
		break;
	case VERDICT_WAIT:
		break;
	}
}

/* The slot a query lies in: it is the first member. */
static struct slot *
slot_of(struct query *query)
{
	return (struct slot *)(void *)query;
}

static void
prepare(struct slot *slot)
{
	slot->query.out = slot->out;
	slot->query.cap = sizeof(slot->out);
}

/* What waited for the same answer as the query of the last call. */
static void
release(struct world *world)
{
	struct query *released;

	while ((released = engine_peek(&world->engine)) != NULL) {
		prepare(slot_of(released));
		obey(world, slot_of(released),
		    engine_next(&world->engine, world->now));
	}
}

static void
evict(struct world *world, struct query *query)
{
	prepare(slot_of(query));
	obey(world, slot_of(query),
	    engine_evict(&world->engine, query, world->now));
	release(world);
}

static struct slot *free_slot(struct world *world);

/* What a worker does after each call. */
static void
obey_all(struct world *world, struct slot *slot, enum verdict verdict)
{
	struct query *surplus;

	obey(world, slot, verdict);
	release(world);
	while ((surplus = engine_surplus(&world->engine)) != NULL)
		evict(world, surplus);
	while (engine_has_errand(&world->engine) &&
	    (slot = free_slot(world)) != NULL) {
		slot->busy = true;
		slot->uses++;
		slot->asked = (struct client_query){.label = "errand"};
		prepare(slot);
		obey(world, slot,
		    engine_errand(&world->engine, &slot->query, world->now));
		release(world);
	}
	free_retired(world);
}

/* The parked query whose time comes first, or NULL. */
static struct slot *
next_due(const struct world *world)
{
	struct slot *due = NULL;

	for (unsigned i = 0; i < WORLD_SLOTS; i++) {
		struct slot *slot = world->slots[i];

		if (slot == NULL || !slot->busy)
			continue;
		if (due == NULL || slot->query.until < due->query.until)
			due = slot;
	}
	return due;
}

static void
time_out(struct world *world, struct slot *slot)
{
	if (slot->query.until + world->lag > world->now)
		world->now = slot->query.until + world->lag;
	prepare(slot);
	obey_all(world, slot,
	    engine_timeout(&world->engine, &slot->query, world->now));
}

bool
world_advance(struct world *world, const struct action *action, uint64_t to)
{
	if (to < world->now)
		return script_fail(action, "time does not run backwards");
	for (;;) {
		struct slot *due = next_due(world);

		if (due == NULL || due->query.until > to)
			break;
		if (due->query.until > world->now &&
		    !world_quiet(world, action))
			return false;
		time_out(world, due);
	}
	if (to > world->now && !world_quiet(world, action))
		return false;
	if (to > world->now)
		world->now = to;
	return true;
}

bool
world_silence(struct world *world, const struct action *action, uint64_t to)
{
	bool passed;

	world->silent = true;
	passed = world_advance(world, action, to);
	world->silent = false;
	return passed;
}

/* Makes room by the rule of the daemon's workers. */
static void
make_room(struct world *world)
{
	struct query *victim = engine_victim(&world->engine);

	if (victim != NULL)
		evict(world, victim);
}

static struct slot *
free_slot(struct world *world)
{
	for (unsigned i = 0; i < world->slot_count; i++) {
		if (world->slots[i] == NULL)
			world->slots[i] = calloc(1, sizeof(struct slot));
		if (!world->slots[i]->busy)
			return world->slots[i];
	}
	return NULL;
}

bool
world_ask(struct world *world, const struct action *action,
    const struct client_query *asked)
{
	struct slot *slot = free_slot(world);
	struct packet packet;

	if (slot == NULL) {
		make_room(world);
		slot = free_slot(world);
	}
	if (slot == NULL)
		return script_fail(action, "no slot is free");
	slot->busy = true;
	slot->uses++;
	slot->asked = *asked;
	packet = (struct packet){
	    .wire = asked->wire,
	    .len = asked->len,
	    .transport = asked->transport,
	    .client = &slot->asked.client,
	    .local = &slot->asked.local,
	    .chasing = world->chasing,
	};
	prepare(slot);
	obey_all(world, slot,
	    engine_start(&world->engine, &slot->query, &packet, world->now));
	return true;
}

/* The waiting slot whose client named its question so. */
static struct slot *
labelled_slot(const struct world *world, const char *label)
{
	for (unsigned i = 0; i < WORLD_SLOTS; i++) {
		struct slot *slot = world->slots[i];

		if (slot != NULL && slot->busy && slot->asked.label != NULL &&
		    strcmp(slot->asked.label, label) == 0)
			return slot;
	}
	return NULL;
}

struct slot *
world_target(const struct world *world, const struct action *action,
    unsigned *number)
{
	const char *label = script_value(action, "of=");
	struct slot *slot = NULL;

	if (label != NULL) {
		slot = labelled_slot(world, label);
	} else if (world->shown != NULL &&
	    world->shown->use == world->shown->slot->uses) {
		slot = world->shown->slot;
	}
	if (slot == NULL || !slot->busy || slot->query.leader != NULL) {
		script_fail(action, "no transmission waits for this");
		return NULL;
	}
	*number = script_number(action, "slot=", slot->query.ask);
	if (*number < TRANSMISSIONS)
		return slot;
	script_fail(action, "there is no slot %u", *number);
	return NULL;
}

bool
world_answer(struct world *world, const struct action *action, uint8_t *wire,
    size_t len)
{
	struct answer_packet packet = {.wire = wire, .len = len};
	struct slot *slot = world_target(world, action, &packet.slot);

	if (slot == NULL)
		return false;
	prepare(slot);
	obey_all(world, slot,
	    engine_reply(&world->engine, &slot->query, &packet, world->now));
	return true;
}

bool
world_unreachable(struct world *world, const struct action *action)
{
	unsigned number;
	struct slot *slot = world_target(world, action, &number);

	if (slot == NULL)
		return false;
	prepare(slot);
	obey_all(world, slot,
	    engine_unreachable(&world->engine, &slot->query, number,
		world->now));
	return true;
}

static const char *const event_texts[] = {
    [EVENT_SENT] = "a question went to a server",
    [EVENT_REPLY] = "a client got an answer",
    [EVENT_DROPPED] = "a client's message was dropped",
};

static double
seconds(uint64_t at)
{
	return (double)at / (double)WORLD_SECOND;
}

/* Whether an event is of a kind and, if a label is given, for its client. */
static bool
event_is(const struct event *event, enum event_kind kind, const char *label)
{
	const char *came = event->asked->label;

	if (event->kind != kind)
		return false;
	return label == NULL || (came != NULL && strcmp(came, label) == 0);
}

struct event *
world_take(struct world *world, const struct action *action,
    enum event_kind kind)
{
	const char *label = script_value(action, "to=");
	struct event **link = &world->first;
	struct event *event;

	/* Who is named may come out of turn, others may not. */
	while (label != NULL && *link != NULL && !event_is(*link, kind, label))
		link = &(*link)->next;
	event = *link;
	if (event == NULL) {
		script_fail(action,
		    "at %g nothing more happened, but expected "
		    "that %s%s%s",
		    seconds(world->now), event_texts[kind],
		    label == NULL ? "" : " as ", label == NULL ? "" : label);
		return NULL;
	}
	if (event->kind != kind) {
		script_fail(action, "%s, but expected that %s",
		    event_texts[event->kind], event_texts[kind]);
		return NULL;
	}
	*link = event->next;
	return event;
}

bool
world_quiet(struct world *world, const struct action *action)
{
	const struct event *event = world->first;

	if (world->rejected) {
		return script_fail(action,
		    "the configuration was rejected:\n%s", world->complaints);
	}
	if (event == NULL)
		return true;
	return script_fail(action, "before this, at %g, %s and no line says so",
	    seconds(event->at), event_texts[event->kind]);
}

void
world_set_date(struct world *world, int64_t time)
{
	world->cutover = time < ORDER_CUTOVER
	    ? world->now + (uint64_t)(ORDER_CUTOVER - time) * WORLD_SECOND
	    : 0;
	engine_set_cutover(&world->engine, world->cutover);
}

static bool
start_engine(struct world *world, const struct snapshot *snapshot)
{
	const struct engine_parts parts = {
	    .counters = &world->counters,
	    .rng = &world->rng,
	    .cache_block = world->cache_block,
	    .cache_size = WORLD_CACHE,
	    .scratch = world->scratch,
	    .scratch_size = ENGINE_SCRATCH,
	    .key = &fixed_key,
	    .client_queries = world->client_queries,
	    .group_queries = world->group_queries,
	    .loops = &world->loops,
	};

	memset(&world->counters, 0, sizeof(world->counters));
	loop_init(&world->loops, &fixed_key);
	memset(&world->engine, 0, sizeof(world->engine));
	engine_init(&world->engine, &parts, snapshot);
	engine_set_cutover(&world->engine, world->cutover);
	world->running = true;
	return true;
}

/* Lets all clients go, then stops the engine. */
static void
stop_engine(struct world *world)
{
	struct slot *slot;

	if (!world->running)
		return;
	while ((slot = next_due(world)) != NULL)
		time_out(world, slot);
	engine_fini(&world->engine);
	free_retired(world);
	free(world->cache_block);
	world->cache_block = NULL;
	world->running = false;
	world->first = NULL;
	world->shown = NULL;
}

/* Compiles an action's configuration; NULL when it was refused. */
static struct snapshot *
compile(struct world *world, const struct action *action)
{
	struct snapshot *snapshot;

	free(world->complaints);
	world->complaints = NULL;
	snapshot = config_compile(action,
	    &(struct config_context){
		.key = &fixed_key,
		.arena = &world->arena,
		.now = world->now,
	    },
	    &world->complaints);
	world->rejected = snapshot == NULL;
	return snapshot;
}

bool
world_config(struct world *world, const struct action *action)
{
	struct snapshot *snapshot;

	stop_engine(world);
	world->retired = 0;
	world->now = 0;
	world->cutover = UINT64_MAX;
	snapshot = compile(world, action);
	if (snapshot == NULL)
		return true;
	world->cache_block = calloc(1, WORLD_CACHE);
	return start_engine(world, snapshot);
}

bool
world_reload(struct world *world, const struct action *action)
{
	struct snapshot *snapshot = compile(world, action);

	if (!world->running)
		return script_fail(action, "there is nothing to reload");
	if (snapshot == NULL)
		return true;
	engine_adopt(&world->engine, snapshot);
	free_retired(world);
	return true;
}

void
world_fini(struct world *world)
{
	stop_engine(world);
	for (unsigned i = 0; i < WORLD_SLOTS; i++)
		free(world->slots[i]);
	free(world->scratch);
	free(world->complaints);
	arena_fini(&world->arena);
}
