#ifndef CORE_RESPOND_H
#define CORE_RESPOND_H

#include <stdint.h>

#include "core/query.h"

struct engine;

/*
 * Adds an RRset owned by the name at hand to the answer section, beginning
 * with a record of its own each time (the fact sheet's section 4: the order
 * is random).
 */
void respond_add(struct engine *engine, struct query *query,
    const struct rrset *rrset);

/* STEP_ADOPT: the upstream answer at hand becomes the client's. */
enum step
respond_adopt_step(struct engine *engine, struct query *query, uint64_t now);

/* STEP_FAIL: SERVFAIL, with engine->why and its text. */
enum step
respond_fail_step(struct engine *engine, struct query *query, uint64_t now);

/* STEP_ENCODE: writes the reply into query->out. */
enum step
respond_encode_step(struct engine *engine, struct query *query, uint64_t now);

#endif
