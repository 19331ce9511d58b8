#include "core/cache.h"

#include <assert.h>
#include <string.h>

enum {
	CACHE_ALIGN = 8,
	CACHE_BUCKET_SHARE = 256, /* octets of block for each bucket */
	CACHE_ENTRY_MAX = 16384,  /* no larger answer is kept */
};

#define CACHE_SIZE_MAX ((size_t)UINT32_MAX)
#define SECOND	       UINT64_C(1000000000)

enum {
	ENTRY_DEAD = 0x01, /* no longer in its bucket, or filler at the end */
	ENTRY_DO = 0x02,
	ENTRY_CD = 0x04,
	ENTRY_ANSWERED = 0x08,
	ENTRY_SOA = 0x10,
};

/* What stands in the ring before the name and the items. */
struct entry {
	uint32_t size; /* octets, this header included */
	uint32_t next; /* in the bucket: offset / CACHE_ALIGN; 0: none */
	uint64_t hash;
	uint64_t group;
	uint64_t stored_at;
	uint64_t expires_at;
	uint32_t ttl;
	uint16_t type;
	uint16_t rcode;
	uint16_t items;
	uint8_t flags;
	uint8_t name_len;
};

/* What stands before each item's owner and RRset. */
struct stored_item {
	uint32_t rrset_size; /* octets of struct rrset with its data */
	uint8_t section;
	uint8_t owner_len;
};

static struct entry *
entry_at(const struct cache *cache, size_t at)
{
	return (struct entry *)(void *)(cache->block + at);
}

static size_t
entry_offset(const struct cache *cache, const struct entry *entry)
{
	return (size_t)((const uint8_t *)entry - cache->block);
}

static size_t
aligned(size_t n)
{
	return (n + CACHE_ALIGN - 1) & ~(size_t)(CACHE_ALIGN - 1);
}

void
cache_init(struct cache *cache, void *block, size_t size,
    const struct hash_key *key)
{
	size_t buckets = 1;

	assert(size >= CACHE_SIZE_MIN);
	if (size > CACHE_SIZE_MAX)
		size = CACHE_SIZE_MAX;
	while (2 * buckets * CACHE_BUCKET_SHARE <= size)
		buckets *= 2;
	*cache = (struct cache){
	    .block = block,
	    .size = size & ~(size_t)(CACHE_ALIGN - 1),
	    .buckets = block,
	    .bucket_mask = buckets - 1,
	    .start = buckets * sizeof(uint32_t),
	    .key = *key,
	};
	cache->head = cache->start;
	cache->tail = cache->start;
}

/* A question told apart: its flags as an entry keeps them, and its hash. */
static uint8_t
key_flags(const struct cache_key *key)
{
	return (uint8_t)((key->dnssec_ok ? ENTRY_DO : 0) |
	    (key->checking_disabled ? ENTRY_CD : 0));
}

static uint64_t
key_hash(const struct cache *cache, const struct cache_key *key, size_t len)
{
	uint64_t hash = hash_bytes(&cache->key, key->name, len);

	hash = hash_join(&cache->key, hash, key->group);
	return hash_join(&cache->key, hash,
	    (uint64_t)key->type << 8 | key_flags(key));
}

static bool
entry_is(const struct entry *entry, const struct cache_key *key, uint64_t hash,
    size_t len)
{
	return entry->hash == hash && entry->group == key->group &&
	    entry->type == key->type && entry->name_len == len &&
	    (entry->flags & (ENTRY_DO | ENTRY_CD)) == key_flags(key) &&
	    memcmp(entry + 1, key->name, len) == 0;
}

static struct entry *
entry_find(const struct cache *cache, const struct cache_key *key,
    uint64_t hash, size_t len)
{
	uint32_t at = cache->buckets[hash & cache->bucket_mask];

	while (at != 0) {
		struct entry *entry = entry_at(cache, (size_t)at * CACHE_ALIGN);

		if (entry_is(entry, key, hash, len))
			return entry;
		at = entry->next;
	}
	return NULL;
}

static void
entry_link(struct cache *cache, struct entry *entry)
{
	uint32_t *bucket = &cache->buckets[entry->hash & cache->bucket_mask];

	entry->next = *bucket;
	*bucket = (uint32_t)(entry_offset(cache, entry) / CACHE_ALIGN);
}

