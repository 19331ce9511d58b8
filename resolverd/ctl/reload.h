#ifndef CTL_RELOAD_H
#define CTL_RELOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/diag.h"
#include "core/snapshot.h"
#include "ctl/arguments.h"
#include "model/model.h"

struct discovery;
struct serving;

/* Room for what reload_summary writes. */
enum { RELOAD_SUMMARY = 1024 };

/*
 * Adds to a model that was loaded what the system knows: its name servers
 * where none were given (their absence is logged), the host's networks where
 * nobody said who is served.
 */
void reload_complete(struct model *model, struct discovery *discovery);

/*
 * Reads the configuration again and serves it.  When anything is wrong all of
 * it goes to the log, and nothing changes.  started is the model at start.
 * report, unless it is NULL, gets what is wrong or strange, a line each.
 */
bool reload_run(struct serving *serving, const struct arguments *arguments,
    const struct model *started, FILE *report);

/* "restricted" and so on. */
const char *reload_mode_text(enum mode mode);

/* One line on what a completed model does: mode and servers. */
const char *reload_summary(const struct model *model, char buf[RELOAD_SUMMARY]);

#endif
