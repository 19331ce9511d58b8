#ifndef IO_TRACE_H
#define IO_TRACE_H

#include <stdbool.h>

struct log_gate;
struct query;

/*
 * A line of the debugging log for each step of a query that a person would
 * want to see.  Cold: uses stdio; call it only where the log takes it.
 */

/*
 * It is answered by the engine's last call; the snapshots that the engine has
 * retired since are still there.
 */
void trace_answer(const struct query *query);

/* query->ask goes to a server. */
void trace_ask(const struct query *query);

/*
 * Warns of an answer from outside with inside addresses, at most once a
 * second: the gate is the worker's.
 */
void trace_inside(struct log_gate *gate, const struct query *query);

#endif
