#ifndef CTL_SETUP_RUN_H
#define CTL_SETUP_RUN_H

#include <stdbool.h>
#include <stddef.h>

/* What is said to a service after its files were changed. */

enum { SETUP_RUN_OUTPUT = 2048, SETUP_RUN_COMMAND = 128 };

/* The command that an action's word stands for; NULL: it is none. */
const char *setup_run_command(const char *action, char buf[SETUP_RUN_COMMAND]);

/*
 * Whether the command runs what other packages have put in its way, too, so
 * that its failure may be theirs: what it was to do is to be looked at.
 */
bool setup_run_has_hooks(const char *action);

/*
 * Runs it, without a shell, for half a minute at most.  False: output, cut to
 * SETUP_RUN_OUTPUT octets, says why.
 */
bool setup_run(const char *action, char output[SETUP_RUN_OUTPUT]);

#endif
