#ifndef CORE_CROWD_H
#define CORE_CROWD_H

#include <stdbool.h>
#include <stdint.h>

struct query;

/*
 * The parked queries by who takes how much room.  A crowd is what one client
 * (its /32, or /64) asks one upstream group about names that differ in their
 * first label at most: a flood of invented names is one crowd, and as the
 * heaviest it gives way to itself, even where all clients are this host.
 */
enum {
	CROWD_TABLE = 1024,
	CROWD_CLIENTS = 256, /* those that fall together count together, which
				costs the heaviest crowd among them its room */
	CROWD_GROUPS = 64,
	CROWD_CLASSES = 21, /* of weight: 1, 2 to 3, 4 to 7, ... 1048576 */
};

/* Among whom crowds are weighed. */
enum crowd_scope { CROWD_OF_ALL, CROWD_OF_CLIENT, CROWD_OF_GROUP };
enum { CROWD_SCOPES = 3 };

/* The crowds of all, of a client or of a group, by weight. */
struct crowd_share {
	enum crowd_scope scope;
	unsigned queries;
	struct query *classes[CROWD_CLASSES]; /* rings of crowds' oldest */
	bool listed; /* in the list of those whose limit may be passed */
	struct crowd_share *next;
};

/* A query's place; part of the query. */
struct crowd_place {
	uint64_t hash;				  /* which crowd it is of */
	struct crowd_share *shares[CROWD_SCOPES]; /* NULL: asks no group */
	struct query *older;			  /* of the same crowd */
	struct query *newer;
	/* Of its crowd's oldest query, which stands for the crowd: */
	unsigned count;
	struct query *newest;
	struct query *next; /* in the table's bucket */
	struct {
		struct query *before;
		struct query *after;
	} ring[CROWD_SCOPES];
};

/* Zeroed: nobody is there and nothing limited. */
struct crowds {
	unsigned limits[CROWD_SCOPES]; /* queries of a share; 0: no limit */
	struct query *table[CROWD_TABLE];
	struct crowd_share all;
	struct crowd_share clients[CROWD_CLIENTS];
	struct crowd_share groups[CROWD_GROUPS];
	struct crowd_share *over; /* whose limit may be passed */
};

/* Counts a query that is parked from now on. */
void crowd_join(struct crowds *crowds, struct query *query);

/* Counts it no longer. */
void crowd_leave(struct crowds *crowds, struct query *query);

/*
 * Who gives way for a newcomer: the oldest of the heaviest crowd; one that
 * others wait for as well only where all the oldest few are such.  NULL when
 * nobody is there.
 */
struct query *crowd_victim(const struct crowds *crowds);

/*
 * The same among the queries of a client or of a group that has more of them
 * than its limit allows, and in *scope which; NULL when no limit is passed.
 */
struct query *crowd_surplus(struct crowds *crowds, enum crowd_scope *scope);

#endif
