#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "ctl/attention.h"
#include "ctl/colour.h"
#include "ctl/command.h"
#include "ctl/remote_commands.h"
#include "ctl/tail_line.h"
#include "ctl/tail_options.h"

struct options {
	struct tail_options tail;
	const char *count;
};

static const struct option_row rows[] = {
    TAIL_OPTION_ROWS,
    {"count", 'n', "COUNT", "so many queries, then end",
	offsetof(struct options, count)},
};

static const struct option_table table = {
    .command = "tail",
    .arguments = "[OPTION ...]",
    .help = "Shows queries as they are answered: when, who asked what, the\n"
	    "outcome, who answered, for how long it holds, and how long it\n"
	    "took. All options that say which must hold.",
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};

/* Somebody who reads. */
struct tail {
	struct attention attention;
	bool json;
	enum tail_line_style style;
	bool counts;
	uint64_t left; /* to be shown, when counts is set */
	bool ended;    /* by this end */
};

static bool
end(struct tail *tail)
{
	tail->ended = true;
	return false;
}

/* What was left out, to who reads text. */
static void
tell_dropped(const struct node *map)
{
	const unsigned long long dropped = remote_number(map, "dropped");

	fflush(stdout);
	fprintf(stderr, "resolverctl tail: %llu entr%s dropped\n", dropped,
	    dropped == 1 ? "y was" : "ies were");
}

static bool
show_query(struct tail *tail, const char *text, const struct node *map)
{
	if (tail->json) {
		puts(text);
	} else {
		tail_line_print(map, tail->style, stdout);
	}
	if (!tail->counts || --tail->left > 0)
		return true;
	return end(tail);
}

/* A remote_listener's. */
static bool
take_line(void *context, const char *text, const struct node *map)
{
	struct tail *tail = context;

	if (node_get(map, "time") != NULL)
		return show_query(tail, text, map);
	if (node_get(map, "dropped") == NULL)
		return true; /* the stream's first line */
	if (tail->json) {
		puts(text);
	} else {
		tell_dropped(map);
	}
	return true;
}

/* Likewise: what came is shown before there is more to wait for. */
static bool
pass(void *context)
{
	struct tail *tail = context;

	if (fflush(stdout) != 0 || attention_hung_up(STDOUT_FILENO) ||
	    attention_signal(&tail->attention) != 0)
		return end(tail);
	return true;
}

static int
follow(struct tail *tail, const struct options *options)
{
	struct remote remote = {
	    .command = table.command,
	    .socket = options->tail.remote.socket,
	};
	const struct remote_listener listener = {
	    .line = take_line,
	    .pass = pass,
	    .fd = tail->attention.fd,
	    .wait_ms = -1,
	    .context = tail,
	};
	struct remote_argument arguments[TAIL_ARGUMENTS];
	bool good;

	tail_options_say(&options->tail,
	    &(struct remote_argument){.name = "count"}, arguments);
	good = remote_follow(&remote, arguments, TAIL_ARGUMENTS, &listener);
	remote_close(&remote);
	if (good && !tail->ended)
		fputs("resolverctl tail: resolverd has gone\n", stderr);
	return good && tail->ended ? COMMAND_OK : COMMAND_ERROR;
}

static int
run(struct tail *tail, const struct options *options)
{
	/* A reader that has gone is noticed, and is no failure. */
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, 0};
	int status;

	if (!attention_init(&tail->attention, signals)) {
		fprintf(stderr, "resolverctl tail: %s\n", strerror(errno));
		return COMMAND_ERROR;
	}
	attention_add(&tail->attention, STDOUT_FILENO, 0);
	status = follow(tail, options);
	fflush(stdout);
	attention_fini(&tail->attention);
	return status;
}

int
tail_command_run(int argc, char **argv)
{
	struct options options = {.count = NULL};
	struct tail tail = {.json = false};
	int number;

	if (!option_read(&table, &options, argc, argv, &number))
		return number;
	tail.json = options.tail.remote.json;
	tail.style = colour_wanted() ? TAIL_LINE_COLOUR : TAIL_LINE_PLAIN;
	tail.counts = options.count != NULL;
	if (tail.counts &&
	    !number_parse(options.count, 1, UINT64_MAX, &tail.left)) {
		option_complain(table.command,
		    "count must be a number from 1, not '%s'", options.count);
		return COMMAND_ERROR;
	}
	return run(&tail, &options);
}
