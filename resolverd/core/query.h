#ifndef CORE_QUERY_H
#define CORE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "core/path.h"
#include "dns/answer.h"
#include "dns/request.h"

struct snapshot;
struct upstream_group;
struct zone;

/* A query as it came from a client. */
struct packet {
	const uint8_t *wire;
	size_t len;
	enum transport transport;
	const struct addr *client;
	const struct addr *local; /* the address that was asked */
};

enum {
	QUERY_WIRE = 320,  /* our question: header, name, type, class, OPT */
	TRANSMISSIONS = 2, /* of one question that may be open at a time */
};

/* A question that is, or was, on its way to a server. */
struct transmission {
	struct addr server;
	unsigned index; /* of the server in its group */
	uint16_t id;
	enum transport transport;
	bool open; /* an answer to it would still be taken */
};

/* What the shell must put on the wire when the verdict is VERDICT_ASK. */
struct ask {
	unsigned slot; /* which of query->sent it is; the shell closes what it
			  still holds open for this slot first */
	size_t len;
	uint8_t wire[QUERY_WIRE];
};

/* Where the answer at hand came from: decides who follows a CNAME. */
enum source { SOURCE_ZONE, SOURCE_FORWARD, SOURCE_PUBLIC };
enum { SOURCES = 3 };

/* What happens next to a query; a row each in the engine's table. */
enum step {
	STEP_PARSE,   /* read the client's message */
	STEP_ADMIT,   /* is this client, class and type served at all? */
	STEP_ORDER,   /* which stage claims the name at hand */
	STEP_ZONE,    /* answer from a private zone */
	STEP_CACHE,   /* has the upstream group been asked before? */
	STEP_FORWARD, /* ask it, or wait for who asks already */
	STEP_MATCH,   /* is this message the answer, and sound? */
	STEP_NEXT,    /* ask once more, or the next server, or give up */
	STEP_ADOPT,   /* take over an upstream's answer */
	STEP_CHASE,   /* follow a CNAME or leave it */
	STEP_FAIL,    /* SERVFAIL, and why */
	STEP_ENCODE,  /* write the reply */
	STEPS,	      /* from here on: what the shell must do */
	STEP_DROP = STEPS,
	STEP_REPLY,
	STEP_ASK,
	STEP_WAIT,
};

/*
 * One question from wire to wire.  A slot of the shell's pool, cleared by
 * query_reset; grouped by who uses it.
 */
struct query {
	/* Set by the shell before each call that may answer. */
	uint8_t *out;
	size_t cap;
	/* Set by the engine: the reply's length; when to call back. */
	size_t out_len;
	uint64_t until; /* nanoseconds; meaningful while parked */

	/* The client's side. */
	struct request request;
	struct addr client;
	enum transport transport;
	bool inbound; /* came through an inbound entry point */

	/* Where it stands: order, zone, chase. */
	const struct snapshot *snapshot;
	bool holds_snapshot;	 /* parked: a reference of its own */
	const uint8_t *owner;	 /* the name at hand as the answer shows it */
	struct path path;	 /* the same, folded and hashed */
	unsigned stages;	 /* which stages may answer this hop */
	unsigned hops;		 /* CNAMEs followed */
	const struct zone *zone; /* the private zone that claimed it */
	enum source source;
	struct answer answer;

	/* Forwarding. */
	const struct upstream_group *group;
	struct question asked;
	uint64_t give_up_at;
	unsigned attempts; /* transmissions made */
	unsigned tried;	   /* bit n: server n was asked in this round */
	unsigned failed;   /* bit n: server n answered with an error */
	bool heard;	   /* some server answered, with an error */
	bool by_tcp;	   /* an answer was truncated: use TCP from now on */
	bool plain;	   /* the server asked last does not know EDNS */
	struct transmission sent[TRANSMISSIONS];
	struct ask ask;

	/* The table of questions in flight. */
	bool parked;
	uint64_t flight_hash;
	struct query *flight_next; /* same bucket */
	struct query *leader;	   /* the query this one waits for */
	struct query *waiters;	   /* those that wait for this one */
	unsigned waiting;	   /* how many */
	struct query *next_waiter;
	struct query *older; /* all parked queries by age */
	struct query *newer;
};

/*
 * Makes a slot ready for a new packet; out and cap stay.  Costs a few stores,
 * not the size of the struct.
 */
void query_reset(struct query *query);

#endif
