#include "ctl/command.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ctl/arguments.h"

/* The table and the command line. */
struct call {
	const struct command *commands;
	size_t count;
	int argc;
	char **argv;
	int at; /* index of the command's name in argv */
};

/* The table of the program. */
static const struct command *all;
static size_t all_count;

const struct command *
command_all(size_t *count)
{
	*count = all_count;
	return all;
}

static void
print_usage(const struct call *call, FILE *out)
{
	fputs("usage: resolverctl [-j] [-c FILE] [-s PATH] COMMAND "
	      "[ARGUMENT ...]\n"
	      "       resolverctl COMMAND --help\n\n",
	    out);
	for (size_t i = 0; i < call->count; i++) {
		fprintf(out, "  %-9s %s\n", call->commands[i].name,
		    call->commands[i].help);
	}
	fputs("\n"
	      "  -c FILE   work with this configuration of resolverd\n"
	      "  -s PATH   ask the daemon that listens there\n"
	      "  -j        print JSON, for commands that do\n"
	      "  -h        print this\n"
	      "  -V        print the versions\n",
	    out);
}

static int
run_help(const struct call *call)
{
	print_usage(call, stdout);
	return COMMAND_OK;
}

static int
run_version(const struct call *call)
{
	(void)call;
	arguments_print_version("resolverctl", stdout);
	return COMMAND_OK;
}

/* What may stand in a command's place. */
static const struct {
	const char *name;
	int (*run)(const struct call *call);
} globals[] = {
    {"-h", run_help},
    {"--help", run_help},
    {"help", run_help},
    {"-V", run_version},
    {"--version", run_version},
};

static const struct command *
find_command(const struct call *call, const char *name)
{
	for (size_t i = 0; i < call->count; i++) {
		if (strcmp(name, call->commands[i].name) == 0)
			return &call->commands[i];
	}
	return NULL;
}

/* An option of a command that comes after it. */
static void
print_order(const struct call *call)
{
	const struct command *command = NULL;

	for (int i = call->at + 1; i < call->argc && command == NULL; i++)
		command = find_command(call, call->argv[i]);
	if (call->argv[call->at][0] == '-' && command != NULL) {
		fprintf(stderr,
		    "; a command's own options follow it: 'resolverctl %s %s'",
		    command->name, call->argv[call->at]);
	}
}

static int
complain_unknown(const struct call *call)
{
	const char *given = call->argv[call->at];
	const char **names = calloc(call->count, sizeof(*names));
	const char *nearest = NULL;

	for (size_t i = 0; names != NULL && i < call->count; i++)
		names[i] = call->commands[i].name;
	if (names != NULL)
		nearest = text_nearest(given, names, call->count);
	fprintf(stderr, "resolverctl: unknown %s '%s'",
	    given[0] == '-' ? "option" : "command", given);
	if (nearest != NULL)
		fprintf(stderr, " (did you mean '%s'?)", nearest);
	print_order(call);
	fputs("\nresolverctl: try 'resolverctl --help'\n", stderr);
	free(names);
	return COMMAND_ERROR;
}

/* Options that may stand before the command, for it. */
static const struct {
	const char *letter;
	const char *name;
	bool has_value;
} early[] = {
    {"-c", "--config", true},
    {"-s", "--socket", true},
    {"-j", "--json", false},
};

/*
 * How many arguments such an option is, its value included; 0: it is something
 * else.
 */
static int
early_span(const char *argument)
{
	for (size_t i = 0; i < sizeof(early) / sizeof(early[0]); i++) {
		const size_t len = strlen(early[i].name);

		if (strcmp(argument, early[i].letter) == 0 ||
		    strcmp(argument, early[i].name) == 0)
			return early[i].has_value ? 2 : 1;
		if (early[i].has_value &&
		    (strncmp(argument, early[i].letter, 2) == 0 ||
			(strncmp(argument, early[i].name, len) == 0 &&
			    argument[len] == '=')))
			return 1;
	}
	return 0;
}

/* Brings the command's name before the options that it came after. */
static void
bring_forward(struct call *call)
{
	char *name = call->argv[call->at];

	for (int i = call->at; i > 1; i--)
		call->argv[i] = call->argv[i - 1];
	call->argv[1] = name;
	call->at = 1;
}

static int
run_named(struct call *call)
{
	const char *name = call->argv[call->at];
	const struct command *command = find_command(call, name);

	for (size_t i = 0; i < sizeof(globals) / sizeof(globals[0]); i++) {
		if (strcmp(name, globals[i].name) == 0)
			return globals[i].run(call);
	}
	if (command == NULL)
		return complain_unknown(call);
	bring_forward(call);
	return command->run(call->argc - 1, call->argv + 1);
}

int
command_run(const struct command *commands, size_t count, int argc, char **argv)
{
	struct call call = {
	    .commands = commands,
	    .count = count,
	    .argc = argc,
	    .argv = argv,
	    .at = 1,
	};
	int span;

	all = commands;
	all_count = count;
	while (call.at < argc && (span = early_span(argv[call.at])) > 0)
		call.at += span;
	if (call.at > argc) {
		fprintf(stderr, "resolverctl: '%s' needs a value\n",
		    argv[argc - 1]);
		return COMMAND_ERROR;
	}
	if (call.at == argc) {
		print_usage(&call, stderr);
		return COMMAND_ERROR;
	}
	return run_named(&call);
}
