#ifndef CORE_UPSTREAM_H
#define CORE_UPSTREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "dns/edns.h"

struct rng;

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
	const struct upstream_server *plain; /* how it is asked then; or NULL */
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
	const char *what;  /* "upstream server" */
	const char *whose; /* " of zone \"corp\"", or "" */
	const char *silent_text;      /* what to say when none answered */
	const char *unreachable_text; /* when all were out of reach */
};

/* What a server may turn out not to do; it is tried again after a while. */
enum upstream_skill {
	SKILL_UDP,     /* answer over UDP what it answers over TCP */
	SKILL_TCP,     /* take connections, where UDP is the rule */
	SKILL_TLS,     /* take TLS connections, where plain DNS will do */
	SKILL_EDNS,    /* bear an OPT record */
	SKILL_CASE,    /* repeat the question with its letter case */
	SKILL_COOKIES, /* send DNS cookies each time, having sent one */
};
enum { UPSTREAM_SKILLS = 6 };

/* How long that is: UDP proves nothing for long (RFC 5452). */
#define UPSTREAM_RUMOUR UINT64_C(60000000000)
#define UPSTREAM_PROOF	UINT64_C(3600000000000)

/*
 * What a worker knows of a server by one carrier.  Times are nanoseconds of the
 * worker's clock, durations microseconds.
 */
struct upstream_state {
	struct addr addr;
	enum carrier carrier;
	unsigned next; /* in its bucket: 1 + index, 0 ends it */

	uint32_t srtt; /* RFC 6298; 0: it has not answered yet */
	uint32_t rttvar;
	uint32_t success; /* smoothed share of successes, per mille */
	uint32_t cost;	  /* of a success, what ranks it; shrinks while others
			     are asked, so that its turn comes; 0: not known */

	/* For metrics, since the start. */
	uint64_t questions; /* sent to it */
	uint64_t failures;  /* not answered, or with an error */
	uint64_t answers;   /* of those that waited tells of */
	uint64_t waited;    /* nanoseconds, for all answers together */

	uint64_t heard_at;
	uint64_t probe_at; /* it is dead, and asked whether it still is from
			      then on; 0: alive */
	unsigned silences; /* how often that was put off */

	uint64_t cannot_until[UPSTREAM_SKILLS];
	unsigned doubts; /* datagrams in a row that lacked something */
	bool has_cookie; /* cookie's client part is drawn */
	struct cookie cookie;
};

enum { UPSTREAM_STATES = 512, UPSTREAM_BUCKETS = 512 };

/* A worker's memory of servers; zeroed: empty.  The oldest gives way. */
struct upstreams {
	struct upstream_state states[UPSTREAM_STATES];
	unsigned buckets[UPSTREAM_BUCKETS]; /* 1 + index of the first */
	unsigned count;
	unsigned next;
};

/* Tells servers apart by address, port and carrier; never 0. */
uint32_t upstream_fingerprint(const struct upstream_server *server);

/*
 * The state of a server, a new one if there is none; valid until the next call
 * with a server that is not known yet.
 */
struct upstream_state *upstream_state(struct upstreams *upstreams,
    const struct upstream_server *server);

/* The same without making one: NULL, it is not known. */
const struct upstream_state *upstream_known(const struct upstreams *upstreams,
    const struct upstream_server *server);

/*
 * The server to ask next: of those alive, or of the others when there are none,
 * the one of least cost, or in a listed group the first.  Servers whose bit (by
 * index) is set in `failed` are left out, and those in `tried` too while there
 * are others.  NULL when every server has failed.
 */
const struct upstream_server *upstream_pick(struct upstreams *upstreams,
    const struct upstream_group *group, unsigned tried, unsigned failed);

/* One of a group is asked: the others grow more attractive. */
void upstream_asked(struct upstreams *upstreams,
    const struct upstream_group *group, const struct upstream_server *server);

/*
 * Bits of the dead servers that are to be asked now whether they are alive
 * again, and not before the next call says so; *all: there are no others, so
 * that every question tells.
 */
unsigned upstream_probes(struct upstreams *upstreams,
    const struct upstream_group *group, uint64_t now, bool *all);

/* How long to wait for an answer before anything else is tried (RFC 6298). */
uint64_t upstream_rto(const struct upstream_state *state);

/* A question is on its way to it. */
void upstream_sent(struct upstream_state *state);

/*
 * It answered what was sent at sent_at over its own carrier, with success (an
 * NXDOMAIN is one) or with an error: it is alive, and its rank follows (the
 * fact sheet's section 1.3).
 */
void upstream_heard(struct upstream_state *state, uint64_t sent_at,
    uint64_t now, bool success);

/* It answered in another way, which says nothing of its speed or success. */
void upstream_alive(struct upstream_state *state, uint64_t now);

/*
 * What was sent at sent_at was not answered in time.  It is dead, unless it
 * answered something else since; what many questions meet at a time is one
 * silence.
 */
void
upstream_silent(struct upstream_state *state, uint64_t sent_at, uint64_t now);

/* Whether it is worth trying, as far as is known. */
bool upstream_can(const struct upstream_state *state, enum upstream_skill skill,
    uint64_t now);

/* It turned out that it can't; holds until then. */
void upstream_cannot(struct upstream_state *state, enum upstream_skill skill,
    uint64_t until);

/*
 * A datagram that matched lacked something that shows it is from the server.
 * True for the third in a row: then it is the server, or the way there, and
 * for a while it is asked over TCP, or without asking for that where there is
 * no TCP.  upstream_trusted: one that lacked nothing.
 */
bool upstream_doubted(struct upstream_state *state, enum upstream_skill skill,
    uint64_t now);
void upstream_trusted(struct upstream_state *state);

/* Its cookies, the client's drawn when it is needed first. */
const struct cookie *
upstream_cookie(struct upstream_state *state, struct rng *rng);

#endif
