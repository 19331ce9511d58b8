#include "ctl/schema_command.h"

#include <stdio.h>

#include "config/json_schema.h"
#include "ctl/command.h"
#include "ctl/option.h"

static const struct option_table table = {
    .command = "schema",
    .arguments = "",
    .help = "Prints the JSON Schema of the configuration, by which editors "
	    "complete and\ncheck it.",
};

int
schema_command_run(int argc, char **argv)
{
	int first;

	switch (option_parse(&table, NULL, argc, argv, &first)) {
	case OPTION_GO:
		break;
	case OPTION_DONE:
		return COMMAND_OK;
	case OPTION_BAD:
		return COMMAND_ERROR;
	}
	if (first < argc) {
		option_complain(table.command, "unexpected argument '%s'",
		    argv[first]);
		return COMMAND_ERROR;
	}
	json_schema_write(stdout);
	return fflush(stdout) == 0 ? COMMAND_OK : COMMAND_ERROR;
}
