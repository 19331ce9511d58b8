#ifndef CTL_ARGUMENTS_H
#define CTL_ARGUMENTS_H

#include <stdbool.h>
#include <stdio.h>

#include "config/load.h"
#include "ctl/option.h"

enum { ARGUMENTS_LIST = 16 }; /* -l and -u may each be given so often */

/*
 * The command line.  Its strings are argv's; overrides points into the
 * struct, which must therefore stay where it was filled.
 */
struct arguments {
	const char *config; /* NULL: no file */
	bool check;
	bool foreground;
	bool help;
	bool version;
	unsigned verbosity;
	const char *listen[ARGUMENTS_LIST];
	const char *upstreams[ARGUMENTS_LIST];
	struct load_overrides overrides;
};

/* False after a hint on stderr when the command line is not understood. */
bool arguments_parse(struct arguments *arguments, int argc, char **argv);

/*
 * The option at an index of the table, for completion: its letter, value and
 * help.  False past the last.
 */
bool arguments_option(size_t index, struct option_row *out);

/* What -h prints. */
void arguments_print_usage(FILE *out);

/* The version: "0.1.0". */
const char *arguments_version(void);

/* What -V prints: the program's version and its libraries'. */
void arguments_print_version(const char *program, FILE *out);

/* The configuration that is read when none is named; NULL: there is none. */
const char *arguments_default_config(void);

#endif
