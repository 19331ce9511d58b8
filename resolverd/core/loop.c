#include "core/loop.h"

#include <string.h>

#include "core/engine.h"

#define SECOND UINT64_C(1000000000)
#define TICK   (SECOND / 10)

enum {
	LEFT_ALONE = 300, /* seconds a server is not asked */
	LEFT_ASKED = 240, /* and then whether it still leads back */
	FRESH = 50,	  /* ticks that a question may be under way */
	LABEL = 32,	  /* digits: two numbers of 64 bits */
	PLACES = 8,	  /* where the mark of a server may be */
};

/* What follows the digits. */
static const uint8_t tail[] = "\11resolverd";

enum { NAME_LEN = 1 + LABEL + sizeof(tail) };

void
loop_init(struct loop_marks *marks, const struct hash_key *key)
{
	memset(marks, 0, sizeof(*marks));
	marks->key = *key;
}

bool
loop_is_near(const struct addr *addr)
{
	static const struct prefix near[] = {
	    {.bytes = {[10] = 0xff, [11] = 0xff, 127}, .bits = 96 + 8},
	    {.bytes = {[10] = 0xff, [11] = 0xff, 10}, .bits = 96 + 8},
	    {.bytes = {[10] = 0xff, [11] = 0xff, 172, 16}, .bits = 96 + 12},
	    {.bytes = {[10] = 0xff, [11] = 0xff, 192, 168}, .bits = 96 + 16},
	    {.bytes = {[10] = 0xff, [11] = 0xff, 169, 254}, .bits = 96 + 16},
	    {.bytes = {[15] = 1}, .bits = 128},
	    {.bytes = {0xfc}, .bits = 7},
	    {.bytes = {0xfe, 0x80}, .bits = 10},
	};
	static const struct prefix metadata = {
	    .bytes = {[10] = 0xff, [11] = 0xff, 169, 254, 169, 254},
	    .bits = 128,
	};

	if (prefix_has(&metadata, addr))
		return false;
	for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++) {
		if (prefix_has(&near[i], addr))
			return true;
	}
	return false;
}

/* One of two functions, which nobody without the key can compute. */
static uint64_t
keyed(const struct loop_marks *marks, uint64_t which, uint64_t number)
{
	const uint64_t input[] = {which, number};

	return hash_bytes(&marks->key, input, sizeof(input));
}

static void
digits_write(uint8_t *digits, uint64_t number)
{
	static const char hex[] = "0123456789abcdef";

	for (unsigned i = 0; i < LABEL / 2; i++)
		digits[i] = (uint8_t)hex[number >> (60 - 4 * i) & 0xf];
}

static bool
digits_read(const uint8_t *digits, uint64_t *number)
{
	*number = 0;
	for (unsigned i = 0; i < LABEL / 2; i++) {
		/* The way here may have changed the letter case. */
		const uint8_t digit = digits[i] | 0x20;

		*number <<= 4;
		if (digit >= 'a' && digit <= 'f') {
			*number |= digit - 'a' + 10U;
		} else if (digits[i] >= '0' && digits[i] <= '9') {
			*number |= digits[i] - '0' + 0U;
		} else {
			return false;
		}
	}
	return true;
}

/*
 * The name's digits: a seal over what it says, which is the server and the
 * time, and that, hidden by what the seal gives (as in RFC 5297).
 */
void
loop_ask(const struct loop_marks *marks, const struct upstream_server *server,
    uint64_t now, struct question *question)
{
	const uint64_t said = (uint64_t)upstream_fingerprint(server) << 32 |
	    (uint32_t)(now / TICK);
	const uint64_t seal = keyed(marks, 0, said);

	question->type = TYPE_HINFO;
	question->class = CLASS_IN;
	question->name.len = NAME_LEN;
	question->name.labels = 2;
	question->name.wire[0] = LABEL;
	digits_write(&question->name.wire[1], seal);
	digits_write(&question->name.wire[1 + LABEL / 2],
	    said ^ keyed(marks, 1, seal));
	memcpy(&question->name.wire[1 + LABEL], tail, sizeof(tail));
}

/* The server that a question of ours was for; 0: it is not one, or old. */
static uint32_t
server_of(const struct loop_marks *marks, const struct question *question,
    uint64_t now)
{
	const uint8_t *wire = question->name.wire;
	uint64_t seal;
	uint64_t said;

	if (question->name.len != NAME_LEN || wire[0] != LABEL ||
	    !name_equal(&wire[1 + LABEL], tail) ||
	    !digits_read(&wire[1], &seal) ||
	    !digits_read(&wire[1 + LABEL / 2], &said))
		return 0;
	said ^= keyed(marks, 1, seal);
	if (keyed(marks, 0, said) != seal ||
	    (uint32_t)(now / TICK) - (uint32_t)said > FRESH)
		return 0;
	return (uint32_t)(said >> 32);
}

