#include "ctl/explain.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/order.h"
#include "ctl/command.h"
#include "ctl/date.h"
#include "ctl/explain_json.h"
#include "ctl/explain_text.h"
#include "ctl/lookup.h"
#include "ctl/option.h"
#include "ctl/subject.h"
#include "io/inquiry.h"

enum { ARENA_BLOCK = 65536 };

struct explain_options {
	const char *config;
	const char *network;
	const char *client;
	const char *at;
	bool json;
};

static const struct option_row rows[] = {
    {"config", 'c', "FILE", "work with this configuration of resolverd",
	offsetof(struct explain_options, config)},
    {"network", 'n', "NAME", "ask as a client of this network or GKE cluster",
	offsetof(struct explain_options, network)},
    {"client", '\0', "IP", "ask as this client, who is in its network",
	offsetof(struct explain_options, client)},
    {"at", '\0', "DATE", "by the CNAME rule of that day, 2027-01-05 say",
	offsetof(struct explain_options, at)},
    {"json", 'j', NULL, "print JSON", offsetof(struct explain_options, json)},
};

static const struct option_table table = {
    .command = "explain",
    .arguments = "[OPTION ...] NAME [TYPE]",
    .operands = OPTION_ANY,
    .help = "Shows how NAME is resolved, step by step, and the answer. TYPE is "
	    "A unless\ngiven; an IP address asks for its PTR records.",
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};

/* One run of the command. */
struct run {
	struct explain_options options;
	struct question question;
	int64_t at; /* seconds since 1970 */
	struct arena arena;
	struct lookup_session session;
	struct inquiry *inquiry;
	struct witness witness;
};

enum chase_mode
explain_chase(enum chasing chasing, int64_t at)
{
	return order_chase_mode(chasing, at);
}

static bool
read_question(struct run *run, int count, char **operands)
{
	const char *why = NULL;

	if (count < 1 || count > 2) {
		option_complain(table.command,
		    count < 1 ? "which name?"
			      : "one name and one type are enough");
		return false;
	}
	switch (subject_parse(&run->question, operands[0],
	    count == 2 ? operands[1] : NULL, TYPE_A, &why)) {
	case SUBJECT_OK:
		return true;
	case SUBJECT_BAD_NAME:
		option_complain(table.command, "the name '%s' %s", operands[0],
		    why);
		return false;
	case SUBJECT_BAD_TYPE:
		option_complain(table.command, "'%s' is no record type",
		    operands[1]);
		return false;
	}
	return false;
}

static bool
read_at(struct run *run)
{
	if (run->options.at == NULL) {
		run->at = time(NULL);
		return true;
	}
	if (date_parse(run->options.at, &run->at))
		return true;
	option_complain(table.command,
	    "--at: '%s' is no date such as 2027-01-05 or "
	    "2027-01-05T08:30:00Z",
	    run->options.at);
	return false;
}

/* Room for what the worker sees. */
static bool
make_inquiry(struct run *run)
{
	run->inquiry = malloc(sizeof(*run->inquiry));
	run->witness.arena = &run->arena;
	run->witness.seen = arena_calloc(&run->arena, WITNESS_SIGHTINGS,
	    sizeof(*run->witness.seen));
	if (run->inquiry == NULL || run->witness.seen == NULL) {
		fputs("resolverctl explain: out of memory\n", stderr);
		return false;
	}
	inquiry_init(run->inquiry, &run->question);
	run->inquiry->witness = &run->witness;
	return true;
}

static bool
choose_view(struct run *run)
{
	const struct explain_options *options = &run->options;

	if (options->client != NULL &&
	    !addr_parse(options->client, 0, &run->inquiry->client)) {
		option_complain(table.command,
		    "--client: '%s' is no IP address", options->client);
		return false;
	}
	return options->network == NULL ||
	    lookup_view(&run->session, table.command, options->network,
		run->inquiry);
}

static void
answered(struct inquiry *inquiry)
{
	bool *back = inquiry->context;

	*back = true;
}

static void
ask(struct run *run, enum chase_mode mode)
{
	bool back = false;

	run->inquiry->chasing =
	    mode == CHASE_CLASSIC ? CHASING_CLASSIC : CHASING_PER_HOP;
	run->inquiry->answered = answered;
	run->inquiry->context = &back;
	lookup_ask(&run->session, run->inquiry);
	while (!back)
		lookup_wait(&run->session);
}

static void
describe_day(struct explanation *explanation, const struct run *run)
{
	const time_t at = (time_t)run->at;
	struct tm tm;

	gmtime_r(&at, &tm);
	strftime(explanation->day, sizeof(explanation->day), "%Y-%m-%d", &tm);
}

static bool
make_explanation(struct run *run, struct explanation *explanation)
{
	const enum chasing chasing =
	    run->session.snapshot->options.cname_chasing;
	const enum chase_mode mode = explain_chase(chasing, run->at);

	ask(run, mode);
	*explanation = (struct explanation){
	    .words = {.arena = &run->arena,
		.view = lookup_view_of(&run->session, run->inquiry),
		.chase = mode,
		.type = run->question.type},
	    .chasing = chasing,
	    .at_given = run->options.at != NULL,
	    .client = run->options.client,
	};
	describe_day(explanation, run);
	return run->inquiry->outcome == INQUIRY_ANSWERED &&
	    story_tell(&explanation->story, &run->witness,
		explanation->words.view, &run->arena) &&
	    response_read(&explanation->response, run->inquiry->answer,
		run->inquiry->answer_len, &run->arena);
}

/* No colour where a person cannot see it or does not want it. */
static enum explain_style
choose_style(void)
{
	const char *no_color = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && (no_color == NULL || *no_color == '\0')
	    ? EXPLAIN_COLOUR
	    : EXPLAIN_PLAIN;
}

static int
print_explanation(struct run *run)
{
	struct explanation explanation;
	int status = COMMAND_OK;

	if (!make_explanation(run, &explanation)) {
		fputs("resolverctl explain: no answer\n", stderr);
		status = COMMAND_ERROR;
	} else if (run->options.json) {
		explain_json_print(&explanation, stdout);
	} else {
		explain_text_print(&explanation, choose_style(), stdout);
	}
	lookup_release(run->inquiry);
	return status;
}

/* With the command line understood. */
static int
explain(struct run *run)
{
	int status = COMMAND_ERROR;

	arena_init_heap(&run->arena, ARENA_BLOCK);
	if (!lookup_open(&run->session, run->options.config))
		goto out;
	if (make_inquiry(run) && choose_view(run))
		status = print_explanation(run);
	lookup_close(&run->session);
out:
	free(run->inquiry);
	arena_fini(&run->arena);
	return status;
}

int
explain_run(int argc, char **argv)
{
	struct run run = {0};
	int first;

	if (!option_read(&table, &run.options, argc, argv, &first))
		return first;
	if (!read_question(&run, argc - first, argv + first) || !read_at(&run))
		return COMMAND_ERROR;
	return explain(&run);
}
