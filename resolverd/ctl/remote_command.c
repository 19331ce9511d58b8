#include "ctl/remote_command.h"

#include <stdio.h>

#include "ctl/command.h"

int
remote_command_ask(const struct remote_command *command,
    const struct remote_options *options,
    const struct remote_argument *arguments, size_t count)
{
	struct remote remote = {
	    .command = command->table->command,
	    .socket = options->socket,
	};
	int status = COMMAND_ERROR;

	if (remote_ask(&remote, arguments, count)) {
		if (options->json) {
			fputs(remote.text, stdout);
		} else {
			command->print(remote.answer);
		}
		status = command->status == NULL
		    ? COMMAND_OK
		    : command->status(remote.answer);
	}
	remote_close(&remote);
	return status;
}

int
remote_command_run(const struct remote_command *command, int argc, char **argv)
{
	struct remote_options options = {.socket = NULL};
	int number;

	if (!option_read(command->table, &options, argc, argv, &number))
		return number;
	return remote_command_ask(command, &options, NULL, 0);
}
