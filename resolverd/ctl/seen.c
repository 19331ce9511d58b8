#include "ctl/seen.h"

#include <stdlib.h>

#include "dns/request.h"

enum { FIRST_SIZE = 1024 };

void
seen_init(struct seen *seen, const struct hash_key *key)
{
	*seen = (struct seen){.key = *key};
}

void
seen_fini(struct seen *seen)
{
	free(seen->slots);
}

/* The slot that holds print, or the free one where it belongs. */
static uint64_t *
slot_of(uint64_t *slots, size_t size, uint64_t print)
{
	size_t at = print & (size - 1);

	while (slots[at] != 0 && slots[at] != print)
		at = (at + 1) & (size - 1);
	return &slots[at];
}

/* Room for one more; false: there is no memory. */
static bool
grow(struct seen *seen)
{
	const size_t size = seen->size == 0 ? FIRST_SIZE : 2 * seen->size;
	uint64_t *slots;

	if (2 * (seen->count + 1) <= seen->size)
		return true;
	slots = calloc(size, sizeof(*slots));
	if (slots == NULL)
		return seen->count + 1 < seen->size;
	for (size_t i = 0; i < seen->size; i++) {
		if (seen->slots[i] != 0)
			*slot_of(slots, size, seen->slots[i]) = seen->slots[i];
	}
	free(seen->slots);
	seen->slots = slots;
	seen->size = size;
	return true;
}

bool
seen_add(struct seen *seen, const struct question *question)
{
	struct name name = question->name;
	uint64_t print;
	uint64_t *slot;

	name_fold(&name);
	print = hash_join(&seen->key,
	    hash_bytes(&seen->key, name.wire, name.len), question->type);
	if (print == 0)
		print = 1;
	if (!grow(seen))
		return true;
	slot = slot_of(seen->slots, seen->size, print);
	if (*slot == print)
		return false;
	*slot = print;
	seen->count++;
	return true;
}
