#ifndef CORE_POLICY_H
#define CORE_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/hash.h"
#include "core/path.h"
#include "core/suffix.h"
#include "core/zone.h"

/* A rule of a response policy; immutable, in the snapshot's arena. */
struct rule {
	const char *name;
	struct mark mark;	 /* where it was written */
	const uint8_t *selector; /* folded whole wire, with its '*' if any */
	bool bypass;		 /* else the local data is the answer */
	struct zone_sets data;
};

/*
 * A response policy: its rules by selector (the fact sheet's section 5).  Room
 * is made for a known number of rules; then they are added one by one.
 */
struct policy {
	const char *name;
	struct mark mark;
	struct suffix_index rules; /* the name below the '*' to a pair */
	size_t count;
};

bool policy_init(struct policy *policy, size_t count, struct arena *arena);

/* False when the arena is full; two rules of one selector must not be. */
bool policy_add(struct policy *policy, const struct rule *rule,
    const struct hash_key *key, struct arena *arena);

/*
 * The one rule that a name matches, or NULL: the longest selector, an exact
 * one before a wildcard.  "*.x" matches everything below x, not x itself.
 */
const struct rule *
policy_find(const struct policy *policy, const struct path *path);

#endif
