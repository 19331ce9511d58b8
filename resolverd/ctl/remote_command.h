#ifndef CTL_REMOTE_COMMAND_H
#define CTL_REMOTE_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "config/node.h"
#include "ctl/option.h"
#include "ctl/remote.h"

/* What any command that asks a daemon may be told; first in its own struct. */
struct remote_options {
	const char *socket;
	bool json;
};

/* The rows for it, which are the first of a command's table. */
#define REMOTE_OPTION_ROWS                                           \
	{"socket", 's', "PATH", "ask the daemon that listens there", \
	    offsetof(struct remote_options, socket)},                \
	{                                                            \
		"json", 'j', NULL, "print JSON",                     \
		    offsetof(struct remote_options, json)            \
	}

/* A command of resolverctl that asks a running daemon. */
struct remote_command {
	const struct option_table *table;
	/* Shows the answer, unless it is to be JSON. */
	void (*print)(const struct node *answer);
	/* The exit status after an answer; NULL: always COMMAND_OK. */
	int (*status)(const struct node *answer);
};

/* Asks, and prints the answer; the exit status. */
int remote_command_ask(const struct remote_command *command,
    const struct remote_options *options,
    const struct remote_argument *arguments, size_t count);

/* All of it, for a command without arguments and options of its own. */
int
remote_command_run(const struct remote_command *command, int argc, char **argv);

#endif
