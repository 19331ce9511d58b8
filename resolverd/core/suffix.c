#include "core/suffix.h"

#include <assert.h>
#include <string.h>

enum { DEPTH_BITS = 64, TAG_SHIFT = 48 };

/* The most labels that a name has, up to this many; -1: none has so few. */
static inline int
depth_below(const struct suffix_index *index, int depth)
{
	int word = depth / DEPTH_BITS;
	uint64_t bits;

	if (depth < 0)
		return -1;
	bits = index->depths[word] << (DEPTH_BITS - 1 - depth % DEPTH_BITS);
	if (bits != 0)
		return depth - __builtin_clzll(bits);
	if (word == 0 || index->depths[0] == 0)
		return -1;
	return DEPTH_BITS - 1 - __builtin_clzll(index->depths[0]);
}

/* Bits of a hash that its place in the table does not tell; never 0. */
static uint16_t
tag_of(uint64_t hash)
{
	return (uint16_t)(hash >> TAG_SHIFT | 1);
}

/* The slot that holds suffix n of path, or the free one where it would be. */
static inline size_t
slot_find(const struct suffix_index *index, const struct path *path, unsigned n)
{
	const uint64_t hash = path->hash[n];
	const uint8_t *name = path_suffix(path, n);
	const size_t size = path->name.len - path->at[n];
	size_t at = hash & index->mask;

	for (; index->tags[at] != 0; at = (at + 1) & index->mask) {
		if (index->tags[at] == tag_of(hash) &&
		    index->slots[at].hash == hash &&
		    memcmp(index->slots[at].name, name, size) == 0)
			break;
	}
	return at;
}

bool
suffix_init(struct suffix_index *index, size_t count, struct arena *arena)
{
	size_t slots = 2;

	/* At most half full, so that a search always meets a free slot. */
	while (slots < 2 * count)
		slots *= 2;
	memset(index, 0, sizeof(*index));
	index->slots = arena_calloc(arena, slots, sizeof(*index->slots));
	index->tags = arena_calloc(arena, slots, sizeof(*index->tags));
	index->mask = slots - 1;
	return index->slots != NULL && index->tags != NULL;
}

bool
suffix_empty(const struct suffix_index *index)
{
	return (index->depths[0] | index->depths[1]) == 0;
}

const void *
suffix_add(struct suffix_index *index, const struct path *path,
    const uint8_t *name, const void *value)
{
	const unsigned depth = path->name.labels;
	const size_t at = slot_find(index, path, 0);

	if (index->tags[at] != 0)
		return index->slots[at].value;
	index->tags[at] = tag_of(path->hash[0]);
	index->slots[at] = (struct suffix_slot){
	    .hash = path->hash[0],
	    .name = name,
	    .value = value,
	};
	index->depths[depth / DEPTH_BITS] |= UINT64_C(1)
	    << (depth % DEPTH_BITS);
	return NULL;
}

void
suffix_replace(struct suffix_index *index, const struct path *path,
    const void *value)
{
	const size_t at = slot_find(index, path, 0);

	assert(index->tags[at] != 0);
	index->slots[at].value = value;
}

const void *
suffix_find_from(const struct suffix_index *index, const struct path *path,
    unsigned *n)
{
	const int labels = path->name.labels;
	int depth = depth_below(index, labels - (int)*n);

	for (; depth >= 0; depth = depth_below(index, depth - 1)) {
		size_t at;

		*n = (unsigned)(labels - depth);
		at = slot_find(index, path, *n);
		if (index->tags[at] != 0)
			return index->slots[at].value;
	}
	*n = (unsigned)labels + 1;
	return NULL;
}

bool
suffix_has_longer(const struct suffix_index *index, const struct path *path,
    unsigned labels)
{
	const int all = path->name.labels;
	int depth = depth_below(index, all);

	for (; depth > (int)labels; depth = depth_below(index, depth - 1)) {
		const size_t at =
		    slot_find(index, path, (unsigned)(all - depth));

		if (index->tags[at] != 0)
			return true;
	}
	return false;
}

const void *
suffix_find(const struct suffix_index *index, const struct path *path)
{
	unsigned n = 0;

	return suffix_find_from(index, path, &n);
}
