#ifndef CTL_LOOKUP_H
#define CTL_LOOKUP_H

#include <stdbool.h>

#include "core/snapshot.h"
#include "ctl/discovery.h"
#include "ctl/fleet.h"
#include "ctl/targets.h"
#include "io/boot.h"
#include "model/model.h"

struct event_base;
struct inquiry;

/*
 * A configuration file put to work inside this process: a worker like the
 * daemon's, that listens nowhere and answers inquiries.
 */
struct lookup_session {
	struct model model;
	struct boot boot;
	struct fleet fleet;
	struct event_base *base; /* the targets'; runs at the start alone */
	struct targets targets;
	struct discovery discovery;	 /* looks once */
	const struct snapshot *snapshot; /* a reference of its own */
};

/* How many inquiries should wait at a time. */
enum { LOOKUP_INQUIRIES = 64 };

/*
 * Reads and compiles config (NULL: the one that the daemon would read), starts
 * the worker, and looks up the targets that are given by name.  False after
 * saying on stderr what is wrong, as the daemon does; then there is nothing to
 * close.
 */
bool lookup_open(struct lookup_session *session, const char *config);
void lookup_close(struct lookup_session *session);

/* Asks; inquiry->answered is called out of lookup_wait. */
void lookup_ask(struct lookup_session *session, struct inquiry *inquiry);

/* Waits for inquiries to come back and delivers them; some is out. */
void lookup_wait(struct lookup_session *session);

/* Gives back what an inquiry with a witness held. */
void lookup_release(const struct inquiry *inquiry);

/*
 * Has inquiry ask as a network's or a GKE cluster's client, by name; false
 * after a complaint by command that lists the ones there are.
 */
bool lookup_view(const struct lookup_session *session, const char *command,
    const char *name, struct inquiry *inquiry);

/* The view that an inquiry is answered in. */
const struct view *lookup_view_of(const struct lookup_session *session,
    const struct inquiry *inquiry);

#endif
