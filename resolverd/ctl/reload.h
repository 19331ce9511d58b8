#ifndef CTL_RELOAD_H
#define CTL_RELOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "core/snapshot.h"
#include "ctl/arguments.h"
#include "io/boot.h"
#include "model/model.h"

struct fleet;
struct health;

/* Room for what reload_summary writes. */
enum { RELOAD_SUMMARY = 512 };

/*
 * Adds to a model that was loaded what the system knows: its name servers
 * where none were given (their absence is logged), the host's networks where
 * nobody said who is served.  Compiles it then; NULL with an error in diag.
 */
struct snapshot *
reload_compile(struct model *model, const struct boot *boot, struct diag *diag);

/*
 * Reads the configuration again and has the workers and the health checks use
 * it.  When anything is wrong all of it goes to the log, and nothing changes.
 * running is the model at start.
 */
bool reload_run(struct fleet *fleet, struct health *health,
    const struct arguments *arguments, const struct boot *boot,
    const struct model *running);

/* One line on what a completed model does: mode and servers. */
const char *reload_summary(const struct model *model, char buf[RELOAD_SUMMARY]);

#endif
