#ifndef CORE_WITNESS_H
#define CORE_WITNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "core/query.h"
#include "core/zone.h"

struct fault;
struct network;
struct rule;
struct upstream_group;

/*
 * What the engine looked at on the way to an answer, in the order in which it
 * did, for a query that somebody wants explained.  A query without a witness
 * pays one comparison a step for it.
 */
enum witness_kind {
	WITNESS_FAULT,	/* fault is injected for the name, and passed over */
	WITNESS_HOP,	/* a name is looked up: name, number its hop from 0,
			 network, stages */
	WITNESS_STAGE,	/* a stage of the order: stage, finding, zone or rule or
			 group */
	WITNESS_LOOKUP, /* in zone or rule: lookup, name whose records they are
			 */
	WITNESS_PEER,	/* zone hands over to network */
	WITNESS_CACHE,	/* group's answer is kept: number its age in seconds */
	WITNESS_STALE,	/* the same, past its time by number seconds */
	WITNESS_JOIN,	/* the same question is out already */
	WITNESS_ASK,	/* of group, server is asked, by carrier */
	WITNESS_HEARD,	/* server answered: number the rcode */
	WITNESS_SILENT, /* server did not answer in time */
	WITNESS_ALIAS, /* a CNAME by source leads to name; stages look it up, 0:
			nobody does */
	WITNESS_CUT,   /* what the server said of name is dropped: it belongs to
			another stage */
	WITNESS_INSIDE, /* group's answer has inside addresses; number 1: they
			 are left out */
	WITNESS_DNS64, /* no AAAA: the A records are looked up in their place */
	WITNESS_FAIL,  /* SERVFAIL or REFUSED: text says why */
};

enum finding {
	FINDING_ABSENT,	  /* nothing of this kind is configured */
	FINDING_NONE,	  /* nothing matches the name */
	FINDING_MATCH,	  /* this answers, and nothing below it is asked */
	FINDING_BYPASS,	  /* a rule that says to go on */
	FINDING_WEAKER,	  /* zone matches, an internal zone is longer */
	FINDING_LEFT_OUT, /* this hop may not look there (section 1.5) */
};

/* Only the members that its kind names are set. */
struct sighting {
	enum witness_kind kind;
	enum finding finding;
	enum lookup lookup;
	enum source source;
	enum carrier carrier;
	unsigned stage;	 /* one STAGE_ bit */
	unsigned stages; /* STAGE_ bits */
	unsigned number;
	const uint8_t *name; /* whole wire, in the witness's arena */
	const struct network *network;
	const struct fault *fault;
	const struct zone *zone;
	const struct rule *rule;
	const struct upstream_group *group;
	const struct upstream_server *server;
	const char *text; /* likewise */
};

enum { WITNESS_SIGHTINGS = 1024 };

/* What it refers to lives in the snapshot that answered. */
struct witness {
	struct arena *arena;   /* for names */
	struct sighting *seen; /* WITNESS_SIGHTINGS of them */
	size_t count;
	bool full; /* later ones are not kept */
};

/* Keeps a sighting, with a copy of its name; NULL witness: does nothing. */
void witness_add(struct witness *witness, const struct sighting *sighting);

#endif
