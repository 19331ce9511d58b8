#ifndef CTL_DAEMON_H
#define CTL_DAEMON_H

#include "ctl/arguments.h"
#include "ctl/exit_code.h"

/*
 * resolverd -t: checks the configuration, prints everything that is wrong on
 * stderr, "configuration OK" when nothing is, and with -v the configuration
 * as understood.
 */
enum exit_code daemon_check(const struct arguments *arguments);

/* Serves until it is told to stop. */
enum exit_code daemon_run(const struct arguments *arguments);

#endif
