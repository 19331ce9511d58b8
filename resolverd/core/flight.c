#include "core/flight.h"

#include <assert.h>

#include "core/snapshot.h"
#include "core/upstream.h"

/* What tells one question in flight from another. */
static bool
same_question(const struct query *a, const struct query *b)
{
	return a->flight_hash == b->flight_hash && a->type == b->type &&
	    a->request.edns.dnssec_ok == b->request.edns.dnssec_ok &&
	    (a->request.flags & FLAG_CD) == (b->request.flags & FLAG_CD) &&
	    a->group->id == b->group->id &&
	    name_equal(a->path.name.wire, b->path.name.wire);
}

static struct query **
flight_bucket(struct flight *flight, uint64_t hash)
{
	return &flight->buckets[hash % FLIGHT_BUCKETS];
}

struct query *
flight_find(struct flight *flight, const struct query *query)
{
	struct query *other = *flight_bucket(flight, query->flight_hash);

	while (other != NULL && !same_question(other, query))
		other = other->flight_next;
	return other;
}

static void
flight_park(struct flight *flight, struct query *query)
{
	assert(!query->parked);
	query->parked = true;
	crowd_join(&flight->crowds, query);
}

static void
flight_unpark(struct flight *flight, struct query *query)
{
	assert(query->parked);
	query->parked = false;
	crowd_leave(&flight->crowds, query);
}

/* Who cannot have been made up: nobody else hears what it is told. */
static bool
is_genuine(const struct query *query)
{
	return query->transport == TRANSPORT_TCP ||
	    addr_is_loopback(&query->client);
}

bool
flight_has_room(const struct query *leader, const struct query *query)
{
	unsigned same = addr_same_host(&leader->client, &query->client);

	if (leader->waiting >= FLIGHT_WAITERS)
		return false;
	/* Below this there cannot be too many of one. */
	if (leader->waiting + 1 < FLIGHT_PULSE || is_genuine(query))
		return true;
	for (const struct query *q = leader->waiters; q != NULL;
	     q = q->next_waiter)
		same += addr_same_host(&q->client, &query->client);
	return same < FLIGHT_PULSE;
}

void
flight_lead(struct flight *flight, struct query *query)
{
	struct query **bucket = flight_bucket(flight, query->flight_hash);

	query->role = FLIGHT_LEADER;
	query->leader = NULL;
	query->waiters = NULL;
	query->waiting = 0;
	query->flight_next = *bucket;
	*bucket = query;
	flight_park(flight, query);
}

void
flight_sleep(struct flight *flight, struct query *query)
{
	query->role = FLIGHT_SLEEPER;
	flight_park(flight, query);
}

void
flight_join(struct flight *flight, struct query *query, struct query *leader)
{
	query->role = FLIGHT_WAITER;
	query->leader = leader;
	query->next_waiter = leader->waiters;
	leader->waiters = query;
	leader->waiting++;
	flight_park(flight, query);
}

static void
leave_bucket(struct flight *flight, const struct query *query)
{
	struct query **link = flight_bucket(flight, query->flight_hash);

	while (*link != query)
		link = &(*link)->flight_next;
	*link = query->flight_next;
}

static void
leave_leader(struct query *query)
{
	struct query **link = &query->leader->waiters;

	while (*link != query)
		link = &(*link)->next_waiter;
	*link = query->next_waiter;
	query->leader->waiting--;
	query->leader = NULL;
}

struct query *
flight_release(struct flight *flight, struct query *query)
{
	struct query *waiters = query->waiters;

	query->waiters = NULL;
	query->waiting = 0;
	for (struct query *q = waiters; q != NULL; q = q->next_waiter) {
		q->leader = NULL;
		flight_unpark(flight, q);
	}
	return waiters;
}

struct query *
flight_leave(struct flight *flight, struct query *query)
{
	flight_unpark(flight, query);
	switch (query->role) {
	case FLIGHT_SLEEPER:
		return NULL;
	case FLIGHT_WAITER:
		leave_leader(query);
		return NULL;
	case FLIGHT_LEADER:
		break;
	}
	leave_bucket(flight, query);
	return flight_release(flight, query);
}

unsigned
flight_parked(const struct flight *flight)
{
	return flight->crowds.all.queries;
}
