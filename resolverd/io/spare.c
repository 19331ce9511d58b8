#include "io/spare.h"

#include <event2/event.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	SPARE_BLOCKS = 32,
	SPARE_SIZE = 1024,	 /* more than any one part of a stream */
	SPARE_STREAM = 8 * 1024, /* more than all of them */
};

struct block {
	max_align_t octets[SPARE_SIZE / sizeof(max_align_t)];
};

static struct block blocks[SPARE_BLOCKS];
static atomic_bool taken[SPARE_BLOCKS];

/* Which block it is; SPARE_BLOCKS: none, but the heap's. */
static size_t
spare_index(const void *at)
{
	const uintptr_t first = (uintptr_t)blocks;
	const uintptr_t place = (uintptr_t)at;

	if (place < first || place >= first + sizeof(blocks))
		return SPARE_BLOCKS;
	return (place - first) / sizeof(struct block);
}

static void *
spare_take(size_t size)
{
	if (size > sizeof(struct block))
		return NULL;
	for (size_t i = 0; i < SPARE_BLOCKS; i++) {
		if (!atomic_exchange(&taken[i], true))
			return &blocks[i];
	}
	return NULL;
}

static void *
spare_malloc(size_t size)
{
	void *at = malloc(size);

	return at != NULL ? at : spare_take(size);
}

static void
spare_free(void *at)
{
	const size_t index = spare_index(at);

	if (index == SPARE_BLOCKS) {
		free(at);
	} else {
		atomic_store(&taken[index], false);
	}
}

static void *
spare_realloc(void *at, size_t size)
{
	void *moved;

	if (spare_index(at) == SPARE_BLOCKS)
		return realloc(at, size);
	moved = malloc(size);
	if (moved == NULL)
		return size > sizeof(struct block) ? NULL : at;
	memcpy(moved, at,
	    size < sizeof(struct block) ? size : sizeof(struct block));
	spare_free(at);
	return moved;
}

void
spare_use(void)
{
	static atomic_flag used = ATOMIC_FLAG_INIT;

	/* Once: other threads may be at work with libevent later on. */
	if (!atomic_flag_test_and_set(&used)) {
		event_set_mem_functions(spare_malloc, spare_realloc,
		    spare_free);
	}
}

bool
spare_is_not_needed(void)
{
	void *at = malloc(SPARE_STREAM);

	free(at);
	return at != NULL;
}
