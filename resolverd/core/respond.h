#ifndef CORE_RESPOND_H
#define CORE_RESPOND_H

#include <stdbool.h>
#include <stdint.h>

#include "core/query.h"
#include "core/zone.h"

struct cache_plain;
struct engine;
struct mould;

/*
 * Adds what a name holds of a type, owned by the name at hand, to the answer
 * section; by its routing policy if it has one, and beginning with a record
 * of its own each time (the fact sheet's section 4: the order is random).
 * Returns the RRset added, which lives until the query is answered, or NULL
 * when there is no room.
 */
const struct rrset *respond_add(struct engine *engine, struct query *query,
    const struct zone_set *set);

/*
 * STEP_ADOPT: the upstream answer at hand becomes the client's, up to the
 * first CNAME whose target others answer for (section 1.5).
 */
enum step
respond_adopt_step(struct engine *engine, struct query *query, uint64_t now);

/* STEP_FAIL: SERVFAIL, with engine->why and its text. */
enum step
respond_fail_step(struct engine *engine, struct query *query, uint64_t now);

/*
 * Writes the reply into query->out from a mould; false when it is too long for
 * this client.
 */
bool respond_pour(struct engine *engine, struct query *query,
    const struct mould *mould);

/* The same from a plain answer of the cache. */
bool respond_plain(struct engine *engine, struct query *query,
    const struct cache_plain *plain);

/* STEP_ENCODE: writes the reply into query->out. */
enum step
respond_encode_step(struct engine *engine, struct query *query, uint64_t now);

#endif
