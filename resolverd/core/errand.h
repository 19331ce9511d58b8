#ifndef CORE_ERRAND_H
#define CORE_ERRAND_H

#include <stdbool.h>
#include <stdint.h>

#include "dns/name.h"

struct snapshot;
struct upstream_group;

enum { ERRANDS = 16 };

/* A question that the engine asks on its own account; no client waits. */
struct errand {
	const struct snapshot *snapshot; /* borrowed until the event is over */
	const struct upstream_group *group;
	struct name name; /* letter case does not matter */
	uint16_t type;
	bool dnssec_ok;
	bool checking_disabled;
	unsigned only; /* bits of the servers that are asked; 0: any */
	bool probe;    /* any answer will do */
};

/* Those that the event at hand led to. */
struct errands {
	struct errand list[ERRANDS];
	unsigned count;
};

/* Adds one; it is forgotten when there is no room. */
void errand_push(struct errands *errands, const struct errand *errand);

/* Takes the last one; false when there is none. */
bool errand_pop(struct errands *errands, struct errand *errand);

#endif
