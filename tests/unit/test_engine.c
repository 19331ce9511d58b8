#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/diag.h"
#include "core/engine.h"
#include "dns/message.h"
#include "dns/request.h"
#include "model/compile.h"
#include "model/model.h"

/* An engine without a shell; scenarios show what it answers. */
enum { ROUNDS = 16 };
#define SECOND UINT64_C(1000000000)

struct rig {
	struct model model;
	struct model_server upstream;
	struct hash_key key;
	struct counters counters;
	struct rng rng;
	struct engine engine;
	struct query query;
	uint8_t out[MESSAGE_MAX];
	void *cache;
	void *scratch;
};

static void
fill(void *bytes, size_t len)
{
	memset(bytes, 7, len);
}

static struct snapshot *
compiled(struct rig *rig)
{
	struct diag diag;
	struct snapshot *snapshot;

	diag_init(&diag);
	snapshot = compile_snapshot(&rig->model, &rig->key, &diag);
	diag_fini(&diag);
	assert_non_null(snapshot);
	return snapshot;
}

static struct rig *
rig_new(void)
{
	struct rig *rig = calloc(1, sizeof(*rig));
	struct engine_parts parts;

	assert_non_null(rig);
	assert_true(addr_parse("192.0.2.53", 53, &rig->upstream.server.addr));
	model_init(&rig->model);
	rig->model.upstreams =
	    (struct model_list){.items = &rig->upstream, .count = 1};
	rng_init(&rig->rng, fill);
	rig->cache = calloc(1, CACHE_SIZE_MIN);
	rig->scratch = malloc(ENGINE_SCRATCH);
	parts = (struct engine_parts){
	    .counters = &rig->counters,
	    .rng = &rig->rng,
	    .cache_block = rig->cache,
	    .cache_size = CACHE_SIZE_MIN,
	    .scratch = rig->scratch,
	    .scratch_size = ENGINE_SCRATCH,
	    .key = &rig->key,
	};
	engine_init(&rig->engine, &parts, compiled(rig));
	return rig;
}

static void
rig_free(struct rig *rig)
{
	struct snapshot *snapshot;

	engine_fini(&rig->engine);
	while ((snapshot = engine_retired(&rig->engine)) != NULL)
		compile_free(snapshot);
	model_fini(&rig->model);
	free(rig->cache);
	free(rig->scratch);
	free(rig);
}

static enum verdict
ask_for(struct rig *rig, const char *name, enum transport transport,
    uint16_t type, uint16_t class)
{
	const struct asking asking = {.udp_size = UDP_SIZE_SAFE};
	struct question question = {.type = type, .class = class};
	struct packet packet = {.transport = transport};
	uint8_t wire[QUERY_WIRE];
	struct addr client;

	assert_true(addr_parse("127.0.0.1", 53, &client));
	assert_int_equal(name_from_text(&question.name, name), NAME_OK);
	packet.wire = wire;
	packet.len = request_build(&asking, &question, wire, sizeof(wire));
	packet.client = &client;
	packet.local = &client;
	rig->query.out = rig->out;
	rig->query.cap = sizeof(rig->out);
	return engine_start(&rig->engine, &rig->query, &packet, SECOND);
}

static enum verdict
ask_by(struct rig *rig, const char *name, enum transport transport)
{
	return ask_for(rig, name, transport, TYPE_A, CLASS_IN);
}

static enum verdict
ask(struct rig *rig, const char *name)
{
	return ask_by(rig, name, TRANSPORT_UDP);
}

/* What becomes of a query when its time is over, seen only at now. */
static enum verdict
end_at(struct rig *rig, uint64_t now)
{
	enum verdict verdict = VERDICT_ASK;

	for (unsigned i = 0;
	     i < ROUNDS && (verdict == VERDICT_ASK || verdict == VERDICT_WAIT);
	     i++)
		verdict = engine_timeout(&rig->engine, &rig->query, now);
	return verdict;
}

static size_t
count_moulds(const struct rig *rig)
{
	size_t count = 0;

	for (size_t i = 0; i < MOULD_SLOTS; i++)
		count += rig->engine.moulds.of[i] != NULL;
	return count;
}

/* Where the zones of one lay another's may lie. */
static void
another_snapshot_leaves_no_answer_ready(void **state)
{
	struct rig *rig = rig_new();

	(void)state;
	assert_int_equal(ask(rig, "a.run.app"), VERDICT_REPLY);
	assert_int_equal(ask(rig, "b.run.app"), VERDICT_REPLY);
	assert_int_not_equal(count_moulds(rig), 0);

	engine_adopt(&rig->engine, compiled(rig));

	assert_int_equal(count_moulds(rig), 0);
	rig_free(rig);
}

static void
an_answer_that_is_too_late_is_not_sent(void **state)
{
	struct rig *rig = rig_new();

	(void)state;
	assert_int_equal(ask(rig, "www.example.com"), VERDICT_ASK);
	assert_int_equal(end_at(rig, 6 * SECOND), VERDICT_REPLY);
	assert_int_equal(ask(rig, "ftp.example.com"), VERDICT_ASK);
	assert_int_equal(end_at(rig, 6 * SECOND + 1), VERDICT_DROP);
	assert_int_equal(ask_by(rig, "x.example.com", TRANSPORT_TCP),
	    VERDICT_ASK);
	assert_int_equal(end_at(rig, 6 * SECOND + 1), VERDICT_REPLY);
	assert_int_equal(atomic_load(&rig->counters.answers_belated), 1);
	rig_free(rig);
}

