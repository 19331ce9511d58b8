#ifndef CORE_SNAPSHOT_H
#define CORE_SNAPSHOT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/hash.h"
#include "core/suffix.h"
#include "core/upstream.h"
#include "core/zone.h"

/* A VPC network: what its clients see. */
struct network {
	const char *name;
	struct suffix_index zones;		/* dns_name to struct zone */
	const struct upstream_group *upstreams; /* NULL: nowhere to forward */
};

/* What a query for type ANY gets from a private zone. */
enum any_query {
	ANY_ALL,     /* every RRset of the name */
	ANY_MINIMAL, /* one HINFO record (RFC 8482 section 4.2) */
};

/* The knobs of behaviour, as const struct in the snapshot. */
struct options {
	bool extended_errors;	/* RFC 8914 */
	uint16_t edns_udp_size; /* advertised in replies */
	uint16_t max_udp_size;	/* no UDP reply is longer */
	enum any_query any_query;
	uint32_t cache_max_ttl;		 /* seconds */
	uint32_t cache_max_negative_ttl; /* seconds */
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
	const struct network *network;
	const struct prefix *allow; /* clients that are served */
	size_t allow_count;
	const struct addr *inbound; /* entry points for inbound forwarding */
	size_t inbound_count;
	const struct rrset *any_hinfo; /* for ANY_MINIMAL */
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

/* Whether an address of ours stands for an inbound entry point. */
bool
snapshot_is_inbound(const struct snapshot *snapshot, const struct addr *local);

#endif
