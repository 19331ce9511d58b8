#include "core/cache.h"

#include <assert.h>
#include <string.h>

#include "core/entry.h"
#include "core/path.h"
#include "dns/name.h"

enum {
	CACHE_BUCKET_SHARE = 128, /* octets of block for each bucket */
	CACHE_ENTRY_MAX = 16384,  /* no larger answer is kept */
	PREFETCH_TTL = 10,	  /* seconds: what lives less is not due */
	PREFETCH_PART = 10,	  /* the last tenth of its life it is */
};

#define SECOND UINT64_C(1000000000)

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

void
cache_init(struct cache *cache, void *block, size_t size,
    const struct hash_key *key)
{
	size_t buckets = 1;

	assert(size >= CACHE_SIZE_MIN);
	if (size / ENTRY_ALIGN > UINT32_MAX)
		size = (size_t)UINT32_MAX * ENTRY_ALIGN;
	while (2 * buckets * CACHE_BUCKET_SHARE <= size)
		buckets *= 2;
	*cache = (struct cache){
	    .block = block,
	    .size = size & ~(size_t)(ENTRY_ALIGN - 1),
	    .buckets = block,
	    .bucket_mask = buckets - 1,
	    .start = buckets * sizeof(uint32_t),
	    .key = *key,
	};
	cache->head = cache->start;
	cache->tail = cache->start;
}

enum { KEY_FLAGS = ENTRY_DO | ENTRY_CD | ENTRY_FAILURE };

/* A question told apart: its flags as an entry keeps them, and its hash. */
static uint8_t
key_flags(const struct cache_key *key)
{
	return (uint8_t)((key->dnssec_ok ? ENTRY_DO : 0) |
	    (key->checking_disabled ? ENTRY_CD : 0) |
	    (key->failure ? ENTRY_FAILURE : 0));
}

static uint32_t
key_hash(const struct cache *cache, const struct cache_key *key)
{
	uint64_t hash = key->hash;

	if (hash == 0)
		hash = path_hash_of(key->name, &cache->key);
	hash = hash_join(&cache->key, hash, key->group);
	hash = hash_join(&cache->key, hash,
	    (uint64_t)key->type << 8 | key_flags(key));
	return (uint32_t)(hash >> 32);
}

static bool
entry_is(const struct entry *entry, const struct cache_key *key, uint32_t hash,
    size_t len)
{
	return entry->hash == hash && entry->group == key->group &&
	    entry->type == key->type && entry->name_len == len &&
	    (entry->flags & KEY_FLAGS) == key_flags(key) &&
	    memcmp(entry->data, key->name, len) == 0;
}

static struct entry *
entry_find_hashed(const struct cache *cache, const struct cache_key *key,
    uint32_t hash, size_t len)
{
	uint32_t at = cache->buckets[hash & cache->bucket_mask];

	while (at != 0) {
		struct entry *entry = entry_at(cache, (size_t)at * ENTRY_ALIGN);

		if (entry_is(entry, key, hash, len))
			return entry;
		at = entry->next;
	}
	return NULL;
}

static struct entry *
entry_find(const struct cache *cache, const struct cache_key *key)
{
	return entry_find_hashed(cache, key, key_hash(cache, key),
	    name_size(key->name));
}

/* NXDOMAIN, NODATA, or no answer at all. */
static bool
is_negative(const struct entry *entry)
{
	return (entry->flags & ENTRY_FAILURE) != 0 ||
	    entry->rcode != RCODE_NOERROR ||
	    (entry->flags & (ENTRY_ANSWERED | ENTRY_SOA)) == ENTRY_SOA;
}

static void
entry_link(struct cache *cache, struct entry *entry)
{
	uint32_t *bucket = &cache->buckets[entry->hash & cache->bucket_mask];

	entry->next = *bucket;
	*bucket = (uint32_t)(entry_offset(cache, entry) / ENTRY_ALIGN);
	cache->live++;
	cache->live_size += entry_size(entry);
	if (is_negative(entry))
		cache->negative++;
}

