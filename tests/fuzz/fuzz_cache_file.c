#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/snapshot.h"
#include "ctl/cache_form.h"

/*
 * A file that the cache was saved in: looking whether it is whole, and taking
 * what it holds without having looked.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct hash_key key = {1, 2};

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* All that came in can be read, and is gone by its time. */
static void
check_cache(struct cache *cache, uint64_t now)
{
	static uint8_t memory[512 * 1024];
	struct cache_cursor cursor = {0};
	struct cache_key met;
	struct cache_hit hit;
	struct arena arena;
	size_t count = 0;

	for (; cache_walk(cache, &cursor, &met); count++) {
		const struct cache_look look = {.now = now, .arena = &arena};

		arena_init(&arena, memory, sizeof(memory));
		must(cache_peek(cache, &met, &look, &hit) == CACHE_FRESH);
		must(hit.left > 0 && hit.left <= 60);
		must(hit.reply.count > 0);
		must(met.group == 7 && !met.failure);
	}
	must(count == cache->live);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static union {
		uint8_t octets[CACHE_SIZE_MIN];
		uint64_t aligned;
	} block;
	const struct upstream_group group = {
	    .id = 7,
	    .label = "60 s, 192.0.2.53",
	    .max_ttl = 60,
	};
	const struct snapshot snapshot = {
	    .groups = &group,
	    .options.cache_max_negative_ttl = 60,
	};
	const struct cache_loading loading = {
	    .snapshot = &snapshot,
	    .now = 1000,
	    .date = 1800000000,
	};
	FILE *file = size == 0 ? NULL : fmemopen(NULL, size, "w+");
	struct cache cache;

	if (file == NULL)
		return 0;
	must(fwrite(data, 1, size, file) == size);
	memset(&block, 0, sizeof(block));
	cache_init(&cache, &block, sizeof(block), &key);
	cache_form_verify(file, loading.date);
	cache_form_load(file, &cache, &loading);
	check_cache(&cache, loading.now);
	fclose(file);
	return 0;
}
