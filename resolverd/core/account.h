#ifndef CORE_ACCOUNT_H
#define CORE_ACCOUNT_H

#include <stdbool.h>

struct query;
struct transmission;

/*
 * What a query came to, for the log, the live view and the metrics: who
 * answered, and who was in charge of the name.
 */

/* Who answered; of several the one that took longest. */
enum origin {
	ORIGIN_RULE,	 /* a response policy */
	ORIGIN_ZONE,	 /* a private or internal zone */
	ORIGIN_CACHE,	 /* what a server said before */
	ORIGIN_STALE,	 /* the same, past its time */
	ORIGIN_UPSTREAM, /* a server */
	ORIGIN_SPECIAL,	 /* the rules of DNS, or an injected fault */
	ORIGIN_ERROR,	 /* nobody: it could not be answered */
};
enum { ORIGINS = 7 };

/* Who was in charge of the name asked for: Cloud Logging's target_type. */
enum target_type {
	TARGET_PRIVATE_ZONE,
	TARGET_FORWARDING_ZONE,
	TARGET_FORWARDING_POLICY, /* alternative name servers */
	TARGET_PEERING_ZONE,
	TARGET_RESPONSE_POLICY, /* of which Cloud Logging has no word */
	TARGET_INTERNAL,	/* Compute Engine's zones */
	TARGET_EXTERNAL,	/* public DNS */
	TARGET_NONE,		/* it was turned down before that */
};

/*
 * The query as one network sees it.  One that goes through peering zones is
 * seen by each network on its way (the fact sheet's section 8.2).
 */
struct account_side {
	const char *network; /* its name, "" without one */
	bool logs;	     /* its policy has enable_logging */
	enum target_type target;
	const char *target_name; /* resource name; of public DNS "" */
	const char *rule;	 /* of a response policy, or "" */
};

/* "rule", "zone", "cache" and so on, as metrics label it. */
const char *origin_text(enum origin origin);

/* Cloud Logging's word: "private-zone" and so on. */
const char *target_text(enum target_type target);

/* The engine: this was asked for the query, or for where a CNAME led. */
void account_note(struct query *query, enum origin origin);

/* The functions below are for queries that have just been answered. */

enum origin account_origin(const struct query *query);

/* The rcode that the reply has, what EDNS adds included. */
unsigned account_rcode(const struct query *query);

/* Networks on its way: the client's is the first. */
unsigned account_sides(const struct query *query);
struct account_side account_side(const struct query *query, unsigned n);

/*
 * The server that answered, or that was asked last and did not; NULL when it
 * was none, or another query's.
 */
const struct transmission *account_server(const struct query *query);

#endif
