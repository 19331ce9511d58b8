#ifndef CONFIG_EXPORT_SHELL_H
#define CONFIG_EXPORT_SHELL_H

#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"

/*
 * Words of a shell command and of gcloud's own syntax in them.  The shell
 * takes nothing in a text for its own, and gcloud no part of it for a comma of
 * its lists.
 */

/* Writes text as one word, in quotes where it needs them. */
void export_shell_word(const char *text, FILE *out);

/* Begins a line of the command with an argument as it stands. */
void export_shell_flag(const char *argument, FILE *out);

/* The same with "NAME=TEXT". */
void export_shell_flag_text(const char *name, const char *text, FILE *out);

/* Texts, count of them, as gcloud takes a list; arena is for the making. */
struct export_shell_list {
	const char *const *texts;
	size_t count;
	struct arena *arena;
};

/*
 * The same with "NAME=LIST".  Returns what stands between the texts: a comma,
 * or what none of them has in it (gcloud topic escaping).
 */
const char *export_shell_flag_list(const char *name,
    const struct export_shell_list *list, FILE *out);

/*
 * The texts as one with a separator of one letter, for which gcloud has no
 * escaping: in them it stands as \DDD.
 */
const char *
export_shell_join(const struct export_shell_list *list, char separator);

#endif
