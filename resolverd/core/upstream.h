#ifndef CORE_UPSTREAM_H
#define CORE_UPSTREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

/* Servers of a group: as many as one question may be sent to. */
enum { UPSTREAM_SERVERS = 8 };

/* Servers that give the same answers; immutable, in the snapshot. */
struct upstream_group {
	uint64_t id; /* of its configuration: part of every cache key */
	unsigned count;
	const struct addr *servers;
	uint32_t max_ttl;	      /* seconds an answer may be kept */
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
};

enum { UPSTREAM_STATES = 64 };

/* A worker's memory of servers; the oldest entry gives way. */
struct upstreams {
	struct upstream_state states[UPSTREAM_STATES];
	unsigned count;
	unsigned next;
};

/*
 * The server to ask next: the first in the configured order that was not
 * silent of late, or, when all were, the first.  Servers whose bit (by index)
 * is set in `failed` are left out, and those in `tried` too while there are
 * others.  NULL when every server has failed.
 */
const struct addr *upstream_pick(const struct upstreams *upstreams,
    const struct upstream_group *group, unsigned tried, unsigned failed,
    uint64_t now);

/* It answered: it is as good as new. */
void upstream_heard(struct upstreams *upstreams, const struct addr *server);

/* A transmission to it went unanswered; quiet for longer each time. */
void upstream_silent(struct upstreams *upstreams, const struct addr *server,
    uint64_t now);

#endif
