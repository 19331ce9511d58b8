#ifndef CORE_QUERY_H
#define CORE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "core/crowd.h"
#include "core/path.h"
#include "core/snapshot.h"
#include "core/upstream.h"
#include "dns/answer.h"
#include "dns/request.h"

struct fault;
struct mould;
struct rule;
struct witness;
struct zone;

/* A query as it came from a client. */
struct packet {
	const uint8_t *wire;
	size_t len;
	enum transport transport;
	const struct addr *client;
	const struct addr *local; /* the address that was asked */
	/* For who asks by other means than a client: what it gets to see,
	 * instead of by its address; which rule for CNAMEs, AUTO: the
	 * configuration's; who watches, or NULL; that no fault meets it. */
	const struct view *view;
	enum chasing chasing;
	struct witness *witness;
	bool unharmed;
	bool own; /* the daemon itself wants to know, no browser does */
};

enum {
	QUERY_WIRE = 512,   /* our question: header, name, type, class, OPT */
	TRANSMISSIONS = 2,  /* of one question that may be open at a time */
	QUERY_KEPT = 16384, /* a chain of 16 with its signatures */
};

/* Why a query is parked. */
enum flight_role {
	FLIGHT_LEADER,	/* it asks */
	FLIGHT_WAITER,	/* it waits for the one that asks the same */
	FLIGHT_SLEEPER, /* it asks nothing yet */
};

/* A question that is, or was, on its way to a server. */
struct transmission {
	const struct upstream_server *server; /* of the query's snapshot */
	uint64_t sent_at;
	unsigned index; /* of the server in its group */
	uint16_t id;
	enum carrier carrier; /* how it is asked this time */
	bool open;	      /* an answer to it would still be taken */
	const char *why;    /* the shell's: why it did not get there, or NULL */
	bool edns;	    /* it has an OPT record */
	bool cased;	    /* letters in random case: "0x20" */
	bool cookie;	    /* it has a DNS cookie */
	unsigned strangers; /* messages that did not match it */
	size_t len;
	uint8_t wire[QUERY_WIRE]; /* what goes out, without TCP's length */
};

/* What became of a question at a server. */
struct fate {
	enum {
		FATE_NONE,
		FATE_ERROR,   /* it answered, with rcode */
		FATE_ENDLESS, /* with CNAMEs that lead nowhere */
		FATE_BROKEN,  /* what it answered could not be read */
		FATE_SILENT,
		FATE_UNREACHABLE,
		FATE_LOOP, /* it was not asked, for it leads back here */
	} kind;
	uint16_t rcode;
	const char *why; /* unreachable: words that stay, or NULL */
};

/* Why the server that failed last did, in its own words (RFC 8914). */
struct said {
	bool anything;
	uint16_t code;
	char text[EDNS_TEXT + 1];
};

/* Where the answer at hand came from: decides who follows a CNAME. */
enum source {
	SOURCE_ZONE,	 /* a private zone's own records */
	SOURCE_FORWARD,	 /* a forwarding zone's target */
	SOURCE_RULE,	 /* a response policy's local data */
	SOURCE_SERVERS,	 /* alternative name servers */
	SOURCE_INTERNAL, /* Compute Engine's internal DNS */
	SOURCE_PUBLIC,	 /* public DNS */
};
enum { SOURCES = 6 };

/* Networks that a query is handed over to at most. */
enum { CLAIM_PEERINGS = 2 };

/*
 * Who claimed the name asked for, whoever else CNAMEs lead to: for core/account
 * alone.
 */
struct claim {
	bool made;
	enum source source;
	const struct zone *zone;
	const struct rule *rule;
	const struct zone *via[CLAIM_PEERINGS]; /* peering zones on the way */
};

/* The two columns of the fact sheet's section 1.5. */
enum chase_mode { CHASE_CLASSIC, CHASE_PER_HOP };
enum { CHASE_MODES = 2 };

