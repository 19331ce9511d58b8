/*
 * drive CASE CONFIG...: asks the daemon's engine the questions of a case, once
 * under each configuration, and prints a line for every reply.  The network
 * around the engine is made of the case's servers; a day passes between a
 * question that cost time and the next one, so that nothing kept is older than
 * it looks.
 */
/* Before ldns, which makes a bool of its own where there is none. */
#include <stdbool.h>

#include <ldns/ldns.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "config/load.h"
#include "core/account.h"
#include "core/engine.h"
#include "line.h"
#include "model/compile.h"
#include "servers.h"

enum {
	DRIVE_CACHE = 256 * 1024,
	DRIVE_MESSAGE = 65535,
	DRIVE_LINE = 2048,
	DRIVE_AGAIN = 2,
};

#define DRIVE_DAY (UINT64_C(86400) * UINT64_C(1000000000))

/* A line "question CLIENT LOCAL NAME TYPE FLAGS". */
struct asked {
	struct addr client;
	struct addr local;
	uint8_t *wire;
	size_t len;
};

struct drive {
	struct servers *servers;
	struct asked *asked;
	size_t asked_count;
	struct engine engine;
	struct counters counters;
	struct rng rng;
	struct query query;
	uint64_t now;
	uint8_t out[DRIVE_MESSAGE];
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

/* Reading a case. */

static bool
write_query(struct asked *asked, const char *name, const char *type, bool do_cd)
{
	ldns_rdf *owner = ldns_dname_new_frm_str(name);
	ldns_pkt *query = NULL;
	bool written;

	if (owner == NULL)
		return false;
	query = ldns_pkt_query_new(owner, ldns_get_rr_type_by_name(type),
	    LDNS_RR_CLASS_IN, LDNS_RD);
	ldns_pkt_set_edns_udp_size(query, 1232);
	ldns_pkt_set_edns_do(query, do_cd);
	ldns_pkt_set_cd(query, do_cd);
	written =
	    ldns_pkt2wire(&asked->wire, query, &asked->len) == LDNS_STATUS_OK;
	ldns_pkt_free(query);
	return written;
}

static bool
add_question(struct drive *drive, const char *text)
{
	char client[64];
	char local[64];
	char name[512];
	char type[16];
	char flags[16] = "";
	struct asked *asked;

	drive->asked = realloc(drive->asked,
	    (drive->asked_count + 1) * sizeof(*drive->asked));
	asked = &drive->asked[drive->asked_count++];
	memset(asked, 0, sizeof(*asked));
	return sscanf(text, "%63s %63s %511s %15s %15s", client, local, name,
		   type, flags) >= 4 &&
	    addr_parse(client, 40000, &asked->client) &&
	    addr_parse(local, 53, &asked->local) &&
	    write_query(asked, name, type, strcmp(flags, "do_cd") == 0);
}

static bool
read_case(struct drive *drive, const char *path)
{
	static const char question[] = "question ";
	char line[DRIVE_LINE];
	bool sound = true;
	FILE *file = fopen(path, "re");

	if (file == NULL)
		return false;
	drive->servers = servers_new();
	while (sound && fgets(line, sizeof(line), file) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		sound = strncmp(line, question, sizeof(question) - 1) == 0
		    ? add_question(drive, line + sizeof(question) - 1)
		    : servers_line(drive->servers, line);
	}
	fclose(file);
	return sound;
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

/* The network. */

/* Nothing came until the engine wanted to be called again. */
static enum verdict
let_time_pass(struct drive *drive)
{
	if (drive->query.until > drive->now)
		drive->now = drive->query.until;
	return engine_timeout(&drive->engine, &drive->query, drive->now);
}

static enum verdict
answer(struct drive *drive, const struct addr *server)
{
	static uint8_t wire[DRIVE_MESSAGE];
	const struct transmission *sent = &drive->query.sent[drive->query.ask];
	const struct servers_question question = {
	    .wire = sent->wire,
	    .len = sent->len,
	};
	const struct answer_packet packet = {
	    .wire = wire,
	    .len = servers_answer(drive->servers, server, &question, wire,
		sizeof(wire)),
	    .slot = drive->query.ask,
	};

	return engine_reply(&drive->engine, &drive->query, &packet, drive->now);
}

static enum verdict
deliver(struct drive *drive)
{
	const unsigned slot = drive->query.ask;
	const struct addr server = drive->query.sent[slot].server->addr;

	switch (servers_behaviour(drive->servers, &server)) {
	case SERVER_ANSWERS:
		return answer(drive, &server);
	case SERVER_UNREACHABLE:
		return engine_unreachable(&drive->engine, &drive->query, slot,
		    drive->now);
	case SERVER_SILENT:
		return let_time_pass(drive);
	}
	abort();
}

static void
ask(struct drive *drive, const struct asked *asked)
{
	const struct packet packet = {
	    .wire = asked->wire,
	    .len = asked->len,
	    .transport = TRANSPORT_TCP,
	    .client = &asked->client,
	    .local = &asked->local,
	};
	const uint64_t begun = drive->now;
	enum verdict verdict;
	unsigned again = DRIVE_AGAIN;

	drive->query.out = drive->out;
	drive->query.cap = sizeof(drive->out);
	verdict =
	    engine_start(&drive->engine, &drive->query, &packet, drive->now);
	while (verdict == VERDICT_ASK || verdict == VERDICT_WAIT) {
		verdict = verdict == VERDICT_ASK ? deliver(drive)
						 : let_time_pass(drive);
	}
	/* What zones answer often stands ready by now: see core/swift. */
	while (verdict == VERDICT_REPLY &&
	    account_origin(&drive->query) == ORIGIN_ZONE && again-- > 0) {
		verdict = engine_start(&drive->engine, &drive->query, &packet,
		    drive->now);
	}
	if (verdict != VERDICT_REPLY ||
	    !line_print(drive->out, drive->query.out_len))
		puts("no reply");
	if (drive->now > begun)
		drive->now += DRIVE_DAY;
}

/* All questions under one configuration. */
static bool
run(struct drive *drive, const char *config)
{
	void *cache = calloc(1, DRIVE_CACHE);
	void *scratch = malloc(ENGINE_SCRATCH);
	const struct engine_parts parts = {
	    .counters = &drive->counters,
	    .rng = &drive->rng,
	    .cache_block = cache,
	    .cache_size = DRIVE_CACHE,
	    .scratch = scratch,
	    .scratch_size = ENGINE_SCRATCH,
	    .key = &fixed_key,
	};
	struct snapshot *snapshot = load(config);
	const bool loaded = snapshot != NULL;

	if (loaded) {
		memset(&drive->engine, 0, sizeof(drive->engine));
		engine_init(&drive->engine, &parts, snapshot);
		for (size_t i = 0; i < drive->asked_count; i++)
			ask(drive, &drive->asked[i]);
		engine_fini(&drive->engine);
		while ((snapshot = engine_retired(&drive->engine)) != NULL)
			compile_free(snapshot);
	}
	free(scratch);
	free(cache);
	return loaded;
}

int
main(int argc, char **argv)
{
	static struct drive drive;
	bool sound;

	if (argc < 3) {
		fputs("usage: drive CASE CONFIG...\n", stderr);
		return 2;
	}
	rng_init(&drive.rng, fill_fixed);
	sound = read_case(&drive, argv[1]);
	for (int i = 2; i < argc && sound; i++)
		sound = run(&drive, argv[i]);
	for (size_t i = 0; i < drive.asked_count; i++)
		free(drive.asked[i].wire);
	free(drive.asked);
	if (drive.servers != NULL)
		servers_free(drive.servers);
	return sound ? 0 : 1;
}