/* Takes an entry out of its bucket; its octets stay until the tail comes. */
static void
entry_unlink(struct cache *cache, struct entry *entry)
{
	const uint32_t at =
	    (uint32_t)(entry_offset(cache, entry) / ENTRY_ALIGN);
	uint32_t *link = &cache->buckets[entry->hash & cache->bucket_mask];

	while (*link != at) {
		assert(*link != 0);
		link = &entry_at(cache, (size_t)*link * ENTRY_ALIGN)->next;
	}
	*link = entry->next;
	entry->flags |= ENTRY_DEAD;
	cache->live--;
	cache->live_size -= entry_size(entry);
	if (is_negative(entry))
		cache->negative--;
}

/*
 * Where the ring goes on behind an entry that ends at `at`: a rest too small
 * for a header is skipped by all alike.
 */
static size_t
ring_after(const struct cache *cache, size_t at)
{
	return at + sizeof(struct entry) > cache->size ? cache->start : at;
}

/* Drops the oldest entry. */
static void
ring_evict(struct cache *cache)
{
	struct entry *entry = entry_at(cache, cache->tail);

	assert(cache->entries > 0);
	if ((entry->flags & ENTRY_DEAD) == 0) {
		entry_unlink(cache, entry);
		cache->evictions++;
	}
	cache->tail = ring_after(cache, cache->tail + entry_size(entry));
	cache->entries--;
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
		*entry_at(cache, cache->head) = (struct entry){
		    .units = (uint16_t)(rest / ENTRY_ALIGN),
		    .flags = ENTRY_DEAD,
		};
		cache->entries++;
	}
	cache->head = cache->start;
}

/* Room for an entry of up to `most` octets at the head; the oldest give way. */
static struct entry *
ring_reserve(struct cache *cache, size_t most)
{
	assert(most <= CACHE_ENTRY_MAX && most % ENTRY_ALIGN == 0);
	while (ring_room(cache) < most) {
		if (cache->entries > 0 && cache->head <= cache->tail) {
			ring_evict(cache);
		} else {
			ring_wrap(cache);
		}
	}
	return entry_at(cache, cache->head);
}

