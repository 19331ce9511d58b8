#include "ctl/check_command.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "ctl/arguments.h"
#include "ctl/command.h"
#include "ctl/option.h"
#include "ctl/preflight.h"

struct check_options {
	const char *config;
	bool json;
};

static const struct option_row rows[] = {
    {"config", 'c', "FILE", "the configuration",
	offsetof(struct check_options, config)},
    {"json", 'j', NULL, "print JSON", offsetof(struct check_options, json)},
};

static const struct option_table table = {
    .command = "check",
    .arguments = "[OPTION ...] [FILE]",
    .operands = 1,
    .help =
	"Checks a configuration as resolverd -t does, and prints everything\n"
	"that is wrong with it. Then the exit status is 1.",
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};

static int
check(const struct check_options *options)
{
	const struct arguments arguments = {
	    .config = options->config == NULL ? arguments_default_config()
					      : options->config,
	};
	const enum exit_code code = options->json
	    ? preflight_check_json(&arguments, stdout)
	    : preflight_check(&arguments);

	if (code == EXIT_CODE_OK)
		return COMMAND_OK;
	return code == EXIT_CODE_CONFIG ? COMMAND_FOUND : COMMAND_ERROR;
}

int
check_command_run(int argc, char **argv)
{
	struct check_options options = {.config = NULL};
	int first;

	if (!option_read(&table, &options, argc, argv, &first))
		return first;
	if (first < argc)
		options.config = argv[first];
	return check(&options);
}
