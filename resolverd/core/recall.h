#ifndef CORE_RECALL_H
#define CORE_RECALL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/query.h"

struct cache_plain;
struct engine;

/*
 * What upstream servers said before: looking it up, and keeping it.
 *
 * An answer past its time still serves in a group that is `stale`, for
 * cache_max_stale, while the servers do not answer (RFC 8767): when they have
 * failed, when a client has waited for 1.8 s, and at once within 5 s of
 * either; then a question of the engine's own goes on asking.  Only NOERROR
 * serves like that: that a name was missing is no reason to believe that it
 * still is, and nobody can work with it.  What servers say now, also that there
 * is no such name, takes the place of what they said.
 *
 * A failure is kept apart from the answer, for cache_failure_ttl (RFC 9520).
 */
#define RECALL_PATIENCE UINT64_C(1800000000)

/* STEP_CACHE: an answer that was fetched before, or on to STEP_FORWARD. */
enum step recall_step(struct engine *engine, struct query *query, uint64_t now);

/* Keeps the reply at hand as far as it may be kept. */
void
recall_keep(struct engine *engine, const struct query *query, uint64_t now);

/*
 * The servers failed, as engine->why and its text say: keeps that, and true
 * when there is a stale answer, which then is the reply at hand.
 */
bool
recall_fail(struct engine *engine, const struct query *query, uint64_t now);

/* The same where it is not the servers' fault: nothing is kept. */
bool
recall_rescue(struct engine *engine, const struct query *query, uint64_t now);

/*
 * A new snapshot is in use: drops what was kept of names that lead elsewhere
 * now, so that it does not come back should they lead here once more.
 */
void recall_sweep(struct engine *engine);

/* When a parked query must be looked at again: it may lose its patience. */
uint64_t recall_until(const struct query *query);

/* Whether that is what happens now. */
bool recall_is_late(const struct query *query, uint64_t now);

/*
 * Answers it from what is stale, and with it all who wait for it, while it
 * stays parked and goes on asking: see query_go_on.  STEP_WAIT when there is
 * nothing any more.
 */
enum step
recall_late_step(struct engine *engine, struct query *query, uint64_t now);

/*
 * What it was answered with early leads on to another question: it leaves its
 * own to an errand.
 */
void recall_hand_over(struct engine *engine, struct query *query);

/*
 * The kept answer to a question, if it is fresh, for a while, and plain, and
 * nothing has to be looked at but its TTL.
 */
bool recall_plain(struct engine *engine, const struct query *query,
    uint64_t now, struct cache_plain *plain);

#endif
