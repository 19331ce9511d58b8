#ifndef SCENARIO_WORLD_H
#define SCENARIO_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/rng.h"
#include "core/engine.h"
#include "core/loop.h"
#include "script.h"

enum { WORLD_SLOTS = 512, WORLD_MESSAGE = 65535 };

#define WORLD_SECOND UINT64_C(1000000000)

/* A client's message: what went in, to compare with what comes out. */
struct client_query {
	const char *label; /* of "as=", or NULL */
	struct addr client;
	struct addr local;
	enum transport transport;
	bool edns; /* with an OPT record, so an answer has one too */
	const uint8_t *wire;
	size_t len;
};

/* A place for a query, as the daemon's workers have them. */
struct slot {
	struct query query;
	struct client_query asked;
	bool busy;
	unsigned uses; /* tells this query from those before it */
	uint8_t out[WORLD_MESSAGE];
};

enum event_kind {
	EVENT_SENT,    /* a question went to a server */
	EVENT_REPLY,   /* a client got an answer */
	EVENT_DROPPED, /* a client will not get one */
};

/* Something the engine did, which the scenario must mention. */
struct event {
	enum event_kind kind;
	uint64_t at;
	struct slot *slot;
	unsigned use; /* the slot's uses then */
	const struct client_query *asked;
	struct transmission transmission; /* EVENT_SENT */
	const uint8_t *wire;
	size_t len;
	struct event *next;
};

/*
 * Everything around one engine: clock, clients, servers, all of them made of
 * the scenario's words.
 */
struct world {
	struct arena arena; /* the scenario's own memory */
	struct engine engine;
	struct counters counters;
	struct rng rng;
	struct loop_marks loops;
	void *cache_block;
	void *scratch;
	struct slot *slots[WORLD_SLOTS];
	unsigned slot_count;	 /* how many the daemon would have */
	unsigned client_queries; /* how many of them one client may take */
	unsigned group_queries;	 /* how many one upstream group */
	uint64_t now;
	uint64_t lag; /* how late timers go off, as they do in a kernel */
	enum chasing chasing; /* the rule for CNAMEs that queries ask for */
	uint64_t cutover;     /* when 2027 begins for the engine */
	bool silent; /* servers are asked in vain, and no action says so */
	bool running;
	unsigned retired;    /* snapshots that came back */
	struct event *first; /* not mentioned yet */
	struct event *shown; /* the transmission "reply" answers */
	char *complaints;    /* of the last configuration; heap */
	bool rejected;	     /* it was refused, and no action said so yet */
};

void world_init(struct world *world);
void world_fini(struct world *world);

/* The action "config FILE..." with its block: starts the daemon anew. */
bool world_config(struct world *world, const struct action *action);

/* The same for "reload". */
bool world_reload(struct world *world, const struct action *action);

/*
 * Lets time pass until `to`.  Nothing may happen on the way that no action
 * mentions: complains about what happens before.
 */
bool
world_advance(struct world *world, const struct action *action, uint64_t to);

/* Lets time pass while servers are asked as often as may be, in vain. */
bool
world_silence(struct world *world, const struct action *action, uint64_t to);

/* The present moment has this date, seconds since 1970. */
void world_set_date(struct world *world, int64_t time);

/* A client's message reaches the daemon. */
bool world_ask(struct world *world, const struct action *action,
    const struct client_query *asked);

/* A message reaches a transmission of a parked query. */
bool world_answer(struct world *world, const struct action *action,
    uint8_t *wire, size_t len);

/* The network says that a transmission can't be delivered. */
bool world_unreachable(struct world *world, const struct action *action);

/*
 * The slot and the number of the transmission that an action means: "of=LABEL"
 * or else the one shown last, "slot=N" or else its newest.  NULL, with a
 * complaint, when it is not waiting any more.
 */
struct slot *world_target(const struct world *world,
    const struct action *action, unsigned *number);

/*
 * Takes the next event, which must be of a kind, or the first one for the
 * client "to=LABEL"; complains when there is none.
 */
struct event *world_take(struct world *world, const struct action *action,
    enum event_kind kind);

/* Complains about an event that no action mentioned. */
bool world_quiet(struct world *world, const struct action *action);

#endif
