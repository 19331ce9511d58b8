#ifndef CORE_UPSTREAM_H
#define CORE_UPSTREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

/* Servers of a group: as many as one question may be sent to. */
enum { UPSTREAM_SERVERS = 8 };

/* How a server is asked; what is truncated over UDP goes over TCP. */
enum carrier { CARRIER_UDP, CARRIER_TCP, CARRIER_TLS };

/* A server as configured; immutable, in the snapshot. */
struct upstream_server {
	struct addr addr;
	enum carrier carrier;
	const char *tls_name; /* TLS: whom its certificate must name; NULL: its
				 address */
	bool opportunistic;   /* TLS: unchecked, and plain where there is none
				 (RFC 8310 section 5) */
};

/* Servers that give the same answers; immutable, in the snapshot. */
struct upstream_group {
	const struct upstream_group *next; /* of the snapshot's groups */
	uint64_t id;	   /* of its configuration: part of every cache key */
	const char *label; /* the same as text, which outlives the process */
	unsigned count;
	const struct upstream_server *servers;
	uint32_t max_ttl;  /* seconds an answer may be kept */
	bool listed;	   /* the first is asked first, not the best */
	bool any_response; /* what one answers is the answer, an error
			      too */
	bool internal;	   /* a zone's or a policy's own servers */
	bool trusted;	   /* their AD flag is passed on */
	bool stale;	   /* what they said may be served past its time */
	const char *silent_text;      /* what to say when none answered */
	const char *failed_text;      /* when each answered with an error or was
					 out of reach */
	const char *unreachable_text; /* when all were out of reach */
};

/* What a worker knows of a server. */
struct upstream_state {
	struct addr addr;
	uint64_t quiet_until; /* it was silent: ask others first until then */
	unsigned silences;    /* in a row */
	uint32_t rtt;	      /* smoothed, microseconds; 0: not known */
	uint32_t success;     /* smoothed share of successes, per mille */
	uint32_t cost;	      /* of a success: what ranks it; shrinks while
				 others are asked, so that its turn comes */
};

enum { UPSTREAM_STATES = 64 };

/* A worker's memory of servers; the oldest entry gives way. */
struct upstreams {
	struct upstream_state states[UPSTREAM_STATES];
	unsigned count;
	unsigned next;
};

/*
 * The server to ask next: the one of least cost, or in a listed group the
 * first in the configured order, that was not silent of late, or, when all
 * were, the first.  Servers whose bit (by index) is set in `failed` are left
 * out, and those in `tried` too while there are others.  NULL when every server
 * has failed.
 */
const struct upstream_server *upstream_pick(const struct upstreams *upstreams,
    const struct upstream_group *group, unsigned tried, unsigned failed,
    uint64_t now);

/* One of a group is asked: the others grow more attractive. */
void upstream_asked(struct upstreams *upstreams,
    const struct upstream_group *group, const struct upstream_server *server);

/*
 * It answered after rtt nanoseconds, with success (an NXDOMAIN is one) or with
 * an error: it is no longer quiet, and its rank follows (the fact sheet's
 * section 1.3).
 */
void upstream_heard(struct upstreams *upstreams,
    const struct upstream_server *server, uint64_t rtt, bool success);

/* A transmission to it went unanswered; quiet for longer each time. */
void upstream_silent(struct upstreams *upstreams,
    const struct upstream_server *server, uint64_t now);

#endif
