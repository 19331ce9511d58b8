#include "ctl/remote_command.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "ctl/command.h"
#include "ctl/option.h"
#include "ctl/remote.h"

/* What any of them may be told. */
struct options {
	const char *socket;
	bool json;
	bool tree;
	bool negative;
};

static const struct option_row rows[] = {
    {"socket", 's', "PATH", "ask the daemon that listens there",
	offsetof(struct options, socket)},
    {"json", 'j', NULL, "print JSON", offsetof(struct options, json)},
    {"tree", '\0', NULL, "also names below it", offsetof(struct options, tree)},
    {"negative", '\0', NULL, "only what says that there is nothing",
	offsetof(struct options, negative)},
};

enum { COMMON_ROWS = 2, FLUSH_ROWS = 4, NO_OPERAND = 0, ONE_OPERAND = 1 };

static const struct option_table cache_table = {
    .command = "cache",
    .arguments = "[OPTION ...]",
    .help = "Shows how full the cache is, and how well it does.",
    .rows = rows,
    .count = COMMON_ROWS,
};

static const struct option_table flush_table = {
    .command = "flush",
    .arguments = "[OPTION ...] [NAME]",
    .help =
	"Drops answers of other servers from the cache: those for NAME, or\n"
	"all of them.",
    .rows = rows,
    .count = FLUSH_ROWS,
};

static const struct option_table reload_table = {
    .command = "reload",
    .arguments = "[OPTION ...]",
    .help =
	"Has the daemon read its configuration again, and says what is wrong\n"
	"with it. Then the exit status is 1, and nothing has changed.",
    .rows = rows,
    .count = COMMON_ROWS,
};

static const struct option_table upstreams_table = {
    .command = "upstreams",
    .arguments = "[OPTION ...]",
    .help = "Shows the servers that are asked, and what is known of them.",
    .rows = rows,
    .count = COMMON_ROWS,
};

/* One of the commands. */
struct remote_command {
	const struct option_table *table;
	int operands; /* at most */
	void (*print)(const struct node *answer);
	int (*status)(const struct node *answer);
};

static int
ask(const struct remote_command *command, const struct options *options,
    const char *name)
{
	struct remote remote = {
	    .command = command->table->command,
	    .socket = options->socket,
	};
	const struct control_arguments arguments = {
	    .name = name,
	    .tree = options->tree,
	    .negative = options->negative,
	};
	int status = COMMAND_ERROR;

	if (remote_ask(&remote, &arguments)) {
		if (options->json) {
			fputs(remote.text, stdout);
		} else {
			command->print(remote.answer);
		}
		status = command->status(remote.answer);
	}
	remote_close(&remote);
	return status;
}

static int
run(const struct remote_command *command, int argc, char **argv)
{
	struct options options = {.socket = NULL};
	int first;

	switch (option_parse(command->table, &options, argc, argv, &first)) {
	case OPTION_GO:
		break;
	case OPTION_DONE:
		return COMMAND_OK;
	case OPTION_BAD:
		return COMMAND_ERROR;
	}
	if (argc - first > command->operands) {
		option_complain(command->table->command,
		    "'%s' is one argument too many",
		    argv[first + command->operands]);
		return COMMAND_ERROR;
	}
	return ask(command, &options, first < argc ? argv[first] : NULL);
}

static int
always_good(const struct node *answer)
{
	(void)answer;
	return COMMAND_OK;
}

/* "1 entry", "2 entries" */
static void
print_entries(unsigned long long count)
{
	printf("%llu entr%s", count, count == 1 ? "y" : "ies");
}

static void
print_flush(const struct node *answer)
{
	print_entries(remote_number(answer, "flushed"));
	puts(" dropped");
}

static void
print_cache(const struct node *answer)
{
	const unsigned long long hits = remote_number(answer, "hits");
	const unsigned long long all = hits + remote_number(answer, "misses");
	const unsigned long long size = remote_number(answer, "size");

	print_entries(remote_number(answer, "entries"));
	printf(", %llu of %llu KiB\n", remote_number(answer, "octets") / 1024,
	    size / 1024);
	printf("%llu of %llu questions answered from it since the start", hits,
	    all);
	if (all > 0)
		printf(" (%.1f %%)", 100.0 * (double)hits / (double)all);
	putchar('\n');
}

static bool
is_loaded(const struct node *answer)
{
	const struct node *loaded = node_get(answer, "loaded");

	return loaded != NULL && loaded->kind == NODE_SCALAR &&
	    strcmp(loaded->text, "true") == 0;
}

static int
reload_status(const struct node *answer)
{
	return is_loaded(answer) ? COMMAND_OK : COMMAND_FOUND;
}

static void
print_reload(const struct node *answer)
{
	const struct node *messages = node_get(answer, "messages");

	if (messages != NULL && messages->kind == NODE_LIST) {
		for (const struct node *n = messages->first; n != NULL;
		     n = n->next)
			fprintf(stderr, "%s\n", n->text == NULL ? "" : n->text);
	}
	puts(is_loaded(answer) ? "the configuration was read and is served"
			       : "the running configuration is unchanged");
}

static const char *
or_dash(const char *text)
{
	return text == NULL ? "-" : text;
}

/* What a server was found not to do. */
static void
print_lacks(const struct node *lacks)
{
	const char *before = "; without ";

	if (lacks == NULL || lacks->kind != NODE_LIST)
		return;
	for (const struct node *n = lacks->first; n != NULL; n = n->next) {
		printf("%s%s", before, n->text);
		before = ", ";
	}
}

static void
print_server(const struct node *server)
{
	const char *source = remote_text(server, "source");
	char rtt[32] = "-";
	char success[32] = "-";

	if (node_get(server, "srtt_us") != NULL) {
		snprintf(rtt, sizeof(rtt), "%.1f ms",
		    (double)remote_number(server, "srtt_us") / 1000);
		snprintf(success, sizeof(success), "%llu %%",
		    remote_number(server, "success_percent"));
	}
	printf("%-28s %-7s %9s %8s  %s", or_dash(remote_text(server, "server")),
	    or_dash(remote_text(server, "state")), rtt, success,
	    or_dash(remote_text(server, "for")));
	if (source != NULL)
		printf(", from %s", source);
	print_lacks(node_get(server, "lacks"));
	putchar('\n');
}

static void
print_upstreams(const struct node *answer)
{
	const struct node *servers = node_get(answer, "upstreams");

	if (servers == NULL || servers->kind != NODE_LIST ||
	    servers->count == 0) {
		puts("no servers are asked");
		return;
	}
	printf("%-28s %-7s %9s %8s  %s\n", "SERVER", "STATE", "TIME", "SUCCESS",
	    "FOR");
	for (const struct node *n = servers->first; n != NULL; n = n->next)
		print_server(n);
}

int
remote_command_cache(int argc, char **argv)
{
	static const struct remote_command command = {&cache_table, NO_OPERAND,
	    print_cache, always_good};

	return run(&command, argc, argv);
}

int
remote_command_flush(int argc, char **argv)
{
	static const struct remote_command command = {&flush_table, ONE_OPERAND,
	    print_flush, always_good};

	return run(&command, argc, argv);
}

int
remote_command_reload(int argc, char **argv)
{
	static const struct remote_command command = {&reload_table, NO_OPERAND,
	    print_reload, reload_status};

	return run(&command, argc, argv);
}

int
remote_command_upstreams(int argc, char **argv)
{
	static const struct remote_command command = {&upstreams_table,
	    NO_OPERAND, print_upstreams, always_good};

	return run(&command, argc, argv);
}
