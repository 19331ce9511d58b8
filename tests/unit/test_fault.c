#include "core/fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/load.h"
#include "core/engine.h"
#include "core/witness.h"
#include "dns/request.h"
#include "model/compile.h"

/* By lot; scenarios show what faults do when nothing is left to chance. */
enum { QUERIES = 10000, SIGHTINGS_ARENA = 65536 };
#define SECOND UINT64_C(1000000000)

static const char zone[] =
    "mode: off\n"
    "zones:\n"
    "  - name: shop\n"
    "    dns_name: example.com.\n"
    "    record_sets:\n"
    "      - {name: api.example.com., type: A, rrdatas: [10.0.0.1]}\n";

struct rig {
	struct hash_key key;
	struct counters counters;
	struct rng rng;
	struct engine engine;
	struct query query;
	uint8_t out[MESSAGE_MAX];
	void *cache;
	void *scratch;
	bool unharmed;
	struct witness *witness;
};

/* Knuth's MMIX generator; its high octet is good enough here. */
static void
fill(void *bytes, size_t len)
{
	static uint64_t state = 1;
	uint8_t *at = bytes;

	for (size_t i = 0; i < len; i++) {
		state = state * UINT64_C(6364136223846793005) +
		    UINT64_C(1442695040888963407);
		at[i] = (uint8_t)(state >> 56);
	}
}

static struct snapshot *
compiled(const struct rig *rig, const char *faults)
{
	static const struct load_overrides nothing;
	char text[2048];
	const int len = snprintf(text, sizeof(text), "%s%s", zone, faults);
	FILE *in = fmemopen(text, (size_t)len, "r");
	struct snapshot *snapshot = NULL;
	struct model model;
	struct diag diag;

	assert_non_null(in);
	diag_init(&diag);
	if (load_model_file(in, "test.yaml", &nothing, &model, &diag))
		snapshot = compile_snapshot(&model, &rig->key, &diag);
	if (snapshot == NULL)
		diag_print(&diag, stderr);
	assert_non_null(snapshot);
	diag_fini(&diag);
	model_fini(&model);
	fclose(in);
	return snapshot;
}

static struct rig *
rig_new(const char *faults)
{
	struct rig *rig = calloc(1, sizeof(*rig));
	struct engine_parts parts;

	assert_non_null(rig);
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
	engine_init(&rig->engine, &parts, compiled(rig, faults));
	return rig;
}

static void
rig_free(struct rig *rig)
{
	struct snapshot *snapshot;

	engine_fini(&rig->engine);
	while ((snapshot = engine_retired(&rig->engine)) != NULL)
		compile_free(snapshot);
	free(rig->cache);
	free(rig->scratch);
	free(rig);
}

static enum verdict
ask(struct rig *rig)
{
	const struct asking asking = {.udp_size = UDP_SIZE_SAFE};
	struct question question = {.type = TYPE_A, .class = CLASS_IN};
	uint8_t wire[QUERY_WIRE];
	struct addr client;

	assert_true(addr_parse("127.0.0.1", 53, &client));
	assert_int_equal(name_from_text(&question.name, "api.example.com"),
	    NAME_OK);
	rig->query.out = rig->out;
	rig->query.cap = sizeof(rig->out);
	return engine_start(&rig->engine, &rig->query,
	    &(struct packet){
		.wire = wire,
		.len = request_build(&asking, &question, wire, sizeof(wire)),
		.transport = TRANSPORT_UDP,
		.client = &client,
		.local = &client,
		.unharmed = rig->unharmed,
		.witness = rig->witness,
	    },
	    SECOND);
}

static unsigned
rcode(const struct rig *rig)
{
	return rig->out[3] & FLAG_RCODE;
}

/* How long the query was held back; it is answered after that. */
static uint64_t
ask_delayed(struct rig *rig)
{
	uint64_t until;

	assert_int_equal(ask(rig), VERDICT_WAIT);
	until = rig->query.until;
	assert_int_equal(engine_timeout(&rig->engine, &rig->query, until),
	    VERDICT_REPLY);
	assert_int_equal(rcode(rig), RCODE_NOERROR);
	return until - SECOND;
}

