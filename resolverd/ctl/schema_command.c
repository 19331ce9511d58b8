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

	if (!option_read(&table, NULL, argc, argv, &first))
		return first;
	json_schema_write(stdout);
	return fflush(stdout) == 0 ? COMMAND_OK : COMMAND_ERROR;
}
