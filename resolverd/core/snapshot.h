#ifndef CORE_SNAPSHOT_H
#define CORE_SNAPSHOT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/hash.h"
#include "core/steer.h"
#include "core/suffix.h"
#include "core/upstream.h"
#include "core/zone.h"

struct faults;
struct policy;
struct tls;

/* Response policy and zones of one scope: a VPC network or a GKE cluster. */
struct scope {
	const struct policy *policy; /* response policy; NULL: none */
	struct suffix_index zones;   /* dns_name to struct zone */
};

/* A VPC network: what is looked up, in the order of the fact sheet's 1.3. */
struct network {
	const char *name;
	const struct upstream_group *servers; /* alternative name servers */
	struct scope scope;
	struct suffix_index internal; /* Compute Engine's, to struct zone */
	const struct upstream_group *upstreams; /* NULL: nowhere to forward */
	const char *server_policy;		/* its name, or NULL */
	struct position position;		/* of its region */
	bool dns64;
	bool logging;
};

/* What a client gets to see. */
struct view {
	const struct network *network;
	const struct scope *cluster; /* comes first; NULL: not a GKE node */
	const char *cluster_name;    /* or NULL */
	bool inbound;		     /* came through an entry point */
};

/* Who gets a view: both must hold. */
struct viewer {
	struct addr local; /* the address asked; port 0: any; len 0: any */
	struct prefix client;
	bool any_client;
	struct view view;
};

/* When the whole order is run again for a CNAME's target (1.5). */
enum chasing {
	CHASING_AUTO,	 /* classic until 2027-01-04, per hop after that */
	CHASING_CLASSIC, /* by where the CNAME came from */
	CHASING_PER_HOP, /* always */
};

/* What a rule says of a type that it has no local data for (section 5). */
enum missing_type {
	MISSING_NODATA,	 /* the name is overridden as a whole */
	MISSING_RESOLVE, /* as if the rule did not match */
};

/* How private and internal zones compete (the fact sheet's section 1.4). */
enum internal_order {
	INTERNAL_BY_SUFFIX, /* the longer one, the private one at a tie */
	INTERNAL_LAST,	    /* only where no other zone matches */
};

/* What a query for type ANY gets from a private zone. */
enum any_query {
	ANY_ALL,     /* every RRset of the name */
	ANY_MINIMAL, /* one HINFO record (RFC 8482 section 4.2) */
};

/* What becomes of inside addresses in answers from outside. */
enum rebinding {
	REBINDING_OFF,	 /* they are passed on */
	REBINDING_LOG,	 /* the same, and the log says so */
	REBINDING_BLOCK, /* they are left out */
};

/* What an injected fault does to a query: core/fault.h. */
enum fault_kind {
	FAULT_SERVFAIL, /* answered SERVFAIL */
	FAULT_NXDOMAIN, /* answered NXDOMAIN, without a SOA: nobody keeps it */
	FAULT_REFUSE,	/* answered REFUSED */
	FAULT_DROP,	/* not answered */
	FAULT_TRUNCATE, /* over UDP answered with nothing but TC */
	FAULT_DELAY,	/* answered late, but as if nothing were */
	FAULT_FLAP,	/* in turn left alone and met by another kind */
	FAULT_KINDS,
};

enum fault_transport { FAULT_BOTH, FAULT_UDP, FAULT_TCP };

/* A share of queries in ten-thousandths of a percent: this is each of them. */
enum { FAULT_ALWAYS = 100 * 10000 };

/* The knobs of behaviour, as const struct in the snapshot. */
struct options {
	bool extended_errors;	/* RFC 8914 */
	uint16_t edns_udp_size; /* advertised in replies */
	uint16_t max_udp_size;	/* no UDP reply is longer */
	enum any_query any_query;
	enum chasing cname_chasing;
	enum missing_type response_policy_missing_type;
	enum internal_order internal_dns_order;
	uint32_t cache_max_ttl;		 /* seconds */
	uint32_t cache_max_negative_ttl; /* seconds */
	uint32_t cache_max_stale;	 /* seconds past its time; 0: never */
	uint32_t cache_failure_ttl;	 /* seconds */
	bool prefetch;			 /* what is asked for often */
	bool case_randomization;	 /* of questions to servers: "0x20" */
	bool dns_cookies;		 /* to servers (RFC 7873) */
	enum rebinding rebind_protection;
	uint32_t rate_limit; /* UDP queries a second and prefix; 0: none */
};

struct snapshot;

/* The one part of a snapshot that changes: who still refers to it. */
struct snapshot_life {
	atomic_uint references;
	struct snapshot *snapshot;  /* for whoever frees it */
	struct snapshot_life *next; /* for whoever dropped it last */
};

/*
 * The whole of what was asked for, immutable once published, shared by all
 * threads.  Made by model/compile in one arena; freed whole by the control
 * thread after the last reference was dropped.
 */
struct snapshot {
	struct snapshot_life *life;
	struct arena arena;
	struct hash_key key;
	struct options options;
	uint64_t claims; /* hash of all that leads names anywhere: where it is
			    the same, every name leads to where it did */
	const struct network *networks;
	size_t network_count;
	const struct viewer *viewers; /* the first that fits decides */
	size_t viewer_count;
	const struct view *views; /* of each network, then of each cluster */
	size_t view_count;
	struct view view; /* for whom no viewer fits: the default network */
	const struct prefix *allow; /* clients that are served */
	size_t allow_count;
	struct suffix_index rebind_allow; /* names; its values mean nothing */
	struct health_target *health;	  /* of steering, by their index */
	size_t health_count;
	struct tls *tls; /* the shell's, for servers with TLS, or NULL */
	const struct upstream_group *groups; /* all that there are */
	const struct rrset *any_hinfo;	     /* for ANY_MINIMAL */
	const struct faults *faults;	     /* injected; NULL: none */
	size_t zone_count;
};

/* Takes one more reference. */
const struct snapshot *snapshot_hold(const struct snapshot *snapshot);

/*
 * Gives one reference back.  True: that was the last, and the caller must
 * see to it that the control thread frees the snapshot.
 */
bool snapshot_drop(const struct snapshot *snapshot);

/* Whether clients at addr are served. */
bool
snapshot_allows(const struct snapshot *snapshot, const struct addr *client);

/* What a client that asks at local, an address of ours, gets to see. */
const struct view *snapshot_view(const struct snapshot *snapshot,
    const struct addr *client, const struct addr *local);

/*
 * The view of a network, or of a GKE cluster, by its name; one of the two is
 * NULL.  NULL: there is no such.
 */
const struct view *snapshot_view_named(const struct snapshot *snapshot,
    const char *network, const char *cluster);

#endif
