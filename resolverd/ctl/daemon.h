#ifndef CTL_DAEMON_H
#define CTL_DAEMON_H

#include "ctl/arguments.h"
#include "ctl/exit_code.h"

/* Serves until it is told to stop. */
enum exit_code daemon_run(const struct arguments *arguments);

#endif
