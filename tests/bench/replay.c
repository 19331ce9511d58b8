/*
 * replay WORKLOAD QUERIES CONFIG: puts a fixed series of queries through the
 * engine and its encoders, without a network, for who counts instructions:
 *
 *	w1	10,000 names that the preset claims, over and over
 *	w2	such names, each once
 *	w3	1,000 names that are forwarded, over and over: cached
 *	w4	such names, each once: asked, answered, kept and passed on
 *
 * Whatever QUERIES is, the same queries are made beforehand, so that of two
 * runs the difference is what the engine did; in w4 it includes making a
 * server's answer of its question, some 100 instructions.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "config/load.h"
#include "core/engine.h"
#include "dns/message.h"
#include "dns/name.h"
#include "dns/request.h"
#include "dns/wire.h"
#include "model/compile.h"

enum {
	REPLAY_MOST = 40000, /* queries of a run */
	REPLAY_CACHE = 16 * 1024 * 1024,
	REPLAY_MESSAGE = 65535,
	REPLAY_WIRE = 64, /* room for a query */
	TTL = 3600,
	ANSWER_SIZE = 16,
};

struct workload {
	const char *name;
	const char *before; /* what its names have around their numbers */
	const char *after;
	unsigned names; /* that differ */
};

static const struct workload workloads[] = {
    {"w1", "svc", "-abcdefghij-uc.a.run.app", 10000},
    {"w2", "svc", "-abcdefghij-uc.a.run.app", REPLAY_MOST},
    {"w3", "host", ".example.com", 1000},
    {"w4", "host", ".example.com", REPLAY_MOST},
};

enum { WORKLOADS = sizeof(workloads) / sizeof(workloads[0]) };

struct message {
	uint8_t len;
	uint8_t wire[REPLAY_WIRE];
};

struct replay {
	struct engine engine;
	struct counters counters;
	struct rng rng;
	struct query query;
	struct addr client;
	struct addr local;
	uint64_t now;
	unsigned answers;
	uint8_t out[REPLAY_MESSAGE];
	struct message messages[REPLAY_MOST];
};

static const struct hash_key fixed_key = {.k0 = 0x5ca1ab1e, .k1 = 0x0ddba11};

/* Random octets that are the same in each run: Knuth's MMIX generator. */
static void
fill_fixed(void *buf, size_t len)
{
	static uint64_t state = 1;
	uint8_t *at = buf;

	for (size_t i = 0; i < len; i++) {
		state = state * UINT64_C(6364136223846793005) +
		    UINT64_C(1442695040888963407);
		at[i] = (uint8_t)(state >> 56);
	}
}

static struct snapshot *
load(const char *path)
{
	const struct load_overrides overrides = {0};
	struct snapshot *snapshot = NULL;
	struct model model;
	struct diag diag;

	diag_init(&diag);
	if (load_model(path, &overrides, &model, &diag))
		snapshot = compile_snapshot(&model, &fixed_key, &diag);
	if (snapshot == NULL)
		diag_print(&diag, stderr);
	model_fini(&model);
	diag_fini(&diag);
	return snapshot;
}

static void
make_message(struct message *message, const struct workload *workload,
    unsigned number)
{
	struct question question = {.type = TYPE_A, .class = CLASS_IN};
	const struct asking asking = {.id = (uint16_t)number};
	char text[REPLAY_WIRE];

	snprintf(text, sizeof(text), "%s%06u%s", workload->before, number,
	    workload->after);
	if (name_from_text(&question.name, text) != NAME_OK)
		abort();
	message->len = (uint8_t)request_build(&asking, &question, message->wire,
	    sizeof(message->wire));
	if (message->len == 0)
		abort();
}

