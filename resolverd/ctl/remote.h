#ifndef CTL_REMOTE_H
#define CTL_REMOTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "config/node.h"
#include "ctl/control_request.h"

/* A running daemon, asked over its control socket by resolverctl. */
struct remote {
	const char *command;
	const char *socket; /* NULL: where daemons have it */
	char *text;	    /* the answer as it came */
	size_t len;
	struct arena arena;
	const struct node *answer; /* the same as a map, in arena */
};

/*
 * Asks and waits for the answer.  False after saying on stderr what is wrong,
 * the daemon's own errors included.  command and socket are set.  Either way
 * remote_close is due.
 */
bool
remote_ask(struct remote *remote, const struct control_arguments *arguments);

void remote_close(struct remote *remote);

/* A number of the answer, or of a map within it; 0 when there is none. */
unsigned long long remote_number(const struct node *map, const char *key);

/* Likewise a text; NULL when there is none. */
const char *remote_text(const struct node *map, const char *key);

#endif
