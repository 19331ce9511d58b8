#ifndef CORE_FORWARD_H
#define CORE_FORWARD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/query.h"

struct engine;
struct errand;

/*
 * The way to the upstream servers and back.  A query has 4 s in all (the fact
 * sheet's section 1.3), however many CNAMEs it follows; a question goes to the
 * next server when one is silent, out of reach, or fails, and an answer to
 * either of the last two transmissions is taken.  core/ask says how it goes
 * out, core/judge what is made of what comes back.
 */
#define FORWARD_BUDGET UINT64_C(4000000000)

/* A probe has less: either the server is there or it is not. */
#define FORWARD_PROBE  UINT64_C(1000000000)

/* STEP_FORWARD: parks the query; asks, or joins who asks the same. */
enum step
forward_step(struct engine *engine, struct query *query, uint64_t now);

/* A question of our own: the query, a free slot, is an orphan. */
enum step forward_errand(struct engine *engine, struct query *query,
    const struct errand *errand, uint64_t now);

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
 * What transmission `slot` brought is no answer, and its server is of no use
 * for this question.
 */
enum step forward_failed(struct query *query, unsigned slot, struct fate fate);

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