/* Takes an entry out of its bucket; its octets stay until the tail comes. */
static void
entry_unlink(struct cache *cache, struct entry *entry)
{
	const uint32_t at =
	    (uint32_t)(entry_offset(cache, entry) / CACHE_ALIGN);
	uint32_t *link = &cache->buckets[entry->hash & cache->bucket_mask];

	while (*link != at) {
		assert(*link != 0);
		link = &entry_at(cache, (size_t)*link * CACHE_ALIGN)->next;
	}
	*link = entry->next;
	entry->flags |= ENTRY_DEAD;
}

/* Drops the oldest entry. */
static void
ring_evict(struct cache *cache)
{
	struct entry *entry = entry_at(cache, cache->tail);

	assert(cache->entries > 0);
	if ((entry->flags & ENTRY_DEAD) == 0)
		entry_unlink(cache, entry);
	cache->tail += entry->size;
	cache->entries--;
	/* A rest too small for a header is skipped by both ends alike. */
	if (cache->tail + sizeof(struct entry) > cache->size)
		cache->tail = cache->start;
}

/* Octets that may be written at head before the tail or the end is met. */
static size_t
ring_room(const struct cache *cache)
{
	if (cache->entries > 0 && cache->head <= cache->tail)
		return cache->tail - cache->head;
	return cache->size - cache->head;
}

/* Fills what is left before the end with a dead entry and starts over. */
static void
ring_wrap(struct cache *cache)
{
	const size_t rest = cache->size - cache->head;

	if (cache->entries > 0) {
		*entry_at(cache, cache->head) =
		    (struct entry){.size = (uint32_t)rest, .flags = ENTRY_DEAD};
		cache->entries++;
	}
	cache->head = cache->start;
}

/* Room for an entry of size octets at the head; the oldest give way. */
static struct entry *
ring_take(struct cache *cache, size_t size)
{
	struct entry *entry;

	assert(size <= CACHE_ENTRY_MAX && size % CACHE_ALIGN == 0);
	for (;;) {
		const bool below_tail =
		    cache->entries > 0 && cache->head <= cache->tail;

		if (ring_room(cache) >= size)
			break;
		if (below_tail) {
			ring_evict(cache);
		} else {
			ring_wrap(cache);
		}
	}
	entry = entry_at(cache, cache->head);
	cache->head += size;
	cache->entries++;
	if (cache->head + sizeof(struct entry) > cache->size)
		cache->head = cache->start;
	if (cache->entries == 1)
		cache->tail = entry_offset(cache, entry);
	return entry;
}

/* Whether the head will come by soon: a quarter of the ring or less away. */
static bool
entry_is_old(const struct cache *cache, const struct entry *entry)
{
	const size_t ring = cache->size - cache->start;
	const size_t at = entry_offset(cache, entry);
	const size_t ahead =
	    at >= cache->head ? at - cache->head : at + ring - cache->head;

	return ahead < ring / 4;
}

static size_t
item_size(const struct reply_item *item)
{
	return sizeof(struct rrset) + item->rrset->size;
}

static size_t
entry_size(const struct reply *reply, size_t name_len)
{
	size_t size = sizeof(struct entry) + name_len;

	for (size_t i = 0; i < reply->count; i++) {
		size += sizeof(struct stored_item) +
		    name_size(reply->items[i].owner) +
		    item_size(&reply->items[i]);
	}
	return aligned(size);
}

static void
entry_write(struct entry *entry, const struct cache_key *key, size_t len,
    const struct reply *reply)
{
	uint8_t *at = (uint8_t *)(entry + 1);

	memcpy(at, key->name, len);
	at += len;
	for (size_t i = 0; i < reply->count; i++) {
		const struct reply_item *item = &reply->items[i];
		const struct stored_item stored = {
		    .rrset_size = (uint32_t)item_size(item),
		    .section = (uint8_t)item->section,
		    .owner_len = (uint8_t)name_size(item->owner),
		};

		memcpy(at, &stored, sizeof(stored));
		at += sizeof(stored);
		memcpy(at, item->owner, stored.owner_len);
		at += stored.owner_len;
		memcpy(at, item->rrset, stored.rrset_size);
		at += stored.rrset_size;
	}
}

