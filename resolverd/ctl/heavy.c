#include "ctl/heavy.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool
heavy_init(struct heavy *heavy, size_t size, const struct hash_key *key)
{
	assert(size > 0 && size < UINT32_MAX);
	*heavy = (struct heavy){
	    .items = calloc(size, sizeof(*heavy->items)),
	    .order = calloc(size, sizeof(const struct heavy_item *)),
	    .heap = calloc(size, sizeof(*heavy->heap)),
	    .buckets = calloc(size, sizeof(*heavy->buckets)),
	    .size = size,
	    .key = *key,
	};
	if (heavy->items != NULL && heavy->order != NULL &&
	    heavy->heap != NULL && heavy->buckets != NULL)
		return true;
	heavy_fini(heavy);
	return false;
}

void
heavy_fini(struct heavy *heavy)
{
	free(heavy->items);
	free(heavy->order);
	free(heavy->heap);
	free(heavy->buckets);
	*heavy = (struct heavy){.items = NULL};
}

/* The heap: nobody has a lesser count than the one above. */

static uint64_t
count_at(const struct heavy *heavy, uint32_t place)
{
	return heavy->items[heavy->heap[place]].count;
}

static void
put(struct heavy *heavy, uint32_t place, uint32_t index)
{
	heavy->heap[place] = index;
	heavy->items[index].place = place;
}

/* The count of who is there has grown. */
static void
sink(struct heavy *heavy, uint32_t place)
{
	const uint32_t index = heavy->heap[place];
	uint32_t below = 2 * place + 1;

	while (below < heavy->used) {
		if (below + 1 < heavy->used &&
		    count_at(heavy, below + 1) < count_at(heavy, below))
			below++;
		if (count_at(heavy, below) >= heavy->items[index].count)
			break;
		put(heavy, place, heavy->heap[below]);
		place = below;
		below = 2 * place + 1;
	}
	put(heavy, place, index);
}

/* A newcomer, who has come once: nobody has come less. */
static void
rise(struct heavy *heavy, uint32_t place)
{
	const uint32_t index = heavy->heap[place];

	while (place > 0 &&
	    count_at(heavy, (place - 1) / 2) > heavy->items[index].count) {
		put(heavy, place, heavy->heap[(place - 1) / 2]);
		place = (place - 1) / 2;
	}
	put(heavy, place, index);
}

/* Buckets. */

static uint32_t *
bucket_of(struct heavy *heavy, const void *key, size_t len)
{
	return &heavy->buckets[hash_bytes(&heavy->key, key, len) % heavy->size];
}

static struct heavy_item *
find(struct heavy *heavy, uint32_t at, const void *key, size_t len)
{
	while (at != 0) {
		struct heavy_item *item = &heavy->items[at - 1];

		if (item->len == len && memcmp(item->key, key, len) == 0)
			return item;
		at = item->next;
	}
	return NULL;
}

static void
bucket_leave(struct heavy *heavy, uint32_t index)
{
	const struct heavy_item *item = &heavy->items[index];
	uint32_t *at = bucket_of(heavy, item->key, item->len);

	while (*at != index + 1)
		at = &heavy->items[*at - 1].next;
	*at = item->next;
}

/* A counter for a new key, at a place of the heap: a free one or the least. */
static uint32_t
vacate(struct heavy *heavy)
{
	if (heavy->used < heavy->size) {
		put(heavy, (uint32_t)heavy->used, (uint32_t)heavy->used);
		return (uint32_t)heavy->used++;
	}
	bucket_leave(heavy, heavy->heap[0]);
	return heavy->heap[0];
}

static void
admit(struct heavy *heavy, uint32_t *bucket, const void *key, size_t len)
{
	const uint32_t index = vacate(heavy);
	struct heavy_item *item = &heavy->items[index];

	item->error = item->count;
	item->count++;
	item->recent = 1;
	item->len = (uint8_t)len;
	memcpy(item->key, key, len);
	item->next = *bucket;
	*bucket = index + 1;
	if (item->error == 0) {
		rise(heavy, item->place);
	} else {
		sink(heavy, item->place);
	}
}

void
heavy_add(struct heavy *heavy, const void *key, size_t len)
{
	uint32_t *bucket = bucket_of(heavy, key, len);
	struct heavy_item *item = find(heavy, *bucket, key, len);

	assert(len <= HEAVY_KEY);
	heavy->total++;
	if (item == NULL) {
		admit(heavy, bucket, key, len);
		return;
	}
	item->count++;
	item->recent++;
	sink(heavy, item->place);
}

void
heavy_turn(struct heavy *heavy)
{
	for (size_t i = 0; i < heavy->used; i++)
		heavy->items[i].recent = 0;
}

static int
compare(const void *a, const void *b)
{
	const struct heavy_item *x = *(const struct heavy_item *const *)a;
	const struct heavy_item *y = *(const struct heavy_item *const *)b;
	const size_t len = x->len < y->len ? x->len : y->len;
	const int order = memcmp(x->key, y->key, len);

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return order != 0 ? order : x->len - y->len;
}

const struct heavy_item *const *
heavy_top(struct heavy *heavy)
{
	for (size_t i = 0; i < heavy->used; i++)
		heavy->order[i] = &heavy->items[i];
	qsort(heavy->order, heavy->used, sizeof(const struct heavy_item *),
	    compare);
	return heavy->order;
}
