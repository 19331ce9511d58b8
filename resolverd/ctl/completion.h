#ifndef CTL_COMPLETION_H
#define CTL_COMPLETION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "ctl/command.h"
#include "ctl/option.h"

/*
 * What can be typed, for shells to complete: the commands and options out of
 * the very tables that read them.
 */

enum { COMPLETION_WORDS = 256 };

/* What may stand somewhere. */
struct completion_values {
	bool files;
	bool names;		      /* domain names of the configuration */
	char words[COMPLETION_WORDS]; /* a space between them */
};

/* What an option's value may be, by its name in the help. */
void completion_of_value(struct completion_values *values, const char *value);

/* What a command's operands may be, by its usage line. */
void completion_of_operands(struct completion_values *values,
    const struct option_table *table);

/* A command's option table; commands that have none are left out. */
const struct option_table *completion_table(const struct command *command);

/* A script for a shell, with functions for both programs. */
typedef void (*completion_script_fn)(FILE *out);
void completion_bash(FILE *out);
void completion_zsh(FILE *out);
void completion_fish(FILE *out);

/* Writes text in single quotes, each of its own as `quote`. */
void completion_quoted(const char *text, const char *quote, FILE *out);

#endif
