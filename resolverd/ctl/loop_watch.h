#ifndef CTL_LOOP_WATCH_H
#define CTL_LOOP_WATCH_H

#include <event2/event_struct.h>
#include <stddef.h>
#include <stdint.h>

#include "core/loop.h"

struct event_base;
struct snapshot;

/*
 * Tells the operator which servers turn out to lead back to this daemon: the
 * workers find that out, and mark them.  In the control thread.
 */
struct loop_watch {
	struct loop_marks *marks;
	const struct snapshot *snapshot; /* whose servers are looked at */
	struct event timer;
	uint32_t told[LOOP_MARKS]; /* the fingerprints of those told of */
	size_t told_count;
};

/* Begins to look, once a second; snapshot is borrowed, as marks are. */
void loop_watch_start(struct loop_watch *watch, struct event_base *base,
    struct loop_marks *marks, const struct snapshot *snapshot);

/* Looks at the servers of another snapshot, likewise borrowed. */
void
loop_watch_follow(struct loop_watch *watch, const struct snapshot *snapshot);

/* Ends; nothing when it was not started. */
void loop_watch_stop(struct loop_watch *watch);

#endif