void
cache_put(struct cache *cache, const struct cache_key *key, uint32_t ttl,
    const struct reply *reply, uint64_t now)
{
	const size_t len = name_size(key->name);
	const uint64_t hash = key_hash(cache, key, len);
	const size_t size = entry_size(reply, len);
	struct entry *entry;

	if (ttl == 0 || size > CACHE_ENTRY_MAX)
		return;
	entry = entry_find(cache, key, hash, len);
	if (entry != NULL)
		entry_unlink(cache, entry);
	entry = ring_take(cache, size);
	*entry = (struct entry){
	    .size = (uint32_t)size,
	    .hash = hash,
	    .group = key->group,
	    .stored_at = now,
	    .expires_at = now + ttl * SECOND,
	    .ttl = reply->ttl,
	    .type = key->type,
	    .rcode = reply->rcode,
	    .items = (uint16_t)reply->count,
	    .flags = (uint8_t)(key_flags(key) |
		(reply->answered ? ENTRY_ANSWERED : 0) |
		(reply->has_soa ? ENTRY_SOA : 0)),
	    .name_len = (uint8_t)len,
	};
	entry_write(entry, key, len, reply);
	entry_link(cache, entry);
}

/* Rebuilds one item at *at; its TTL is lower by age seconds. */
static bool
item_read(struct reply_item *item, const uint8_t **at, uint32_t age,
    struct arena *arena)
{
	struct stored_item stored;
	struct rrset *rrset;

	memcpy(&stored, *at, sizeof(stored));
	*at += sizeof(stored);
	item->section = (enum section)stored.section;
	item->owner = arena_copy(arena, *at, stored.owner_len);
	*at += stored.owner_len;
	rrset = arena_copy(arena, *at, stored.rrset_size);
	*at += stored.rrset_size;
	if (item->owner == NULL || rrset == NULL)
		return false;
	rrset->ttl = rrset->ttl > age ? rrset->ttl - age : 0;
	item->rrset = rrset;
	return true;
}

static bool
entry_read(const struct entry *entry, uint32_t age, struct reply *reply,
    struct arena *arena)
{
	const uint8_t *at = (const uint8_t *)(entry + 1) + entry->name_len;
	struct reply_item *items =
	    arena_alloc(arena, entry->items * sizeof(*items));

	if (items == NULL)
		return false;
	for (size_t i = 0; i < entry->items; i++) {
		if (!item_read(&items[i], &at, age, arena))
			return false;
	}
	*reply = (struct reply){
	    .rcode = entry->rcode,
	    .answered = (entry->flags & ENTRY_ANSWERED) != 0,
	    .has_soa = (entry->flags & ENTRY_SOA) != 0,
	    .ttl = entry->ttl > age ? entry->ttl - age : 0,
	    .age = age,
	    .count = entry->items,
	    .items = items,
	};
	return true;
}

/*
 * Writes an entry anew at the head before the head overtakes it: what is
 * asked for stays.  Its times stay too, so it lives no longer.
 */
static void
entry_renew(struct cache *cache, struct entry *entry, struct arena *arena)
{
	const size_t size = entry->size;
	const struct entry *copy = arena_copy(arena, entry, size);

	if (copy == NULL)
		return;
	entry_unlink(cache, entry);
	entry = ring_take(cache, size);
	memcpy(entry, copy, size);
	entry_link(cache, entry);
}

bool
cache_get(struct cache *cache, const struct cache_key *key, uint64_t now,
    struct reply *reply, struct arena *arena)
{
	const size_t len = name_size(key->name);
	struct entry *entry =
	    entry_find(cache, key, key_hash(cache, key, len), len);
	uint64_t age;

	if (entry == NULL)
		return false;
	if (now >= entry->expires_at) {
		entry_unlink(cache, entry);
		return false;
	}
	age = (now - entry->stored_at) / SECOND;
	if (!entry_read(entry, (uint32_t)age, reply, arena))
		return false;
	if (entry_is_old(cache, entry))
		entry_renew(cache, entry, arena);
	return true;
}
