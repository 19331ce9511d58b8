#include "ctl/remote_commands.h"

#include <stdio.h>

#include "base/text.h"
#include "ctl/command.h"
#include "ctl/messages_print.h"
#include "ctl/mode_print.h"
#include "ctl/remote_command.h"

enum { OPERANDS = 2, MILLISECONDS = 1000 };

struct options {
	struct remote_options remote;
	const char *time;
};

static const struct option_row rows[] = {
    REMOTE_OPTION_ROWS,
    {"for", '\0', "TIME", "only so long, such as 15m",
	offsetof(struct options, time)},
};

static const struct option_table table = {
    .command = "mode",
    .arguments =
	"[OPTION ...] [restricted | private | psc [IP] | off | default]",
    .operands = OPERANDS,
    .help =
	"Has the daemon serve in another mode at once, over what the\n"
	"configuration says and over reloads, until --for is over, or until\n"
	"'mode default' or the daemon's end. Without a mode it is shown.",
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};

static int
mode_status(const struct node *answer)
{
	return remote_flag(answer, "done") ? COMMAND_OK : COMMAND_FOUND;
}

static void
print_mode(const struct node *answer)
{
	messages_print(answer);
	mode_print(answer);
}

static const struct remote_command command = {
    .table = &table,
    .print = print_mode,
    .status = mode_status,
};

/* What the mode is to be; false after a complaint. */
static bool
read_time(const char *time, const char *mode, uint64_t *seconds)
{
	if (mode == NULL) {
		option_complain("mode", "--for which mode?");
		return false;
	}
	if (duration_parse(time, seconds) && *seconds >= MILLISECONDS) {
		*seconds /= MILLISECONDS;
		return true;
	}
	option_complain("mode",
	    "--for must be a time such as 90s, 15m or 2h, not '%s'", time);
	return false;
}

int
mode_command_run(int argc, char **argv)
{
	struct options options = {.time = NULL};
	uint64_t seconds = 0;
	const char *mode;
	const char *address;
	int first;

	if (!option_read(&table, &options, argc, argv, &first))
		return first;
	mode = first < argc ? argv[first] : NULL;
	address = first + 1 < argc ? argv[first + 1] : NULL;
	if (options.time != NULL && !read_time(options.time, mode, &seconds))
		return COMMAND_ERROR;
	return remote_command_ask(&command, &options.remote,
	    (const struct remote_argument[]){
		{.name = "mode", .text = mode},
		{.name = "address", .text = address},
		{.name = "seconds",
		    .number = options.time == NULL ? NULL : &seconds},
	    },
	    3);
}
