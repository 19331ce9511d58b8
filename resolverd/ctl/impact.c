#include "ctl/impact.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/text.h"
#include "core/order.h"
#include "ctl/command.h"
#include "ctl/impact_report.h"
#include "ctl/lookup.h"
#include "ctl/names.h"
#include "ctl/option.h"
#include "ctl/seen.h"
#include "dns/rdata.h"
#include "io/inquiry.h"

enum { ARENA_BLOCK = 16384, FAULTS_SHOWN = 20 };

struct impact_options {
	const char *config;
	const char *network;
	const char *client;
	bool json;
};

static const struct option_row rows[] = {
    {"config", 'c', "FILE", "work with this configuration of resolverd",
	offsetof(struct impact_options, config)},
    {"network", 'n', "NAME", "ask as a client of this network or GKE cluster",
	offsetof(struct impact_options, network)},
    {"client", '\0', "IP", "ask as this client, who is in its network",
	offsetof(struct impact_options, client)},
    {"json", 'j', NULL, "print JSON", offsetof(struct impact_options, json)},
};

static const struct option_table table = {
    .command = "impact",
    .arguments = "[OPTION ...] [FILE ...]",
    .operands = OPTION_ANY,
    .help =
	"Shows which names are answered otherwise from 2027-01-05 on, when\n"
	"Cloud DNS runs the whole order for each CNAME's target. FILE, or\n"
	"standard input, has a name a line with a type behind it if any (A\n"
	"and AAAA unless given), or Cloud Logging's DNS queries in JSON.",
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};

/* Where a question is; each is asked by one rule, then by the other. */
enum slot_stage { SLOT_FREE, SLOT_CLASSIC, SLOT_PER_HOP, SLOT_DONE };

struct slot {
	enum slot_stage stage;
	bool back; /* its inquiry is */
	bool failed;
	struct question question;
	struct inquiry *inquiry;
	struct arena arena;
	struct witness witness[CHASE_MODES];
	struct impact_side sides[CHASE_MODES];
};

/* One run of the command; slots are used in turn, to print in order. */
struct run {
	struct impact_options options;
	struct lookup_session session;
	struct inquiry pattern; /* whom it asks as */
	struct seen seen;
	struct slot slots[LOOKUP_INQUIRIES];
	uint64_t begun; /* questions, by the slot of their number */
	uint64_t done;
	uint64_t changed;
	uint64_t unresolved;
	uint64_t faults;
	const char *path; /* of the list that is being read */
	struct json_writer writer;
};

static struct slot *
slot_at(struct run *run, uint64_t n)
{
	return &run->slots[n % LOOKUP_INQUIRIES];
}

static void
answered(struct inquiry *inquiry)
{
	struct slot *slot = inquiry->context;

	slot->back = true;
}

static void
slot_ask(struct run *run, struct slot *slot, enum chase_mode mode)
{
	struct inquiry *inquiry = slot->inquiry;

	inquiry_init(inquiry, &slot->question);
	inquiry->client = run->pattern.client;
	inquiry->network = run->pattern.network;
	inquiry->cluster = run->pattern.cluster;
	inquiry->chasing =
	    mode == CHASE_CLASSIC ? CHASING_CLASSIC : CHASING_PER_HOP;
	slot->witness[mode].count = 0;
	slot->witness[mode].full = false;
	inquiry->witness = &slot->witness[mode];
	inquiry->answered = answered;
	inquiry->context = slot;
	slot->back = false;
	lookup_ask(&run->session, inquiry);
}

/* Reads what came back; the session holds the snapshot on. */
static void
slot_take(const struct run *run, struct slot *slot, enum chase_mode mode)
{
	const struct inquiry *inquiry = slot->inquiry;
	struct impact_side *side = &slot->sides[mode];

	if (inquiry->outcome != INQUIRY_ANSWERED ||
	    !story_tell(&side->story, &slot->witness[mode],
		lookup_view_of(&run->session, inquiry), &slot->arena) ||
	    !response_read(&side->response, inquiry->answer,
		inquiry->answer_len, &slot->arena))
		slot->failed = true;
	lookup_release(inquiry);
}

static void
slot_advance(struct run *run, struct slot *slot)
{
	if (!slot->back)
		return;
	switch (slot->stage) {
	case SLOT_FREE:
	case SLOT_DONE:
		return;
	case SLOT_CLASSIC:
		slot_take(run, slot, CHASE_CLASSIC);
		slot->stage = SLOT_PER_HOP;
		slot_ask(run, slot, CHASE_PER_HOP);
		return;
	case SLOT_PER_HOP:
		slot_take(run, slot, CHASE_PER_HOP);
		slot->stage = SLOT_DONE;
		return;
	}
}

static bool
is_unresolved(const struct response *response)
{
	return response->rcode == RCODE_SERVFAIL ||
	    response->rcode == RCODE_REFUSED;
}

