#ifndef CORE_FAULT_H
#define CORE_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/diag.h"
#include "core/query.h"
#include "core/suffix.h"

struct engine;
struct network;

/* The longest that a query is held back, by all its faults together. */
#define FAULT_DELAY_MAX UINT64_C(60000000000)

/*
 * A fault that somebody asked for, to see what an application does when DNS
 * misbehaves.  It meets the name that a client asks for, before anything is
 * looked up; whoever asks from within this process is told of it instead.
 * Immutable, in the snapshot's arena.
 */
struct fault {
	enum fault_kind kind;
	enum fault_kind as; /* FLAP: what it is while down */
	enum fault_transport transport;
	uint32_t share;
	uint64_t delay;	 /* nanoseconds */
	uint64_t jitter; /* more or less than delay by up to this */
	uint64_t up;	 /* FLAP: how long it leaves queries alone, */
	uint64_t down;	 /* and how long it then does not */
	const uint16_t *types;
	size_t type_count; /* 0: all */
	const struct prefix *clients;
	size_t client_count;		       /* 0: everybody */
	const struct network *const *networks; /* whose clients */
	size_t network_count;		       /* 0: everybody's */
	const char *zone;    /* only what this zone answers; NULL: no matter */
	const char *subject; /* whom it is for, in words: "*.example.com." */
	const char *text;    /* of the Extended DNS Error */
	struct mark mark;
};

/* Faults in the order in which they were written: the first that hits counts.
 */
struct fault_list {
	const struct fault *const *items;
	size_t count;
};

/* What queries meet for a name of the index, and for those below it. */
struct fault_place {
	struct fault_list at;
	struct fault_list below;
};

/* All faults; without any the snapshot has NULL. */
struct faults {
	/* To struct fault_place; the longest has what shorter ones have too. */
	struct suffix_index places;
	uint64_t since; /* when flaps began, on the engine's clock: up first */
};

/* What configurations call it: "servfail". */
const char *fault_key(enum fault_kind kind);

/* STEP_FAULT: whether the query meets a fault, or has to wait first. */
enum step fault_step(struct engine *engine, struct query *query, uint64_t now);

/* What comes after the wait: STEP_ORDER, or the fault that it met too. */
enum step fault_wake(struct query *query);

#endif
