#include "ctl/remote_commands.h"

#include <stdio.h>

#include "ctl/command.h"
#include "ctl/messages_print.h"
#include "ctl/remote_command.h"

static const struct option_row rows[] = {REMOTE_OPTION_ROWS};

static const struct option_table table = {
    .command = "reload",
    .arguments = "[OPTION ...]",
    .help =
	"Has the daemon read its configuration again, and says what is wrong\n"
	"with it. Then the exit status is 1, and nothing has changed.",
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};

static int
reload_status(const struct node *answer)
{
	return remote_flag(answer, "loaded") ? COMMAND_OK : COMMAND_FOUND;
}

static void
print_reload(const struct node *answer)
{
	messages_print(answer);
	puts(remote_flag(answer, "loaded")
		? "the configuration was read and is served"
		: "the running configuration is unchanged");
}

int
reload_command_run(int argc, char **argv)
{
	static const struct remote_command command = {
	    .table = &table,
	    .print = print_reload,
	    .status = reload_status,
	};

	return remote_command_run(&command, argc, argv);
}
