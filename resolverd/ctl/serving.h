#ifndef CTL_SERVING_H
#define CTL_SERVING_H

#include <stdbool.h>

#include "core/snapshot.h"
#include "ctl/discovery.h"
#include "ctl/fleet.h"
#include "ctl/health.h"
#include "ctl/loop_watch.h"
#include "ctl/mode.h"
#include "ctl/targets.h"
#include "io/tls.h"
#include "model/model.h"

struct boot;
struct event_base;

/*
 * The configuration that is served at present, and what follows it: workers,
 * health checks, the names of targets, the system's name servers, servers that
 * lead back.  In the control thread.
 */
struct serving {
	const struct boot *boot;
	struct event_base *base;
	struct discovery discovery;
	struct fleet fleet;
	struct health health;
	struct targets targets;
	struct loop_watch loops;
	struct model *model;	/* borrowed at first, then of replaced */
	struct model *replaced; /* the heap's; NULL: that of the start */
	struct tls *tls;	/* the model's, or NULL */
	const struct snapshot *current; /* with a reference of its own */
	/* Told of each model that takes the place of another; or NULL. */
	void (*replaced_by)(void *context, const struct model *model);
	void *context;
};

/*
 * Before anything else: what models are completed with (reload_complete).  tls
 * is what the first one takes (trust_read), to be set until serving_start.
 */
void serving_init(struct serving *serving, const struct boot *boot);

/*
 * Starts the workers with a snapshot, whose reference passes to them.  model
 * outlives it all.  False after a log line.
 */
bool serving_start(struct serving *serving, struct model *model,
    const struct snapshot *snapshot);

/* Starts the health checks and lookups in the control thread's loop. */
void serving_follow(struct serving *serving, struct event_base *base);

/*
 * Compiles another model, which was completed (reload_complete), and serves it
 * from now on.  It must come from malloc, and is owned from here on; false
 * when it was not taken and is still the caller's, with an error in diag.
 */
bool serving_replace(struct serving *serving, struct model *model,
    struct diag *diag);

/*
 * Serves the same model in another mode from now on.  False when that cannot
 * be, with an error in diag: then nothing changed.
 */
bool serving_change_mode(struct serving *serving,
    const struct mode_choice *choice, struct diag *diag);

/* Ends everything; nothing when it was not started. */
void serving_stop(struct serving *serving);

#endif
