#include "ctl/remote_commands.h"

#include <stdio.h>

#include "ctl/remote_command.h"

static const struct option_row rows[] = {REMOTE_OPTION_ROWS};

static const struct option_table table = {
    .command = "log-level",
    .arguments = "[OPTION ...] [error | warn | info | debug]",
    .operands = 1,
    .help =
	"Has the daemon log more or less from now on; with debug each query.\n"
	"Without a level it is shown.",
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};

static void
print_level(const struct node *answer)
{
	const char *level = remote_text(answer, "log_level");

	puts(level == NULL ? "-" : level);
}

int
log_level_command_run(int argc, char **argv)
{
	static const struct remote_command command = {
	    .table = &table,
	    .print = print_level,
	};
	struct remote_options options = {.socket = NULL};
	int first;

	if (!option_read(&table, &options, argc, argv, &first))
		return first;
	return remote_command_ask(&command, &options,
	    (const struct remote_argument[]){
		{.name = "level", .text = first < argc ? argv[first] : NULL},
	    },
	    1);
}
