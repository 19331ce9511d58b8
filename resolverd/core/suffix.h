#ifndef CORE_SUFFIX_H
#define CORE_SUFFIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "core/path.h"

struct suffix_slot {
	uint64_t hash;
	const uint8_t *name; /* folded whole wire */
	const void *value;
};

/*
 * Names to values, searched for the longest suffix by whole labels.  Built
 * once in an arena, then never changed.  A search costs one probe for each
 * label count that occurs among the names, whatever their number; a probe that
 * finds nothing reads no more than a tag, and the tags of 10,000 names are
 * 64 KiB, which a core's own cache holds.
 */
struct suffix_index {
	struct suffix_slot *slots;
	uint16_t *tags;	    /* of each slot a part of the hash; 0: free */
	size_t mask;	    /* slots less one; slots is a power of two */
	uint64_t depths[2]; /* bit n: some name has n labels */
};

/* Makes room for up to count names; false when the arena is full. */
bool suffix_init(struct suffix_index *index, size_t count, struct arena *arena);

/* Whether there is no name in it. */
bool suffix_empty(const struct suffix_index *index);

/*
 * Adds a name, given as its own path; name and value are borrowed.  Returns
 * the value that already stands there, or NULL when it was added.
 */
const void *suffix_add(struct suffix_index *index, const struct path *path,
    const uint8_t *name, const void *value);

/* Gives a name that is in index another value. */
void suffix_replace(struct suffix_index *index, const struct path *path,
    const void *value);

/* The value of the longest suffix of path that is in index, or NULL. */
const void *
suffix_find(const struct suffix_index *index, const struct path *path);

/* Whether there is one that has more labels than so many. */
bool suffix_has_longer(const struct suffix_index *index,
    const struct path *path, unsigned labels);

/*
 * The same among the suffixes that lack *n labels or more of the name; tells
 * in *n how many the one found lacks.
 */
const void *suffix_find_from(const struct suffix_index *index,
    const struct path *path, unsigned *n);

#endif
