#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_ALIGN = alignof(max_align_t) };

struct arena_block {
	alignas(max_align_t) struct arena_block *next;
};

void
arena_init(struct arena *arena, void *block, size_t size)
{
	*arena = (struct arena){.at = block,
	    .base = block,
	    .end = (uint8_t *)block + size};
}

void
arena_init_heap(struct arena *arena, size_t block_size)
{
	assert(block_size > 0);
	*arena = (struct arena){.block_size = block_size};
}

void
arena_fini(struct arena *arena)
{
	struct arena_block *block = arena->blocks;

	while (block != NULL) {
		struct arena_block *next = block->next;

		free(block);
		block = next;
	}
	*arena = (struct arena){.block_size = arena->block_size};
}

void
arena_reset(struct arena *arena)
{
	assert(arena->block_size == 0);
	arena->at = arena->base;
	arena->full = false;
}

void
arena_rewind(struct arena *arena, uint8_t *at)
{
	assert(arena->block_size == 0);
	assert(at >= arena->base && at <= arena->at);
	arena->at = at;
	arena->full = false;
}

/* Makes a block with room for size octets the current one. */
static bool
arena_grow(struct arena *arena, size_t size)
{
	const size_t room = size > arena->block_size ? size : arena->block_size;
	struct arena_block *block;

	if (arena->block_size == 0 || room > SIZE_MAX - sizeof(*block))
		return false;
	block = malloc(sizeof(*block) + room);
	if (block == NULL)
		return false;
	block->next = arena->blocks;
	arena->blocks = block;
	arena->at = (uint8_t *)(block + 1);
	arena->end = arena->at + room;
	arena->taken += sizeof(*block) + room;
	return true;
}

/* Octets to skip so that what follows is aligned for any object. */
static size_t
arena_padding(const struct arena *arena)
{
	return (size_t)(-(uintptr_t)arena->at & (ARENA_ALIGN - 1));
}

/* Whether size octets, aligned, fit into the current block. */
static bool
arena_has(const struct arena *arena, size_t size)
{
	const size_t padding = arena_padding(arena);
	size_t left;

	if (arena->at == NULL)
		return false;
	left = (size_t)(arena->end - arena->at);
	return padding <= left && size <= left - padding;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	uint8_t *start;

	if (arena->full)
		return NULL;
	if (!arena_has(arena, size) && !arena_grow(arena, size)) {
		arena->full = true;
		return NULL;
	}
	start = arena->at + arena_padding(arena);
	arena->at = start + size;
	assert(arena->at <= arena->end);
	return start;
}

void *
arena_calloc(struct arena *arena, size_t count, size_t size)
{
	size_t octets;
	void *start;

	if (__builtin_mul_overflow(count, size, &octets)) {
		arena->full = true;
		return NULL;
	}
	start = arena_alloc(arena, octets);
	if (start != NULL)
		memset(start, 0, octets);
	return start;
}

void *
arena_copy(struct arena *arena, const void *from, size_t len)
{
	void *start = arena_alloc(arena, len);

	if (start != NULL && len > 0)
		memcpy(start, from, len);
	return start;
}

char *
arena_strdup(struct arena *arena, const char *text)
{
	return arena_copy(arena, text, strlen(text) + 1);
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0) {
		arena->full = true;
		return NULL;
	}
	text = arena_alloc(arena, (size_t)len + 1);
	if (text == NULL)
		return NULL;
	va_start(args, format);
	vsnprintf(text, (size_t)len + 1, format, args);
	va_end(args);
	return text;
}
