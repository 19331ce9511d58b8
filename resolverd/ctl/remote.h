#ifndef CTL_REMOTE_H
#define CTL_REMOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "config/node.h"

/* A running daemon, asked over its control socket by resolverctl. */
struct remote {
	const char *command;
	const char *socket; /* NULL: where daemons have it */
	char *text;	    /* the answer as it came */
	size_t len;
	struct arena arena;
	const struct node *answer; /* the same as a map, in arena */
};

/* What is said beside the command's name: one of three; not set: not said. */
struct remote_argument {
	const char *name;
	const char *text;
	const uint64_t *number;
	bool flag;
};

/*
 * Asks and waits for the answer.  False after saying on stderr what is wrong,
 * the daemon's own errors included.  command and socket are set.  Either way
 * remote_close is due.
 */
bool remote_ask(struct remote *remote, const struct remote_argument *arguments,
    size_t count);

/* Who listens to a stream, and how long. */
struct remote_listener {
	/* Takes a line, as text without its end and as a map; false: enough. */
	bool (*line)(void *context, const char *text, const struct node *map);
	/* Called after each wait, whatever ended it; false: enough.  NULL. */
	bool (*pass)(void *context);
	int fd;	     /* what comes from here ends a wait too; -1 */
	int wait_ms; /* at most; -1: as long as it takes */
	void *context;
};

/*
 * Asks for a stream, and hands on what comes until it was enough or the daemon
 * has ended it.  False after saying on stderr what is wrong, as above.
 */
bool
remote_follow(struct remote *remote, const struct remote_argument *arguments,
    size_t count, const struct remote_listener *listener);

/* Frees the answer. */
void remote_close(struct remote *remote);

/* A number of the answer, or of a map within it; 0 when there is none. */
unsigned long long remote_number(const struct node *map, const char *key);

/* Likewise a text; NULL when there is none. */
const char *remote_text(const struct node *map, const char *key);

/* Whether a member is there and true. */
bool remote_flag(const struct node *map, const char *key);

/* The first entry of a list, to be followed by next; NULL: there is none. */
const struct node *remote_list(const struct node *map, const char *key);

#endif
