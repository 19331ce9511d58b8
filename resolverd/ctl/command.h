#ifndef CTL_COMMAND_H
#define CTL_COMMAND_H

#include <stddef.h>

/* How resolverctl ends; resolverctl(8) lists them. */
enum command_status {
	COMMAND_OK = 0,
	COMMAND_FOUND = 1, /* it found what it was to look for */
	COMMAND_ERROR = 2, /* usage, configuration or input */
};

/* A command of resolverctl; argv[0] is its name. */
struct command {
	const char *name;
	const char *help;
	int (*run)(int argc, char **argv);
};

/*
 * Runs the command that the command line names, out of count commands, and
 * returns the exit status.  Options before the name are handed to it.
 */
int command_run(const struct command *commands, size_t count, int argc,
    char **argv);

/* The commands that are being run, for one that tells of the others. */
const struct command *command_all(size_t *count);

#endif
