#ifndef CTL_HEALTH_H
#define CTL_HEALTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"

struct event_base;
struct probe;
struct snapshot;

/* What the attempts to reach an address say so far. */
struct health_history {
	bool tried;
	bool down;
	unsigned against; /* results in a row that speak against `down` */
};

/*
 * Takes one more result.  The first counts at once, after that two in a row
 * that agree.  True when the address went down or came back.
 */
bool health_judge(struct health_history *history, bool failed);

/*
 * Tries the addresses whose health routing policies ask for (the fact sheet's
 * section 6.4) by connecting to each of them once an interval, and tells the
 * workers through the snapshot that they answer from.  In the control thread.
 */
struct health {
	struct event_base *base;
	const struct snapshot *snapshot; /* with one reference; NULL: none */
	struct probe **probes; /* one for each of its addresses, ordered */
	size_t count;
	size_t next;	     /* of probes: whose turn it is to be looked at */
	size_t waiting;	     /* probes that are due */
	size_t connecting;   /* probes that try */
	uint64_t interval;   /* nanoseconds */
	struct log_gate log; /* for attempts that could not be made */
};

/* base: the control thread's loop, which must outlive the checks. */
void health_init(struct health *health, struct event_base *base);

/*
 * Writes what is known of its addresses into a snapshot that nobody answers
 * from yet.
 */
void health_mark(const struct health *health, const struct snapshot *snapshot);

/*
 * Checks the addresses of snapshot from now on, whose reference passes to the
 * checks.  What is known of an address that was checked before stays known.
 * Without memory it is as if nothing had been asked, after a log line.
 * interval is in milliseconds.
 */
void health_follow(struct health *health, const struct snapshot *snapshot,
    uint32_t interval);

/* Ends all checks and gives the snapshot back; nothing when none ran. */
void health_stop(struct health *health);

#endif
