#ifndef CTL_WHOM_H
#define CTL_WHOM_H

#include <stdbool.h>

#include "base/addr.h"

/* Which server resolverctl asks over DNS. */

/*
 * A server that a person named, "10.0.0.2", "[::1]:5353" or with dig's @
 * before it; false after complaining as the command.
 */
bool whom_parse(const char *command, const char *text, struct addr *out);

/*
 * Where the daemon of a configuration listens first (NULL: of the one that it
 * would read), by loopback when that is everywhere.  False when the file, which
 * was named, cannot be used; what is wrong is on stderr then.
 */
bool whom_daemon(const char *config, struct addr *out);

#endif