static void
report_unresolved(struct run *run, const struct slot *slot)
{
	const struct response *response = &slot->sides[CHASE_CLASSIC].response;
	char rcode[RESPONSE_RCODE_TEXT];

	run->unresolved++;
	if (slot->failed) {
		fputs("resolverctl impact: a question got no answer\n", stderr);
		return;
	}
	fprintf(stderr, "resolverctl impact: %s %s: %s%s%s\n", response->name,
	    response->type, response_rcode(response->rcode, rcode),
	    response->ede_text == NULL ? "" : ": ",
	    response->ede_text == NULL ? "" : response->ede_text);
}

static void
slot_report(struct run *run, struct slot *slot)
{
	const struct impact_side *classic = &slot->sides[CHASE_CLASSIC];
	const struct impact_side *per_hop = &slot->sides[CHASE_PER_HOP];
	const struct impact_change change = {
	    .words = {.arena = &slot->arena,
		.view = lookup_view_of(&run->session, slot->inquiry),
		.chase = CHASE_PER_HOP,
		.type = slot->question.type},
	    .classic = classic,
	    .per_hop = per_hop,
	};

	if (slot->failed ||
	    (is_unresolved(&classic->response) &&
		is_unresolved(&per_hop->response))) {
		report_unresolved(run, slot);
		return;
	}
	/* Servers may say something else each time; that is no change. */
	if (response_same(&classic->response, &per_hop->response) ||
	    impact_report_hop(&change) == NULL)
		return;
	run->changed++;
	if (run->options.json) {
		impact_report_json(&change, &run->writer);
	} else {
		impact_report_text(&change, stdout);
	}
}

/* Frees the slots at the front that are done, in the order of the input. */
static void
finish_front(struct run *run)
{
	while (run->done < run->begun) {
		struct slot *slot = slot_at(run, run->done);

		if (slot->stage != SLOT_DONE)
			return;
		slot_report(run, slot);
		arena_fini(&slot->arena);
		slot->stage = SLOT_FREE;
		run->done++;
	}
}

/* Returns when at least one more question may be begun, or all are done. */
static void
make_progress(struct run *run)
{
	lookup_wait(&run->session);
	for (size_t i = 0; i < LOOKUP_INQUIRIES; i++)
		slot_advance(run, &run->slots[i]);
	finish_front(run);
}

static void
begin(struct run *run, const struct question *question)
{
	struct slot *slot;

	if (!seen_add(&run->seen, question))
		return;
	while (run->begun - run->done == LOOKUP_INQUIRIES)
		make_progress(run);
	slot = slot_at(run, run->begun++);
	slot->question = *question;
	slot->failed = false;
	slot->stage = SLOT_CLASSIC;
	arena_init_heap(&slot->arena, ARENA_BLOCK);
	slot->witness[CHASE_CLASSIC].arena = &slot->arena;
	slot->witness[CHASE_PER_HOP].arena = &slot->arena;
	slot_ask(run, slot, CHASE_CLASSIC);
}

/* Counts a fault; whether it is among those that are told. */
static bool
count_fault(struct run *run)
{
	return run->faults++ < FAULTS_SHOWN;
}

static void
complain(void *context, unsigned line, const char *why)
{
	struct run *run = context;

	if (count_fault(run))
		fprintf(stderr, "%s:%u: error: %s\n", run->path, line, why);
}

static void
complain_of_name(struct run *run, const struct names_item *item,
    enum name_error error)
{
	char text[NAMES_TEXT];

	if (!count_fault(run))
		return;
	fprintf(stderr, "%s:%u: error: the name '%s' %s\n", run->path,
	    item->line, text_escape(item->name, text, sizeof(text)),
	    name_error_text(error));
}

static void
complain_of_type(struct run *run, const struct names_item *item)
{
	char text[4 * NAMES_TYPE];

	if (!count_fault(run))
		return;
	fprintf(stderr, "%s:%u: error: '%s' is no record type\n", run->path,
	    item->line, text_escape(item->type, text, sizeof(text)));
}

static void
take_item(void *context, const struct names_item *item)
{
	struct run *run = context;
	struct question question = {.class = CLASS_IN};
	const enum name_error error =
	    name_from_text(&question.name, item->name);

	if (error != NAME_OK) {
		complain_of_name(run, item, error);
	} else if (item->type[0] == '\0') {
		question.type = TYPE_A;
		begin(run, &question);
		question.type = TYPE_AAAA;
		begin(run, &question);
	} else if (rdata_type_from_text(item->type, &question.type)) {
		begin(run, &question);
	} else {
		complain_of_type(run, item);
	}
}

static void
read_names(struct run *run, FILE *file, const char *path)
{
	const struct names_taker taker = {take_item, complain, run};

	run->path = path;
	names_read(file, &taker);
}

