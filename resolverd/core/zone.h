#ifndef CORE_ZONE_H
#define CORE_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "core/path.h"
#include "dns/rrset.h"

struct network;
struct steering;

/*
 * What stands at one name.  A set with a routing policy has its steering; its
 * RRset is then there for its type alone.
 */
struct zone_set {
	const struct rrset *rrset;
	const struct steering *steering; /* NULL: the RRset is the answer */
};

struct zone_sets {
	const struct zone_set *sets;
	uint16_t count; /* 0: empty non-terminal */
};

/* A name that exists in a zone, empty non-terminals included. */
struct zone_node {
	uint64_t hash;
	const uint8_t *owner; /* folded whole wire; NULL: free slot */
	struct zone_sets data;
	const struct zone_node *wildcard; /* the '*' below it, or NULL */
	bool shadowed; /* a wildcard stands below one of its ancestors */
};

enum zone_kind {
	ZONE_PRIVATE,	 /* answers from its records, finally */
	ZONE_FORWARDING, /* hands every name to its servers */
	ZONE_PEERING,	 /* resolves every name as in another network */
	ZONE_INTERNAL,	 /* private, of Compute Engine's own */
};

/*
 * A managed zone, compiled: immutable, in the snapshot's arena.  A private
 * zone's nodes hold at least the apex with SOA and NS.
 */
struct zone {
	enum zone_kind kind;
	const char *name;    /* Cloud DNS's resource name */
	struct mark mark;    /* where it was written; file NULL: nowhere */
	const uint8_t *apex; /* dns_name, folded whole wire */
	unsigned labels;     /* of apex */
	const struct zone_node *nodes;
	size_t mask; /* slots of nodes less one */
	const struct rrset *soa;
	uint32_t negative_ttl; /* the lesser of the SOA's TTL and minimum */
	bool strict_wildcards; /* RFC 4592 where Cloud DNS differs */
	const struct upstream_group *forward_to; /* ZONE_FORWARDING */
	const struct network *peer;		 /* ZONE_PEERING */
};

enum lookup {
	LOOKUP_FOUND,	 /* node has the type */
	LOOKUP_ALIAS,	 /* node has a CNAME and something else was asked */
	LOOKUP_NODATA,	 /* the name exists, the type does not */
	LOOKUP_NXDOMAIN, /* the name does not exist */
};

/*
 * Looks a name, which lies under the zone's apex, up in a private zone
 * (RFC 1034 section 4.3.2, RFC 4592; the fact sheet's section 2.2 where
 * Cloud DNS differs).  *node is the node whose records make the answer; the
 * owner in the answer is the name asked.  For the two negatives it is the node
 * that lacks the type; where there is none *node is left alone.
 */
enum lookup zone_lookup(const struct zone *zone, const struct path *path,
    uint16_t qtype, const struct zone_node **node);

/* What a name holds of a type, or NULL. */
const struct zone_set *zone_set(const struct zone_sets *sets, uint16_t type);

/* What a name that holds these sets has to say to a question of a type. */
enum lookup zone_answer(const struct zone_sets *sets, uint16_t qtype);

/* One RRset on its way into a zone. */
struct zone_entry {
	const uint8_t *owner; /* folded whole wire, borrowed */
	struct zone_set set;
};

/*
 * Builds the nodes of zone, whose apex and labels are set, from entries that
 * lie under its apex and hold one RRset a name and type, a SOA at the apex
 * among them.  Everything comes from arena, where the owners must live as
 * long; false when it is full.
 */
bool zone_build(struct zone *zone, const struct zone_entry *entries,
    size_t count, const struct hash_key *key, struct arena *arena);

#endif
