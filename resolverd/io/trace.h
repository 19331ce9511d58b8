#ifndef IO_TRACE_H
#define IO_TRACE_H

struct engine;
struct query;

/*
 * A line of the debugging log for each step of a query that a person would
 * want to see.  Cold: uses the heap and stdio; call it only when boot->trace
 * is set.
 */

/* It was answered without waiting for anybody: by a zone or the cache. */
void trace_answer_at_once(const struct query *query);

/*
 * It was parked and is answered by the engine's last call; the snapshots that
 * the engine has retired since are still there.
 */
void
trace_answer_parked(const struct engine *engine, const struct query *query);

/* query->ask goes to a server. */
void trace_ask(const struct query *query);

#endif
