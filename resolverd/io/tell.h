#ifndef IO_TELL_H
#define IO_TELL_H

#include <stdint.h>

struct addr;
struct query;
struct worker;

/*
 * Each answer is told of once, just before it goes out: to the log, the
 * histogram of latencies, and who reads along.
 */

/*
 * It was answered as it came, at `local`.  Those of one event are counted
 * together by tell_settle, which says when the event began.
 */
void tell_at_once(struct worker *worker, const struct query *query,
    const struct addr *local);
void tell_settle(struct worker *worker, uint64_t began_at);

/* It was parked, and is answered by what happened at `now`. */
void tell_parked(struct worker *worker, const struct query *query,
    const struct addr *local, uint64_t now);

/* Likewise one that no client asked: the daemon itself, or an explanation. */
void
tell_inquiry(struct worker *worker, const struct query *query, uint64_t now);

#endif
