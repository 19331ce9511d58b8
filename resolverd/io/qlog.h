#ifndef IO_QLOG_H
#define IO_QLOG_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/ring.h"
#include "core/account.h"
#include "core/upstream.h"
#include "dns/message.h"

struct query;

/*
 * Answered queries on their way from a worker to who reads along: the query
 * log, the live view.  A worker writes them into a ring of its own, if anybody
 * reads at all; when that is full they are left out, and counted.
 */

enum {
	QLOG_NAME = 64, /* a resource name, terminated */
	QLOG_WHY = 256, /* a reason, likewise */
	QLOG_SIDES = 3, /* networks that see a query: account_sides */
	QLOG_RING = 4 * 1024 * 1024, /* octets of a worker's ring */
};

/* A query as a producer network sees it, behind a peering zone. */
struct qlog_side {
	char network[QLOG_NAME];
	bool policy_logs;
	enum target_type target;
	char target_name[QLOG_NAME];
	char rule[QLOG_NAME];
};

/* One answered query. */
struct qlog_record {
	uint64_t at;	  /* ns since 1970: when the query came */
	uint64_t latency; /* ns until its answer */
	struct addr client;
	struct addr local; /* len 0: not known */
	enum transport transport;
	enum origin origin;
	bool has_question; /* the reply's, too */
	bool inbound;	   /* came through an entry point */
	bool own;	   /* the daemon asked, for a target's name */
	bool dns64;	   /* its network has DNS64 */
	bool translated;   /* and that made the answer */
	unsigned rcode;	   /* of the reply, all twelve bits */

	/* As its client's network sees it. */
	enum target_type target;
	char target_name[QLOG_NAME]; /* zone, policy, rule or internal zone */
	char rule[QLOG_NAME];	     /* of a response policy, or "" */
	char network[QLOG_NAME];
	bool policy_logs; /* its network has enable_logging */

	/* And as the networks behind peering zones do. */
	unsigned producer_count;
	struct qlog_side producers[QLOG_SIDES - 1];

	struct addr server; /* that was asked; len 0: nobody, or not known */
	enum carrier carrier;
	uint16_t ede; /* if there is a why */
	char why[QLOG_WHY];
	size_t len; /* of the reply's octets */
};

/* One worker's end and the control thread's. */
struct qlog {
	atomic_bool is_read;
	atomic_uint_fast64_t *dropped; /* counts what there was no room for */
	struct ring ring;
};

/* room: QLOG_RING octets, aligned for any object; touched when needed. */
void qlog_init(struct qlog *qlog, void *room, atomic_uint_fast64_t *dropped);

/* Within the worker: whether anybody reads along. */
static inline bool
qlog_wants(const struct qlog *qlog)
{
	return atomic_load_explicit(&qlog->is_read, memory_order_relaxed);
}

/*
 * Within the worker: the query has just been answered, at `now`, from `local`,
 * which may be NULL.
 */
void qlog_put(struct qlog *qlog, const struct query *query,
    const struct addr *local, uint64_t now);

/* Within the control thread, alone, from here on: somebody reads, or nobody. */
void qlog_open(struct qlog *qlog);
void qlog_close(struct qlog *qlog);

/*
 * The oldest record, and its reply, which stays until qlog_done; false when
 * there is none.  Its time is still the worker's: clock_now.
 */
bool
qlog_take(struct qlog *qlog, struct qlog_record *record, const uint8_t **reply);
void qlog_done(struct qlog *qlog);

#endif
