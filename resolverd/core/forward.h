#ifndef CORE_FORWARD_H
#define CORE_FORWARD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/query.h"

struct engine;
struct errand;

/*
 * The way to the upstream servers and back.  A query has 4 s in all (the fact
 * sheet's section 1.3), however many CNAMEs it follows; a question is sent
 * again, to the next server if there is one, after 500 ms, 750 ms and then
 * every second, and an answer to either of the last two transmissions is taken.
 * A truncated answer is asked for again by TCP, and a server that turns EDNS
 * down is asked without it.
 */
#define FORWARD_BUDGET UINT64_C(4000000000)

/* STEP_FORWARD: parks the query; asks, or joins who asks the same. */
enum step
forward_step(struct engine *engine, struct query *query, uint64_t now);

/* A question of our own: the query, a free slot, is an orphan. */
enum step forward_errand(struct engine *engine, struct query *query,
    const struct errand *errand, uint64_t now);

/* STEP_MATCH: engine->incoming is the answer, or is ignored. */
enum step
forward_match_step(struct engine *engine, struct query *query, uint64_t now);

/* STEP_NEXT: another transmission, or STEP_FAIL. */
enum step
forward_next_step(struct engine *engine, struct query *query, uint64_t now);

/* until has come: what was sent last was not answered in time. */
enum step
forward_timeout(struct engine *engine, struct query *query, uint64_t now);

/* Transmission `slot` could not be delivered. */
enum step forward_unreachable(struct engine *engine, struct query *query,
    unsigned slot, uint64_t now);

/*
 * Transmission `slot` was never made: we ran out of something.  Nobody is to
 * blame, and until still holds.
 */
void forward_lost(struct query *query, unsigned slot);

/*
 * Ends the wait of a parked query and of all who waited for it, with the reply
 * at hand or the reason why there is none.
 */
void forward_settle(struct engine *engine, struct query *query, bool answered);

/* The same for those who wait alone: the query goes on asking. */
void forward_release(struct engine *engine, struct query *query, bool answered);

#endif
