#ifndef CONFIG_TEXT_INDEX_H
#define CONFIG_TEXT_INDEX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/hash.h"

struct text_slot;

/*
 * Texts with a value each, found in constant time.  Lives in an arena; texts
 * and values are borrowed.  A full arena makes it forget, never fail: the
 * arena's flag tells.
 */
struct text_index {
	struct arena *arena;
	struct hash_key key;
	struct text_slot *slots;
	size_t size; /* a power of two, or 0 */
	size_t count;
};

void text_index_init(struct text_index *index, struct arena *arena);

/* The value of a text, or NULL. */
void *text_index_get(const struct text_index *index, const char *text);

/*
 * Gives a text its value unless it has one, which is returned then; NULL when
 * the text is new.  value must not be NULL.
 */
void *text_index_add(struct text_index *index, const char *text, void *value);

#endif
