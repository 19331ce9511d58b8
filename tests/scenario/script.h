#ifndef SCENARIO_SCRIPT_H
#define SCENARIO_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * A scenario file as actions.  An action is a line of words; "quoted words" are
 * one, '#' begins a comment.  A line that begins with '|' belongs to the
 * action before it as a line of its block (a configuration), one that begins
 * with a section's name (answer, authority, additional) as one of its records.
 */
struct action {
	const char *file;
	unsigned line;
	size_t count;
	char **words;
	const char **at;      /* each word's place in the line as written */
	const char *block;    /* the '|' lines joined, or NULL */
	struct action *lines; /* the section lines */
	struct action *next;
};

/* Reads a file into arena; NULL, with a message on stderr, when it cannot. */
struct action *script_read(const char *path, struct arena *arena);

/* Prints "file:line: text" on stderr; always false. */
bool script_fail(const struct action *action, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * The index of the first word from `first` on that is not in the list of
 * options (ended by NULL; "name=" stands for an option with a value).
 */
size_t script_options(const struct action *action, size_t first,
    const char *const *options);

/* Whether all words from `first` on are options; else complains. */
bool script_only(const struct action *action, size_t first,
    const char *const *options);

/* Whether an option stands among the words. */
bool script_has(const struct action *action, const char *option);

/* The value of "name=", or NULL; name is given with its '='. */
const char *script_value(const struct action *action, const char *name);

/* The number of "name=", decimal or 0x; fallback when it is not there. */
unsigned
script_number(const struct action *action, const char *name, unsigned fallback);

#endif
