#ifndef CTL_DISCOVERY_H
#define CTL_DISCOVERY_H

#include <stdbool.h>

#include "base/addr.h"
#include "core/upstream.h"
#include "ctl/system_servers.h"
#include "ctl/watch.h"
#include "model/model.h"

struct boot;
struct event_base;

/* The system's servers are others now: compile the model anew. */
typedef void (*discovery_changed_fn)(void *context);

/*
 * What `auto` among the upstream servers stands for: the system's own name
 * servers, never this daemon.  They are followed while some model has it.
 * Those known stay in use when the system names none, or none but this daemon,
 * any more: that is what its setup makes of the system.  In the control thread.
 */
struct discovery {
	const struct boot *boot;
	struct own_addresses own; /* at the last look; models refer to it */
	struct system_servers known;
	struct addr addrs[UPSTREAM_SERVERS]; /* of known: models refer to it */
	const char *absence;		     /* why the last look found none */
	bool kept;   /* what is known, for want of others, and that was said */
	bool untold; /* what is known is served by no model yet */
	bool following;
	struct watch watch;
	discovery_changed_fn changed;
	void *context;
};

/* boot outlives it. */
void discovery_init(struct discovery *discovery, const struct boot *boot);

/*
 * Finds, for a model that is to be used, this daemon's own addresses and if it
 * has `auto` the system's servers.  That some of its servers are our own, or
 * that it has none, goes to the log.
 */
void discovery_find(struct discovery *discovery, const struct model *model);

/*
 * Tells a model, before it is compiled, what was found.  The model refers to
 * it until the discovery ends.
 */
void discovery_tell(struct discovery *discovery, struct model *model);

/*
 * Follows the system's servers if a model that is in use now, and was told of
 * them, has `auto`.
 */
void discovery_follow(struct discovery *discovery, const struct model *model,
    struct event_base *base, discovery_changed_fn changed, void *context);

/* Where an upstream server came from: a file; NULL: it is not one of them. */
const char *
discovery_source(const struct discovery *discovery, const struct addr *server);

void discovery_stop(struct discovery *discovery);

#endif
