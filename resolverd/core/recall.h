#ifndef CORE_RECALL_H
#define CORE_RECALL_H

#include <stdint.h>

#include "core/query.h"

struct engine;

/*
 * What upstream servers said before: looking it up, and keeping it.
 */

/* STEP_CACHE: an answer that was fetched before, or on to STEP_FORWARD. */
enum step recall_step(struct engine *engine, struct query *query, uint64_t now);

/* Keeps the reply at hand as far as it may be kept. */
void
recall_keep(struct engine *engine, const struct query *query, uint64_t now);

/* Keeps, for a while, that the servers failed (RFC 9520 section 3.2). */
void recall_keep_failure(struct engine *engine, const struct query *query,
    uint64_t now);

#endif