static bool
start(struct replay *replay, const struct workload *workload, const char *path)
{
	static max_align_t cache[REPLAY_CACHE / sizeof(max_align_t)];
	static max_align_t scratch[ENGINE_SCRATCH / sizeof(max_align_t)];
	const struct snapshot *snapshot = load(path);
	const struct engine_parts parts = {
	    .counters = &replay->counters,
	    .rng = &replay->rng,
	    .cache_block = cache,
	    .cache_size = sizeof(cache),
	    .scratch = scratch,
	    .scratch_size = sizeof(scratch),
	    .key = &fixed_key,
	    .sharers = 1,
	};

	if (snapshot == NULL)
		return false;
	rng_init(&replay->rng, fill_fixed);
	engine_init(&replay->engine, &parts, snapshot);
	replay->now = 1;
	addr_parse("127.0.0.1:40000", 0, &replay->client);
	addr_parse("127.0.0.1:53", 0, &replay->local);
	for (unsigned i = 0; i < REPLAY_MOST; i++) {
		make_message(&replay->messages[i], workload,
		    i % workload->names);
	}
	return true;
}

/* An address for the question, whatever it is: the server's part. */
static size_t
answer(const struct transmission *sent, uint8_t *wire)
{
	static const uint8_t record[ANSWER_SIZE] = {0xc0, HEADER_SIZE, 0,
	    TYPE_A, 0, CLASS_IN, 0, 0, TTL >> 8, TTL & 0xff, 0, 4, 192, 0, 2,
	    1};
	const uint8_t *at = sent->wire + HEADER_SIZE;
	const size_t body = HEADER_SIZE + name_size(at) + 4;

	memcpy(wire, sent->wire, body);
	wire[2] |= FLAG_QR >> 8;
	wire[3] = FLAG_RA;
	memset(wire + 6, 0, 6);
	wire[7] = 1;
	memcpy(wire + body, record, sizeof(record));
	return body + sizeof(record);
}

static enum verdict
deliver(struct replay *replay)
{
	static uint8_t wire[REPLAY_MESSAGE];
	struct query *query = &replay->query;
	const struct answer_packet packet = {
	    .wire = wire,
	    .len = answer(&query->sent[query->ask], wire),
	    .slot = query->ask,
	};

	return engine_reply(&replay->engine, query, &packet, replay->now);
}

static bool
ask(struct replay *replay, const struct message *message)
{
	struct query *query = &replay->query;
	enum verdict verdict;

	query->out = replay->out;
	query->cap = sizeof(replay->out);
	replay->now += 1000;
	verdict = engine_start(&replay->engine, query,
	    &(struct packet){
		.wire = message->wire,
		.len = message->len,
		.transport = TRANSPORT_UDP,
		.client = &replay->client,
		.local = &replay->local,
	    },
	    replay->now);
	if (verdict == VERDICT_ASK)
		verdict = deliver(replay);
	/* The right name, no error, an answer. */
	return verdict == VERDICT_REPLY && replay->out[0] == message->wire[0] &&
	    replay->out[1] == message->wire[1] &&
	    (replay->out[3] & FLAG_RCODE) == RCODE_NOERROR &&
	    replay->out[7] > 0;
}

static const struct workload *
find(const char *name)
{
	for (size_t i = 0; i < WORKLOADS; i++) {
		if (strcmp(workloads[i].name, name) == 0)
			return &workloads[i];
	}
	return NULL;
}

int
main(int argc, char **argv)
{
	static struct replay replay;
	const struct workload *workload = argc == 4 ? find(argv[1]) : NULL;
	const unsigned long queries =
	    argc == 4 ? strtoul(argv[2], NULL, 10) : 0;

	if (workload == NULL || queries > REPLAY_MOST) {
		fprintf(stderr, "usage: replay w1|w2|w3|w4 QUERIES CONFIG\n");
		return 2;
	}
	if (!start(&replay, workload, argv[3]))
		return 1;
	for (unsigned long i = 0; i < queries; i++) {
		if (!ask(&replay, &replay.messages[i])) {
			fprintf(stderr, "replay: query %lu: no answer\n", i);
			return 1;
		}
	}
	return 0;
}
