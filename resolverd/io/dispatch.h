#ifndef IO_DISPATCH_H
#define IO_DISPATCH_H

#include <stdint.h>

#include "core/engine.h"

struct deadline;
struct task;
struct worker;

/*
 * The engine's verdicts made deeds.  Each function also sees to the queries
 * that the engine set free together with the one at hand.
 */

/*
 * The task to start the next query in: the same one until dispatch_park.
 * When all are parked the oldest is answered SERVFAIL to make room.
 */
struct task *dispatch_task(struct worker *worker, uint64_t now);

/* Parks a query that engine_start did not answer; its recipient is set. */
void dispatch_park(struct task *task, enum verdict verdict, uint64_t now);

/*
 * Goes on until nothing is left that an event led to: waiters, questions that
 * could not be sent, queries that are too many, the engine's own questions.
 * The functions below do so; a batch of engine_start calls it once.
 */
void dispatch_settle(struct worker *worker, uint64_t now);

/* A message of an upstream server for a parked query. */
void dispatch_answer(struct task *task, const struct answer_packet *packet,
    uint64_t now);

/* Transmission `slot` of a parked query could not be delivered. */
void dispatch_unreachable(struct task *task, unsigned slot, uint64_t now);

/* Nor could it for want of a descriptor or memory; at any time. */
void dispatch_lost(struct task *task, unsigned slot);

/* A parked query's time has come; an alarm_due_fn. */
void dispatch_due(void *arg, struct deadline *deadline, uint64_t now);

/* Works with a new snapshot from now on, with the reference that comes. */
void dispatch_adopt(struct worker *worker, const struct snapshot *snapshot);

/*
 * Has the servers of the snapshot at hand asked whether they lead back here,
 * if that is this worker's part.
 */
void dispatch_check_loops(struct worker *worker);

/* Answers all parked queries SERVFAIL: the worker ends. */
void dispatch_stop(struct worker *worker);

#endif