static unsigned
count_failed(struct rig *rig)
{
	unsigned failed = 0;

	for (unsigned i = 0; i < QUERIES; i++) {
		assert_int_equal(ask(rig), VERDICT_REPLY);
		failed += rcode(rig) == RCODE_SERVFAIL;
	}
	return failed;
}

static void
a_share_of_the_queries_meets_the_fault(void **state)
{
	struct rig *rig = rig_new("faults:\n"
				  "  - {name: api.example.com., "
				  "fault: servfail, percent: 30}\n");

	(void)state;
	assert_in_range(count_failed(rig), 2800, 3200);
	rig_free(rig);
}

static void
a_fault_of_0_percent_is_never_met(void **state)
{
	struct rig *rig = rig_new("faults:\n"
				  "  - {name: api.example.com., "
				  "fault: servfail, percent: 0}\n");

	(void)state;
	assert_int_equal(count_failed(rig), 0);
	assert_int_equal(atomic_load(&rig->counters.faults_injected), 0);
	rig_free(rig);
}

static void
jitter_shortens_and_prolongs_the_delay(void **state)
{
	struct rig *rig = rig_new("faults:\n"
				  "  - {name: api.example.com., fault: delay, "
				  "delay: 2s, jitter: 500ms}\n");
	uint64_t least = UINT64_MAX;
	uint64_t most = 0;

	(void)state;
	for (unsigned i = 0; i < QUERIES; i++) {
		const uint64_t delay = ask_delayed(rig);

		least = delay < least ? delay : least;
		most = delay > most ? delay : most;
	}
	assert_in_range(least, 1500 * SECOND / 1000, 1510 * SECOND / 1000);
	assert_in_range(most, 2490 * SECOND / 1000, 2500 * SECOND / 1000);
	rig_free(rig);
}

static void
the_error_says_which_fault_and_for_whom(void **state)
{
	static const char text[] =
	    "injected fault \"servfail\" for API.example.com.";
	struct rig *rig =
	    rig_new("faults: [{name: API.example.com, fault: servfail}]\n");

	(void)state;
	assert_int_equal(ask(rig), VERDICT_REPLY);
	assert_int_equal(rcode(rig), RCODE_SERVFAIL);
	assert_non_null(
	    memmem(rig->out, rig->query.out_len, text, sizeof(text) - 1));
	rig_free(rig);
}

static void
who_asks_from_within_is_only_told(void **state)
{
	struct rig *rig = rig_new(
	    "faults:\n"
	    "  - {name: api.example.com., fault: delay, delay: 60s}\n"
	    "  - {name: api.example.com., fault: drop, transport: tcp}\n"
	    "  - {tree: example.com., fault: refuse, types: [AAAA]}\n");
	struct sighting seen[WITNESS_SIGHTINGS];
	struct arena arena;
	struct witness witness = {.arena = &arena, .seen = seen};

	(void)state;
	arena_init_heap(&arena, SIGHTINGS_ARENA);
	rig->unharmed = true;
	rig->witness = &witness;
	assert_int_equal(ask(rig), VERDICT_REPLY);
	assert_int_equal(rcode(rig), RCODE_NOERROR);
	assert_int_equal(seen[0].kind, WITNESS_FAULT);
	assert_int_equal(seen[0].fault->kind, FAULT_DELAY);
	assert_int_equal(seen[1].kind, WITNESS_FAULT);
	assert_string_equal(fault_key(seen[1].fault->kind), "drop");
	assert_int_equal(seen[2].kind, WITNESS_HOP);
	assert_int_equal(atomic_load(&rig->counters.faults_injected), 0);
	arena_fini(&arena);
	rig_free(rig);
}

static void
without_faults_nothing_is_searched(void **state)
{
	struct rig *rig = rig_new("");

	(void)state;
	assert_null(rig->engine.snapshot->faults);
	rig_free(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_share_of_the_queries_meets_the_fault),
	    cmocka_unit_test(a_fault_of_0_percent_is_never_met),
	    cmocka_unit_test(jitter_shortens_and_prolongs_the_delay),
	    cmocka_unit_test(the_error_says_which_fault_and_for_whom),
	    cmocka_unit_test(who_asks_from_within_is_only_told),
	    cmocka_unit_test(without_faults_nothing_is_searched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