static void
what_a_query_was_answered_from_stays_till_the_event_is_over(void **state)
{
	struct rig *rig = rig_new();
	const struct snapshot *old = rig->engine.snapshot;
	enum verdict verdict = ask(rig, "www.example.com");

	(void)state;
	engine_adopt(&rig->engine, compiled(rig));
	for (unsigned i = 0; verdict == VERDICT_ASK && i < ROUNDS; i++) {
		verdict =
		    engine_timeout(&rig->engine, &rig->query, rig->query.until);
	}
	assert_int_equal(verdict, VERDICT_REPLY);
	assert_int_equal(atomic_load(&old->life->references), 1);
	assert_ptr_equal(engine_retired(&rig->engine), old);
	assert_null(engine_retired(&rig->engine));
	compile_free(old->life->snapshot);
	rig_free(rig);
}

static void
a_slot_that_is_used_again_lets_go_of_what_it_was_answered_from(void **state)
{
	struct rig *rig = rig_new();
	const struct snapshot *old = rig->engine.snapshot;
	enum verdict verdict = ask(rig, "www.example.com");

	(void)state;
	engine_adopt(&rig->engine, compiled(rig));
	while (verdict == VERDICT_ASK) {
		verdict =
		    engine_timeout(&rig->engine, &rig->query, rig->query.until);
	}
	assert_int_equal(ask(rig, "run.app"), VERDICT_REPLY);
	assert_ptr_equal(engine_retired(&rig->engine), old);
	compile_free(old->life->snapshot);
	rig_free(rig);
}

/* Pushes the errand to look a name up. */
static void
push_errand(struct rig *rig, const char *text)
{
	struct errand errand = {
	    .snapshot = rig->engine.snapshot,
	    .group = rig->engine.snapshot->groups,
	    .type = TYPE_A,
	};

	assert_int_equal(name_from_text(&errand.name, text), NAME_OK);
	errand_push(&rig->engine.errands, &errand);
}

static void
an_errand_that_found_no_slot_is_forgotten_with_its_snapshot(void **state)
{
	struct rig *rig = rig_new();
	const struct snapshot *old = rig->engine.snapshot;

	(void)state;
	push_errand(rig, "www.example.com");
	assert_true(engine_has_errand(&rig->engine));
	engine_adopt(&rig->engine, compiled(rig));
	assert_ptr_equal(engine_retired(&rig->engine), old);
	assert_false(engine_has_errand(&rig->engine));
	compile_free(old->life->snapshot);
	rig_free(rig);
}

static void
an_errand_is_not_of_the_client_that_had_its_slot(void **state)
{
	struct rig *rig = rig_new();

	(void)state;
	assert_int_equal(ask(rig, "run.app"), VERDICT_REPLY);
	push_errand(rig, "www.example.com");
	assert_int_equal(engine_errand(&rig->engine, &rig->query, SECOND),
	    VERDICT_ASK);
	assert_true(addr_network(&rig->query.client, 32, 64) == UINT64_MAX);
	assert_int_equal(end_at(rig, 6 * SECOND), VERDICT_DROP);
	rig_free(rig);
}

static bool
is_said_in_reply(const struct rig *rig, const char *text)
{
	return memmem(rig->query.out, rig->query.out_len, text, strlen(text)) !=
	    NULL;
}

static void
who_asks_if_it_is_resolverd_is_told_in_few_octets(void **state)
{
	static const char said[] = "\x00\x0f\x00\x0b\x00\x15resolverd";
	struct rig *rig = rig_new();
	const size_t asked = 12 + 11 + 4 + 11; /* header to OPT */

	(void)state;
	assert_int_equal(ask_for(rig, "resolverd", TRANSPORT_UDP, TYPE_TXT,
			     CLASS_CH),
	    VERDICT_REPLY);
	assert_int_equal(rig->query.answer.rcode, RCODE_REFUSED);
	assert_non_null(
	    memmem(rig->query.out, rig->query.out_len, said, sizeof(said) - 1));
	assert_true(2 * rig->query.out_len <= 3 * asked);
	rig_free(rig);
}

static void
nothing_else_of_class_ch_tells_it(void **state)
{
	struct rig *rig = rig_new();

	(void)state;
	ask_for(rig, "version.bind", TRANSPORT_UDP, TYPE_TXT, CLASS_CH);
	assert_int_equal(rig->query.answer.rcode, RCODE_REFUSED);
	assert_false(is_said_in_reply(rig, "resolverd"));
	ask_for(rig, "resolverd", TRANSPORT_UDP, TYPE_A, CLASS_CH);
	assert_int_equal(rig->query.answer.ede, EDE_NONE);
	rig_free(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(another_snapshot_leaves_no_answer_ready),
	    cmocka_unit_test(an_answer_that_is_too_late_is_not_sent),
	    cmocka_unit_test(
		what_a_query_was_answered_from_stays_till_the_event_is_over),
	    cmocka_unit_test(
		a_slot_that_is_used_again_lets_go_of_what_it_was_answered_from),
	    cmocka_unit_test(
		an_errand_that_found_no_slot_is_forgotten_with_its_snapshot),
	    cmocka_unit_test(an_errand_is_not_of_the_client_that_had_its_slot),
	    cmocka_unit_test(who_asks_if_it_is_resolverd_is_told_in_few_octets),
	    cmocka_unit_test(nothing_else_of_class_ch_tells_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
