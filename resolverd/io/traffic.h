#ifndef IO_TRAFFIC_H
#define IO_TRAFFIC_H

#include <stdatomic.h>
#include <stdint.h>

struct query;

enum { TRAFFIC_FAMILIES = 2, TRAFFIC_TRANSPORTS = 2, TRAFFIC_TYPES = 15 };

/* What is told apart, as metrics label it; the last type is all others. */
extern const char *const traffic_families[TRAFFIC_FAMILIES];
extern const char *const traffic_transports[TRAFFIC_TRANSPORTS];
extern const char *const traffic_types[TRAFFIC_TYPES];

/*
 * What clients ask, by how and whence it came and by the type asked for.  One
 * worker's: it alone writes, others may read at any time.
 */
struct traffic {
	atomic_uint_fast64_t counts[TRAFFIC_TRANSPORTS][TRAFFIC_FAMILIES]
				   [TRAFFIC_TYPES];
};

/* Counts a query that has just been answered. */
void traffic_add(struct traffic *traffic, const struct query *query);

#endif