static void
read_file(struct run *run, const char *path)
{
	FILE *file = fopen(path, "re");

	if (file == NULL) {
		run->faults++;
		fprintf(stderr, "resolverctl impact: %s: %s\n", path,
		    strerror(errno));
		return;
	}
	read_names(run, file, path);
	fclose(file);
}

static void
read_all(struct run *run, int count, char **paths)
{
	if (count == 0)
		read_names(run, stdin, "standard input");
	for (int i = 0; i < count; i++) {
		if (strcmp(paths[i], "-") == 0) {
			read_names(run, stdin, "standard input");
		} else {
			read_file(run, paths[i]);
		}
	}
	while (run->done < run->begun)
		make_progress(run);
}

static void
write_summary(struct run *run)
{
	struct json_writer *writer = &run->writer;

	json_writer_end(writer);
	json_writer_object(writer, "summary");
	json_writer_number(writer, "questions", run->done);
	json_writer_number(writer, "changed", run->changed);
	json_writer_number(writer, "unresolved", run->unresolved);
	json_writer_number(writer, "faults", run->faults);
	json_writer_end(writer);
	json_writer_end(writer);
}

static int
conclude(struct run *run)
{
	if (run->options.json)
		write_summary(run);
	if (run->faults > FAULTS_SHOWN) {
		fprintf(stderr, "impact: %" PRIu64 " more errors not shown\n",
		    run->faults - FAULTS_SHOWN);
	}
	fprintf(stderr,
	    "impact: %" PRIu64 " question%s, %" PRIu64
	    " answered otherwise from 2027-01-05 on, %" PRIu64
	    " without an answer\n",
	    run->done, run->done == 1 ? "" : "s", run->changed,
	    run->unresolved);
	if (run->changed > 0)
		return COMMAND_FOUND;
	if (run->faults > 0 || (run->done > 0 && run->unresolved == run->done))
		return COMMAND_ERROR;
	return COMMAND_OK;
}

static bool
slot_open(struct slot *slot)
{
	bool open = true;

	slot->inquiry = malloc(sizeof(*slot->inquiry));
	for (size_t i = 0; i < CHASE_MODES; i++) {
		struct witness *witness = &slot->witness[i];

		witness->seen =
		    calloc(WITNESS_SIGHTINGS, sizeof(*witness->seen));
		open = open && witness->seen != NULL;
	}
	return open && slot->inquiry != NULL;
}

static bool
open_slots(struct run *run)
{
	for (size_t i = 0; i < LOOKUP_INQUIRIES; i++) {
		if (!slot_open(&run->slots[i])) {
			fputs("resolverctl impact: out of memory\n", stderr);
			return false;
		}
	}
	return true;
}

static void
close_slots(struct run *run)
{
	for (size_t i = 0; i < LOOKUP_INQUIRIES; i++) {
		struct slot *slot = &run->slots[i];

		free(slot->inquiry);
		for (size_t k = 0; k < CHASE_MODES; k++)
			free(slot->witness[k].seen);
	}
}

/* Whom it asks as, once for all questions. */
static bool
choose_view(struct run *run)
{
	const struct impact_options *options = &run->options;
	const struct question root = {.name = {.len = 1}, .class = CLASS_IN};

	inquiry_init(&run->pattern, &root);
	if (options->client != NULL &&
	    !addr_parse(options->client, 0, &run->pattern.client)) {
		option_complain(table.command,
		    "--client: '%s' is no IP address", options->client);
		return false;
	}
	return options->network == NULL ||
	    lookup_view(&run->session, table.command, options->network,
		&run->pattern);
}

static int
impact(struct run *run, int count, char **paths)
{
	int status = COMMAND_ERROR;

	seen_init(&run->seen, &run->session.boot.key);
	if (choose_view(run) && open_slots(run)) {
		json_writer_init(&run->writer, stdout);
		if (run->options.json) {
			json_writer_object(&run->writer, NULL);
			json_writer_array(&run->writer, "changes");
		}
		read_all(run, count, paths);
		status = conclude(run);
	}
	close_slots(run);
	seen_fini(&run->seen);
	return status;
}

/* With the command line understood. */
static int
open_and_run(struct run *run, int count, char **paths)
{
	int status;

	if (!lookup_open(&run->session, run->options.config))
		return COMMAND_ERROR;
	status = impact(run, count, paths);
	lookup_close(&run->session);
	return status;
}

int
impact_run(int argc, char **argv)
{
	struct impact_options options = {0};
	struct run *run;
	int status;
	int first;

	if (!option_read(&table, &options, argc, argv, &first))
		return first;
	run = calloc(1, sizeof(*run));
	if (run == NULL)
		return COMMAND_ERROR;
	run->options = options;
	status = open_and_run(run, argc - first, argv + first);
	free(run);
	return status;
}
