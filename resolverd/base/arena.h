#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A bump allocator.  A fixed arena lives in memory its owner gave it and
 * never touches the heap: the data path uses these.  A growing arena takes
 * blocks from the heap: configuration and snapshots use these.
 *
 * Running out is sticky: once an allocation failed, `full` stays set until
 * the arena is reset, so a run of allocations is checked once.
 */
struct arena {
	uint8_t *at;   /* the next free octet */
	uint8_t *end;  /* one past the last octet of the current block */
	uint8_t *base; /* fixed: the owner's memory; growing: NULL */
	struct arena_block *blocks; /* growing: what arena_fini frees */
	size_t block_size;	    /* growing: octets a block; fixed: 0 */
	size_t taken;		    /* growing: octets held from the heap */
	bool full;
};

/* Makes a fixed arena of size octets at block, which the caller keeps. */
void arena_init(struct arena *arena, void *block, size_t size);

/* Makes a growing arena whose blocks are at least block_size octets. */
void arena_init_heap(struct arena *arena, size_t block_size);

/* Frees the blocks of a growing arena; a fixed one is only forgotten. */
void arena_fini(struct arena *arena);

/* Forgets all allocations of a fixed arena and clears full. */
void arena_reset(struct arena *arena);

/* Forgets what was allocated in a fixed arena since its `at` was this. */
void arena_rewind(struct arena *arena, uint8_t *at);

/*
 * Returns size octets aligned for any object, not cleared; NULL and sticky
 * full when there is no room.  A size of 0 returns a valid pointer.
 */
void *arena_alloc(struct arena *arena, size_t size);

/* arena_alloc of count * size octets, cleared; overflow counts as full. */
void *arena_calloc(struct arena *arena, size_t count, size_t size);

/* Copies len octets into the arena; NULL when full. */
void *arena_copy(struct arena *arena, const void *from, size_t len);

/* Copies a string, its terminator included; NULL when full. */
char *arena_strdup(struct arena *arena, const char *text);

/* Formats into the arena as printf does; NULL when full. */
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
