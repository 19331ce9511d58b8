#include "config/text_index.h"

#include <assert.h>
#include <string.h>
#include <sys/random.h>

enum { FIRST_SIZE = 64 };

struct text_slot {
	const char *text; /* NULL: free */
	void *value;
};

void
text_index_init(struct text_index *index, struct arena *arena)
{
	*index = (struct text_index){.arena = arena};
	/* Without entropy the key is only easier to guess. */
	(void)!getrandom(&index->key, sizeof(index->key), GRND_NONBLOCK);
}

/* The slot of a text, or the free one where it belongs. */
static struct text_slot *
slot_of(const struct text_index *index, const char *text)
{
	size_t at = (size_t)hash_bytes(&index->key, text, strlen(text));

	for (;; at++) {
		struct text_slot *slot = &index->slots[at & (index->size - 1)];

		if (slot->text == NULL || strcmp(slot->text, text) == 0)
			return slot;
	}
}

void *
text_index_get(const struct text_index *index, const char *text)
{
	return index->size == 0 ? NULL : slot_of(index, text)->value;
}

static bool
index_grow(struct text_index *index)
{
	const struct text_index old = *index;
	const size_t size = old.size == 0 ? FIRST_SIZE : 2 * old.size;
	struct text_slot *slots =
	    arena_calloc(index->arena, size, sizeof(*slots));

	if (slots == NULL)
		return false;
	index->slots = slots;
	index->size = size;
	for (size_t i = 0; i < old.size; i++) {
		if (old.slots[i].text != NULL)
			*slot_of(index, old.slots[i].text) = old.slots[i];
	}
	return true;
}

void *
text_index_add(struct text_index *index, const char *text, void *value)
{
	struct text_slot *slot;

	assert(value != NULL);
	if (2 * (index->count + 1) > index->size && !index_grow(index))
		return NULL;
	slot = slot_of(index, text);
	if (slot->text != NULL)
		return slot->value;
	*slot = (struct text_slot){.text = text, .value = value};
	index->count++;
	return NULL;
}
