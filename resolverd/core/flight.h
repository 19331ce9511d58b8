#ifndef CORE_FLIGHT_H
#define CORE_FLIGHT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/crowd.h"
#include "core/query.h"

enum {
	FLIGHT_BUCKETS = 1024,
	FLIGHT_WAITERS = 256, /* for one answer */
	/* Answers that one release may send to one client: whoever collects
	 * more in another's name makes a hammer of them (DNSBomb). */
	FLIGHT_PULSE = 200,
};

/*
 * The questions that are out: equal ones share one exchange, so that nobody
 * can have many copies of a question open to guess at (RFC 5452 section 5),
 * and all parked queries by the room they take.  Zeroed: none.
 */
struct flight {
	struct query *buckets[FLIGHT_BUCKETS];
	struct crowds crowds;
};

/*
 * The query that already asks the same question (name, type, DO, CD, group)
 * of the same snapshot's group, or NULL.
 */
struct query *flight_find(struct flight *flight, const struct query *query);

/* Whether leader has room for query among those that wait for it. */
bool flight_has_room(const struct query *leader, const struct query *query);

/* Parks a query as the one that asks. */
void flight_lead(struct flight *flight, struct query *query);

/* Parks a query that asks nothing yet. */
void flight_sleep(struct flight *flight, struct query *query);

/* Parks a query as one that waits for leader. */
void
flight_join(struct flight *flight, struct query *query, struct query *leader);

/*
 * Takes a parked query out and returns, linked by next_waiter, the queries
 * that waited for it: they are parked no longer either.
 */
struct query *flight_leave(struct flight *flight, struct query *query);

/* The same for the waiters alone: who asks goes on. */
struct query *flight_release(struct flight *flight, struct query *query);

/* How many are parked. */
unsigned flight_parked(const struct flight *flight);

#endif
