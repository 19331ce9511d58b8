#ifndef CTL_TARGETS_H
#define CTL_TARGETS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/model.h"

struct event_base;
struct fleet;
struct target;

/* Some target's addresses are others now: compile the model anew. */
typedef void (*targets_changed_fn)(void *context);

/*
 * The forwarding targets and alternative name servers that a configuration
 * gives by name (the fact sheet's section 6.1, kind 4).  They are looked up by
 * our own workers, as a client in the network that uses them would, and again
 * when their TTL is over; a name that cannot be found keeps the addresses that
 * it had.  In the control thread.
 */
struct targets {
	struct fleet *fleet;
	struct event_base *base;
	targets_changed_fn changed;
	void *context;
	struct target *first;
	struct model_resolved *resolved; /* what models refer to */
};

/* fleet and base outlive it. */
void targets_init(struct targets *targets, struct fleet *fleet,
    struct event_base *base, targets_changed_fn changed, void *context);

/*
 * Tells a model, before it is compiled, what is known of its names' addresses.
 * The model refers to it until the next call of any of these functions.
 */
void targets_tell(struct targets *targets, struct model *model);

/* Looks the names of a model up that is in use now, and no others any more. */
void targets_follow(struct targets *targets, const struct model *model);

/* How many names have never been found. */
size_t targets_unknown(const struct targets *targets);

/*
 * Forgets all names; before the fleet is stopped, which brings home what is
 * still asked.
 */
void targets_stop(struct targets *targets);

#endif
