#include "core/suffix.h"

#include <assert.h>
#include <string.h>

enum { DEPTH_BITS = 64 };

static bool
depth_occurs(const struct suffix_index *index, unsigned depth)
{
	return (index->depths[depth / DEPTH_BITS] >> (depth % DEPTH_BITS) &
		   1) != 0;
}

/* The slot that holds suffix n of path, or the free one where it would be. */
static struct suffix_slot *
slot_find(const struct suffix_index *index, const struct path *path, unsigned n)
{
	const uint8_t *name = path_suffix(path, n);
	const size_t size = path->name.len - path->at[n];
	size_t at = path->hash[n] & index->mask;

	for (;;) {
		struct suffix_slot *slot = &index->slots[at];

		if (slot->name == NULL)
			return slot;
		if (slot->hash == path->hash[n] &&
		    memcmp(slot->name, name, size) == 0)
			return slot;
		at = (at + 1) & index->mask;
	}
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
	index->mask = slots - 1;
	return index->slots != NULL;
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
	struct suffix_slot *slot = slot_find(index, path, 0);

	if (slot->name != NULL)
		return slot->value;
	*slot = (struct suffix_slot){.hash = path->hash[0],
	    .name = name,
	    .value = value};
	index->depths[depth / DEPTH_BITS] |= UINT64_C(1)
	    << (depth % DEPTH_BITS);
	return NULL;
}

void
suffix_replace(struct suffix_index *index, const struct path *path,
    const void *value)
{
	struct suffix_slot *slot = slot_find(index, path, 0);

	assert(slot->name != NULL);
	slot->value = value;
}

const void *
suffix_find_from(const struct suffix_index *index, const struct path *path,
    unsigned *n)
{
	const unsigned labels = path->name.labels;

	for (; *n <= labels; (*n)++) {
		const struct suffix_slot *slot;

		if (!depth_occurs(index, labels - *n))
			continue;
		slot = slot_find(index, path, *n);
		if (slot->name != NULL)
			return slot->value;
	}
	return NULL;
}

const void *
suffix_find(const struct suffix_index *index, const struct path *path)
{
	unsigned n = 0;

	return suffix_find_from(index, path, &n);
}
