#ifndef CTL_DRIFT_H
#define CTL_DRIFT_H

#include <event2/event_struct.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "ctl/own_addresses.h"
#include "ctl/resolv_owner.h"
#include "ctl/watch.h"

struct boot;
struct event_base;

/* Whether the programs of this machine ask this daemon. */
enum drift_state {
	DRIFT_UNKNOWN, /* nobody has looked yet, or resolv.conf is unreadable */
	DRIFT_USED,    /* resolv.conf names it first, or who is named asks it */
	DRIFT_OTHER,   /* resolv.conf names another first, or nobody */
};

enum { DRIFT_TEXT = 256 };

/* What /etc/resolv.conf makes of this machine. */
struct drift_view {
	enum drift_state state;
	enum resolv_owner owner;
	bool set_up; /* resolverctl setup has been here, and was not undone */
	char text[DRIFT_TEXT]; /* who is asked: "10.0.0.2", or by which way */
};

/*
 * Looks at the files under a root directory; own are the addresses at which
 * the daemon is asked.
 */
void
drift_look(int root, const struct own_addresses *own, struct drift_view *view);

/*
 * Follows them for as long as the daemon runs, in the control thread.  That
 * somebody takes this machine away from it is a line in the log.
 */
struct drift {
	const struct boot *boot;
	struct drift_view view; /* at the last look */
	int64_t since;		/* the view's state, ns since 1970 */
	uint64_t lost;		/* how often another has taken its place */
	int root;
	struct own_addresses own;
	struct log_gate gate;
	struct event again; /* what the gate held back is told a second later */
	struct watch watch;
	void (*changed)(void *context); /* told of another view; or NULL */
	void *context;
};

/* boot outlives it. */
void drift_start(struct drift *drift, const struct boot *boot,
    struct event_base *base);

/* Nothing when it was not started. */
void drift_stop(struct drift *drift);

/* "unknown", "used", "other" */
const char *drift_state_text(enum drift_state state);

#endif