/* Where the mark of a server is, or NULL. */
static struct loop_mark *
mark_find(struct loop_marks *marks, uint64_t server)
{
	for (unsigned i = 0; i < PLACES; i++) {
		struct loop_mark *mark =
		    &marks->marks[((server >> 16) + i) % LOOP_MARKS];

		if (atomic_load(&mark->server) == server)
			return mark;
	}
	return NULL;
}

/* The same, or a place for it; NULL: all are in use. */
static struct loop_mark *
mark_make(struct loop_marks *marks, uint64_t server, uint64_t now)
{
	struct loop_mark *mark = mark_find(marks, server);

	for (unsigned i = 0; i < PLACES && mark == NULL; i++) {
		struct loop_mark *place =
		    &marks->marks[((server >> 16) + i) % LOOP_MARKS];
		uint_fast64_t old = atomic_load(&place->server);

		if ((old == 0 || atomic_load(&place->until) <= now) &&
		    atomic_compare_exchange_strong(&place->server, &old,
			server))
			mark = place;
	}
	return mark;
}

bool
loop_came(struct loop_marks *marks, const struct question *question,
    uint64_t now)
{
	const uint32_t server = server_of(marks, question, now);
	struct loop_mark *mark;

	if (server == 0)
		return false;
	mark = mark_make(marks, server, now);
	if (mark == NULL)
		return true;
	atomic_store(&mark->until, now + LEFT_ALONE * SECOND);
	atomic_store(&mark->again, now + LEFT_ASKED * SECOND);
	atomic_store(&marks->until, now + LEFT_ALONE * SECOND);
	return true;
}

bool
loop_leads_back(struct loop_marks *marks, const struct upstream_server *server,
    uint64_t now)
{
	const struct loop_mark *mark;

	if (now >= atomic_load_explicit(&marks->until, memory_order_relaxed))
		return false;
	mark = mark_find(marks, upstream_fingerprint(server));
	return mark != NULL && now < atomic_load(&mark->until);
}

/* Whether a server that leads back is to be asked again; by one thread. */
static bool
is_due(struct loop_marks *marks, const struct upstream_server *server,
    uint64_t now)
{
	struct loop_mark *mark = mark_find(marks, upstream_fingerprint(server));
	uint_fast64_t again;

	if (mark == NULL)
		return false;
	again = atomic_load(&mark->again);
	return now >= again &&
	    atomic_compare_exchange_strong(&mark->again, &again, UINT64_MAX);
}

unsigned
loop_servers(struct engine *engine, const struct snapshot *snapshot,
    const struct upstream_group *group, uint64_t now)
{
	struct loop_marks *marks = engine->loops;
	unsigned looping = 0;
	unsigned due = 0;

	/* As good as always: none, and this is all it costs. */
	if (marks == NULL ||
	    now >= atomic_load_explicit(&marks->until, memory_order_relaxed))
		return 0;
	for (unsigned i = 0; i < group->count; i++) {
		if (!loop_leads_back(marks, &group->servers[i], now))
			continue;
		looping |= 1U << i;
		if (is_due(marks, &group->servers[i], now))
			due |= 1U << i;
	}
	loop_probe(engine, snapshot, group, due, now);
	return looping;
}

void
loop_probe(struct engine *engine, const struct snapshot *snapshot,
    const struct upstream_group *group, unsigned servers, uint64_t now)
{
	for (unsigned i = 0; servers >> i != 0; i++) {
		/* Without marks any question will do. */
		struct question question = {
		    .name = {.len = 1},
		    .type = TYPE_NS,
		};

		if ((servers >> i & 1) == 0)
			continue;
		if (engine->loops != NULL) {
			loop_ask(engine->loops, &group->servers[i], now,
			    &question);
		}
		errand_push(&engine->errands,
		    &(struct errand){
			.snapshot = snapshot,
			.group = group,
			.name = question.name,
			.type = question.type,
			.only = 1U << i,
			.probe = true,
		    });
	}
}

unsigned
loop_near(const struct upstream_group *group)
{
	unsigned near = 0;

	for (unsigned i = 0; i < group->count; i++) {
		if (loop_is_near(&group->servers[i].addr))
			near |= 1U << i;
	}
	return near;
}
