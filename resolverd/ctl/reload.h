#ifndef CTL_RELOAD_H
#define CTL_RELOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "model/model.h"

struct discovery;
struct json_writer;
struct standing;

/* Room for what reload_summary writes. */
enum { RELOAD_SUMMARY = 1024 };

/*
 * Adds to a model that was loaded what the system knows: its name servers
 * where none were given (their absence is logged), the host's networks where
 * nobody said who is served.
 */
void reload_complete(struct model *model, struct discovery *discovery);

/*
 * Reads the configuration again and serves it, in the mode that was ordered if
 * any.  When anything is wrong all of it goes to the log, and nothing changes.
 * report, unless it is NULL, gets what is wrong or strange (report_write).
 */
bool reload_run(struct standing *standing, struct json_writer *report);
/* One line on what a completed model does: mode and servers. */
const char *reload_summary(const struct model *model, char buf[RELOAD_SUMMARY]);

#endif
