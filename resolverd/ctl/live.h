#ifndef CTL_LIVE_H
#define CTL_LIVE_H

#include <event2/event_struct.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctl/live_entry.h"
#include "ctl/tap.h"

struct event_base;
struct json_writer;

enum {
	LIVE_ENTRIES = 200,
	LIVE_PLACES = LIVE_ENTRIES + 1, /* one is being filled */
	LIVE_SECONDS = 10, /* that nobody need look before it stops reading */
};

/*
 * The latest queries, for who asks for them now and then.  It reads along only
 * while somebody does: what is asked when nobody looks costs nothing, and is
 * not among them.  In the control thread.
 */
struct live {
	struct tap *tap;
	struct tap_reader reader;
	struct event timer; /* nobody has looked */
	bool reads;
	bool started;
	uint64_t count; /* of all that came; each has this for its number */
	struct live_entry entries[LIVE_PLACES];
};

/* The tap outlives it. */
void live_start(struct live *live, struct tap *tap, struct event_base *base);
void live_stop(struct live *live);

/* Somebody looks, and will look again. */
void live_watch(struct live *live);

/*
 * The members of an object that is open: "last", the number of the latest
 * query; "missed", of how many after number `since` there is nothing any more;
 * "dropped", how many answers were left out so far because there was no time
 * for them; and "queries", those after `since` (0: all there are), the oldest
 * first, as live_entry_write has them.
 */
void
live_json(const struct live *live, uint64_t since, struct json_writer *writer);

/* Answers that who reads along never got, since the daemon started. */
uint64_t live_dropped(const struct tap *tap);

#endif
