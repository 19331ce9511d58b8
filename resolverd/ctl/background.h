#ifndef CTL_BACKGROUND_H
#define CTL_BACKGROUND_H

#include <stdbool.h>

#include "ctl/exit_code.h"

/* Whether a service manager runs us: then we stay where it put us. */
bool background_is_supervised(void);

/*
 * Goes to the background.  Returns in the child the descriptor for
 * background_report, or -1 with errno set; the parent does not return: it
 * exits with what the child reports, so that whoever started the daemon knows
 * whether it runs.
 */
int background_start(void);

/*
 * Tells the parent how the start went, and lets go of the terminal when it
 * went well.  fd -1: there is no parent that waits, and nothing happens.
 */
void background_report(int fd, enum exit_code code);

#endif