/* What happens next to a query; a row each in the engine's table. */
enum step {
	STEP_LIMIT,   /* does the client ask too fast? */
	STEP_PARSE,   /* read the client's message */
	STEP_ADMIT,   /* is this client, class and type served at all? */
	STEP_FAULT,   /* does an injected fault meet it? */
	STEP_ORDER,   /* which stage claims the name at hand */
	STEP_RULE,    /* answer from a response policy's rule */
	STEP_ZONE,    /* answer from a private zone */
	STEP_CACHE,   /* has the upstream group been asked before? */
	STEP_FORWARD, /* ask it, or wait for who asks already */
	STEP_MATCH,   /* is this message the answer, and sound? */
	STEP_NEXT,    /* ask once more, or the next server, or give up */
	STEP_ADOPT,   /* take over an upstream's answer */
	STEP_CHASE,   /* follow a CNAME or leave it */
	STEP_SYNTH,   /* DNS64: an AAAA made of an A */
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
	bool read;	  /* request is made before STEP_PARSE */
	uint64_t came_at; /* when */
	struct view view; /* what it gets to see */
	enum chase_mode chase;
	struct witness *witness;   /* or NULL */
	bool unharmed;		   /* faults are only told of */
	const struct fault *fault; /* that ends it, or NULL */
	bool own;		   /* as in the packet */

	/* Where it stands: order, zone, chase. */
	const struct snapshot *snapshot;
	bool holds_snapshot; /* parked: a reference of its own */
	uint16_t type;	     /* asked for at present: the client's, or A */
	const struct network *network; /* whose order it runs */
	unsigned peerings;	       /* networks gone into */
	const uint8_t *owner;	 /* the name at hand as the answer shows it */
	struct path path;	 /* the same, folded and hashed */
	bool has_path;		 /* it is made before STEP_ORDER */
	unsigned stages;	 /* which stages may answer this hop */
	unsigned hops;		 /* CNAMEs followed */
	const struct zone *zone; /* the zone that claimed it */
	const struct rule *rule; /* the rule that did */
	enum source source;
	struct claim claim;
	unsigned origins; /* bit n: that enum origin had a part in it */
	struct answer answer;
	struct arena kept;  /* what the answer holds of upstreams' answers */
	uint32_t synth_ttl; /* DNS64: the most that an AAAA may have */
	bool synthesise;    /* DNS64: type is A in AAAA's place */
	bool inside;	    /* outside servers answered with inside addresses */
	bool steered;	    /* the next one may be answered otherwise */
	struct mould *mould;	    /* to be made of the answer, or NULL */
	const uint8_t *mould_above; /* as mould_fill wants it */

	/* Forwarding. */
	const struct upstream_group *group;
	struct question asked; /* of the server */
	const struct upstream_group *asked_group;
	uint64_t give_up_at;
	uint64_t begun_at;	 /* when asked was asked first */
	uint64_t retry_at;	 /* what was sent last has had its time */
	uint64_t patience_until; /* then an answer past its time will do;
				    0: there is none */
	unsigned attempts;	 /* transmissions made */
	unsigned tried;		 /* bit n: server n was asked in this round */
	unsigned failed;	 /* bit n: server n is of no use for asked */
	unsigned plain;		 /* bit n: server n turned EDNS down */
	unsigned bad_cookie;	 /* bit n: server n turned our cookie down */
	bool hurried;		 /* less time than a whole budget was left */
	bool heard;		 /* some server answered, with an error */
	bool truncated;		 /* an answer was: use TCP from now on */
	bool wary;    /* somebody guesses at answers: the same if possible */
	bool orphan;  /* no client waits for it, or none any more */
	bool probe;   /* an orphan that is after any sign of life */
	bool evicted; /* it gave way to others, and waits no more */
	const struct transmission *answered; /* which got the answer; NULL:
						another query's did */
	struct fate fates[UPSTREAM_SERVERS];
	struct said said;
	struct transmission sent[TRANSMISSIONS];
	unsigned ask; /* VERDICT_ASK: which of them the shell must send; it
			 closes what it still holds open for it first */

	/* The table of questions in flight. */
	bool parked;
	enum flight_role role;
	uint64_t flight_hash;
	struct query *flight_next; /* same bucket */
	struct query *leader;	   /* the query this one waits for */
	struct query *waiters;	   /* those that wait for this one */
	unsigned waiting;	   /* how many */
	struct query *next_waiter;
	struct crowd_place crowd;

	uint8_t room[QUERY_KEPT]; /* what kept is made of */
};

/*
 * Makes a slot ready for a new packet; out and cap stay.  Costs a few stores,
 * not the size of the struct.
 */
void query_reset(struct query *query);

/* Goes back to where the order begins, with nothing answered. */
void query_restart(struct query *query);

/*
 * Its client was answered before its question was: goes back to that, as an
 * orphan.
 */
void query_go_on(struct query *query);

#endif
