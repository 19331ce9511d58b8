#ifndef CTL_REMOTE_SOCKET_H
#define CTL_REMOTE_SOCKET_H

#include "base/arena.h"

/*
 * Where the daemon is asked when no option says: $RESOLVERCTL_SOCKET, else
 * what resolverd's configuration says if it can be read.  NULL: neither says
 * anything.  In arena, or the environment's.
 */
const char *remote_socket_find(struct arena *arena);

#endif