/* Takes what was written where ring_reserve said into the ring. */
static void
ring_push(struct cache *cache, struct entry *entry)
{
	if (cache->entries == 0)
		cache->tail = cache->head;
	cache->head = ring_after(cache, cache->head + entry_size(entry));
	cache->entries++;
	entry_link(cache, entry);
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

static uint8_t
reply_flags(const struct reply *reply)
{
	return (uint8_t)((reply->answered ? ENTRY_ANSWERED : 0) |
	    (reply->has_soa ? ENTRY_SOA : 0) |
	    (reply->authentic ? ENTRY_AUTHENTIC : 0));
}

void
cache_put(struct cache *cache, const struct cache_key *key, uint32_t ttl,
    const struct reply *reply, uint64_t now)
{
	const size_t len = name_size(key->name);
	const uint32_t hash = key_hash(cache, key);
	struct entry *entry = entry_find_hashed(cache, key, hash, len);
	size_t most;

	if (entry != NULL)
		entry_unlink(cache, entry);
	most = ttl == 0 ? 0 : entry_most(reply, len);
	if (ttl == 0 || most > CACHE_ENTRY_MAX)
		return;
	entry = ring_reserve(cache, most);
	*entry = (struct entry){
	    .hash = hash,
	    .group = key->group,
	    .stored_s = (uint32_t)(now / SECOND),
	    .stored_part = (uint16_t)((now % SECOND << 16) / SECOND),
	    .lifetime = ttl,
	    .type = key->type,
	    .rcode = reply->rcode,
	    .flags = (uint8_t)(key_flags(key) | reply_flags(reply)),
	};
	entry_pack(entry, key->name, reply);
	ring_push(cache, entry);
}

static uint64_t
entry_stored_at(const struct entry *entry)
{
	return entry->stored_s * SECOND + (entry->stored_part * SECOND >> 16);
}

static uint64_t
entry_expires_at(const struct entry *entry)
{
	return entry_stored_at(entry) + entry->lifetime * SECOND;
}

static enum cache_state
entry_state(const struct entry *entry, const struct cache_look *look)
{
	const uint64_t expires_at = entry_expires_at(entry);

	if (look->now < expires_at)
		return CACHE_FRESH;
	return look->now < expires_at + look->max_stale * SECOND ? CACHE_STALE
								 : CACHE_MISS;
}

/* Rebuilds what an entry in that state says; false when arena is full. */
static bool
entry_read(const struct entry *entry, enum cache_state state,
    const struct cache_look *look, struct cache_hit *hit)
{
	const uint64_t expires_at = entry_expires_at(entry);
	const bool fresh = state == CACHE_FRESH;
	const uint32_t age = fresh
	    ? (uint32_t)((look->now - entry_stored_at(entry)) / SECOND)
	    : 0;
	const struct entry_ttl ttl = {
	    .age = age,
	    .fixed = fresh ? 0 : CACHE_STALE_TTL,
	};
	const struct reply_item *items = entry_unpack(entry, &ttl, look->arena);

	if (items == NULL)
		return false;
	*hit = (struct cache_hit){
	    .reply =
		{
		    .rcode = entry->rcode,
		    .answered = (entry->flags & ENTRY_ANSWERED) != 0,
		    .has_soa = (entry->flags & ENTRY_SOA) != 0,
		    .authentic = (entry->flags & ENTRY_AUTHENTIC) != 0,
		    .age = age,
		    .count = entry->items,
		    .items = items,
		},
	};
	if (fresh) {
		hit->left =
		    (uint32_t)((expires_at - look->now + SECOND - 1) / SECOND);
	} else {
		hit->past = (uint32_t)((look->now - expires_at) / SECOND);
	}
	hit->reply.ttl = hit->left;
	return true;
}

/*
 * Writes an entry anew at the head before the head overtakes it: what is
 * asked for stays.  Its times stay too, so it lives no longer.
 */
static void
entry_renew(struct cache *cache, struct entry *entry, struct arena *arena)
{
	const size_t size = entry_size(entry);
	const struct entry *copy = arena_copy(arena, entry, size);

	if (copy == NULL)
		return;
	entry_unlink(cache, entry);
	entry = ring_reserve(cache, size);
	memcpy(entry, copy, size);
	ring_push(cache, entry);
}

/* One more use; true: what it says is due to be fetched anew, for once. */
static bool
entry_use(struct entry *entry, uint32_t left)
{
	const bool again = entry->hits > 0;

	if (entry->hits < UINT8_MAX)
		entry->hits++;
	if (!again || left == 0 || (entry->flags & ENTRY_DUE) != 0 ||
	    entry->lifetime < PREFETCH_TTL ||
	    left > entry->lifetime / PREFETCH_PART)
		return false;
	entry->flags |= ENTRY_DUE;
	return true;
}

/* Whether somebody should fetch it anew soon, or its place is needed. */
static bool
entry_is_ending(const struct cache *cache, const struct entry *entry,
    uint64_t now)
{
	const uint64_t last = entry->lifetime / PREFETCH_PART * SECOND + SECOND;

	return now + last >= entry_expires_at(entry) ||
	    entry_is_old(cache, entry);
}

bool
cache_get_plain(const struct cache *cache, const struct cache_key *key,
    uint64_t now, struct cache_plain *plain)
{
	struct entry *entry = entry_find(cache, key);
	uint64_t age;

	if (entry == NULL || entry->rcode != RCODE_NOERROR ||
	    (entry->flags & (ENTRY_ANSWERED | ENTRY_SOA | ENTRY_AUTHENTIC)) !=
		ENTRY_ANSWERED ||
	    entry_is_ending(cache, entry, now) || !entry_plain(entry, plain))
		return false;
	age = (now - entry_stored_at(entry)) / SECOND;
	plain->age = (uint32_t)age;
	plain->ttl = plain->ttl > age ? plain->ttl - plain->age : 0;
	return true;
}

void
cache_used(struct cache *cache, const struct cache_plain *plain)
{
	if (plain->entry->hits < UINT8_MAX)
		plain->entry->hits++;
	cache->hits++;
}

static enum cache_state
cache_find(struct cache *cache, const struct cache_key *key,
    const struct cache_look *look, struct cache_hit *hit)
{
	struct entry *entry = entry_find(cache, key);
	enum cache_state state;

	if (entry == NULL)
		return CACHE_MISS;
	state = entry_state(entry, look);
	if (state == CACHE_MISS) {
		entry_unlink(cache, entry);
		return CACHE_MISS;
	}
	if (!entry_read(entry, state, look, hit))
		return CACHE_MISS;
	hit->due = entry_use(entry, hit->left);
	if (entry_is_old(cache, entry))
		entry_renew(cache, entry, look->arena);
	return state;
}

enum cache_state
cache_get(struct cache *cache, const struct cache_key *key,
    const struct cache_look *look, struct cache_hit *hit)
{
	const enum cache_state state = cache_find(cache, key, look, hit);

	/* To look for a failure is no question of a client's. */
	if (key->failure)
		return state;
	if (state == CACHE_MISS) {
		cache->misses++;
	} else {
		cache->hits++;
	}
	return state;
}

enum cache_state
cache_peek(const struct cache *cache, const struct cache_key *key,
    const struct cache_look *look, struct cache_hit *hit)
{
	const struct entry *entry = entry_find(cache, key);
	enum cache_state state;

	if (entry == NULL)
		return CACHE_MISS;
	state = entry_state(entry, look);
	if (state == CACHE_MISS || !entry_read(entry, state, look, hit))
		return CACHE_MISS;
	return state;
}

/* The next entry of a walk; NULL after the last. */
static struct entry *
ring_walk(const struct cache *cache, struct cache_cursor *cursor)
{
	if (cursor->at == 0)
		cursor->at = cache->tail;
	while (cursor->seen < cache->entries) {
		struct entry *entry = entry_at(cache, cursor->at);

		cursor->at = ring_after(cache, cursor->at + entry_size(entry));
		cursor->seen++;
		if ((entry->flags & ENTRY_DEAD) == 0)
			return entry;
	}
	return NULL;
}

static struct cache_key
entry_key(const struct entry *entry)
{
	return (struct cache_key){
	    .name = entry->data,
	    .type = entry->type,
	    .dnssec_ok = (entry->flags & ENTRY_DO) != 0,
	    .checking_disabled = (entry->flags & ENTRY_CD) != 0,
	    .failure = (entry->flags & ENTRY_FAILURE) != 0,
	    .group = entry->group,
	};
}

bool
cache_walk(const struct cache *cache, struct cache_cursor *cursor,
    struct cache_key *key)
{
	const struct entry *entry = ring_walk(cache, cursor);

	if (entry == NULL)
		return false;
	*key = entry_key(entry);
	return true;
}

size_t
cache_flush(struct cache *cache, const struct cache_flush *flush)
{
	struct cache_cursor cursor = {0};
	struct entry *entry;
	size_t dropped = 0;

	while ((entry = ring_walk(cache, &cursor)) != NULL) {
		if (flush->negative && !is_negative(entry))
			continue;
		if (flush->name != NULL &&
		    !entry_tells_of(entry, flush->name, flush->below))
			continue;
		entry_unlink(cache, entry);
		dropped++;
	}
	return dropped;
}

size_t
cache_sweep(struct cache *cache, cache_keep_fn keep, void *context)
{
	struct cache_cursor cursor = {0};
	struct entry *entry;
	size_t dropped = 0;

	while ((entry = ring_walk(cache, &cursor)) != NULL) {
		const struct cache_key key = entry_key(entry);

		if (keep(context, &key))
			continue;
		entry_unlink(cache, entry);
		dropped++;
	}
	return dropped;
}
