#include "ctl/remote_commands.h"

#include <stdio.h>

#include "ctl/remote_command.h"

struct options {
	struct remote_options remote;
	bool tree;
	bool negative;
};

static const struct option_row rows[] = {
    REMOTE_OPTION_ROWS,
    {"tree", '\0', NULL, "also names below it", offsetof(struct options, tree)},
    {"negative", '\0', NULL, "only what says that there is nothing",
	offsetof(struct options, negative)},
};

static const struct option_table table = {
    .command = "flush",
    .arguments = "[OPTION ...] [NAME]",
    .operands = 1,
    .help =
	"Drops answers of other servers from the cache: those for NAME, or\n"
	"all of them.",
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};

static void
print_flush(const struct node *answer)
{
	const unsigned long long count = remote_number(answer, "flushed");

	printf("%llu entr%s dropped\n", count, count == 1 ? "y" : "ies");
}

int
flush_command_run(int argc, char **argv)
{
	static const struct remote_command command = {
	    .table = &table,
	    .print = print_flush,
	};
	struct options options = {.tree = false};
	int first;

	if (!option_read(&table, &options, argc, argv, &first))
		return first;
	return remote_command_ask(&command, &options.remote,
	    (const struct remote_argument[]){
		{.name = "name", .text = first < argc ? argv[first] : NULL},
		{.name = "tree", .flag = options.tree},
		{.name = "negative", .flag = options.negative},
	    },
	    3);
}
