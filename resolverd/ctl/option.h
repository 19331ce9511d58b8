#ifndef CTL_OPTION_H
#define CTL_OPTION_H

#include <stdbool.h>
#include <stddef.h>

/*
 * An option of a command.  What was given is stored at an offset of the
 * command's own struct: a flag as bool, a value as const char * into argv, and
 * one whose name ends in "..." with others like it in a struct option_list.
 */
struct option_row {
	const char *name;  /* without the dashes */
	char letter;	   /* '\0': none */
	const char *value; /* its name in the help; NULL: a flag */
	const char *help;
	size_t at;
};

enum { OPTION_ANY = -1 };

struct option_table {
	const char *command;
	const char *arguments; /* in the usage line */
	int operands;	       /* at most, or OPTION_ANY */
	const char *help;      /* what the command does, a line or more */
	const struct option_row *rows;
	size_t count;
};

enum { OPTION_LIST = 16 };

/* The values of an option that may be given more than once, in order. */
struct option_list {
	const char *items[OPTION_LIST];
	size_t count; /* given; those past OPTION_LIST are not kept */
};

enum option_outcome {
	OPTION_GO,   /* *first is the index of the first operand */
	OPTION_DONE, /* the help was asked for and printed */
	OPTION_BAD,  /* a complaint was printed to stderr */
};

enum { OPTION_ROWS = 16 }; /* a table has no more */

/*
 * Reads a command's options, in GNU's way: anywhere, --name=value, names cut
 * short where one fits.  argv[0] is the command; target its zeroed struct.
 */
enum option_outcome option_parse(const struct option_table *table, void *target,
    int argc, char **argv, int *first);

/*
 * The same, and no more operands than the table grants.  True: *number is the
 * index of the first operand.  False: everything is said, and *number is the
 * exit status.
 */
bool option_read(const struct option_table *table, void *target, int argc,
    char **argv, int *number);

/*
 * From now on option_parse hands its table to show, reads nothing and returns
 * OPTION_DONE: so the commands tell their options.  NULL ends it.
 */
typedef void (*option_show_fn)(void *context, const struct option_table *table);
void option_show(option_show_fn show, void *context);

/* Complains "resolverctl COMMAND: ..." and where to look; always OPTION_BAD. */
enum option_outcome option_complain(const char *command, const char *format,
    ...) __attribute__((format(printf, 2, 3)));

#endif
