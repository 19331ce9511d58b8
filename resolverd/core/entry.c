#include "core/entry.h"

#include <assert.h>
#include <string.h>

#include "core/cache.h"
#include "dns/name.h"

/* What stands before each item's records. */
struct packed {
	uint32_t ttl;
	unsigned owner : 14; /* where it stands in the entry's data */
	unsigned section : 2;
	unsigned type : 16;
	uint16_t count;
	uint16_t size; /* of the records */
};

/* The owner's place must be able to tell any octet of the largest entry. */
enum { PLACE_MAX = (1 << 14) - 1 };

_Static_assert(sizeof(struct packed) == 12, "an item costs 12 octets");
_Static_assert(offsetof(struct entry, data) == 36, "a header costs 36 octets");

/* Names that stand in the data already, by where they end. */
struct packer {
	uint8_t *data;
	size_t at;
	unsigned ends;
	uint16_t end[2 * REPLY_ITEMS + 1];
};

static size_t
entry_aligned(size_t size)
{
	return (size + ENTRY_ALIGN - 1) & ~(size_t)(ENTRY_ALIGN - 1);
}

size_t
entry_size(const struct entry *entry)
{
	return (size_t)entry->units * ENTRY_ALIGN;
}

size_t
entry_most(const struct reply *reply, size_t name_len)
{
	size_t size = offsetof(struct entry, data) + name_len;

	for (size_t i = 0; i < reply->count; i++) {
		size += name_size(reply->items[i].owner) +
		    sizeof(struct packed) + reply->items[i].rrset->size;
	}
	return entry_aligned(size);
}

static void
pack_octets(struct packer *packer, const void *from, size_t len)
{
	memcpy(packer->data + packer->at, from, len);
	packer->at += len;
}

/* Here ends a name that a later owner may be the end of. */
static void
pack_end(struct packer *packer)
{
	assert(packer->ends < sizeof(packer->end) / sizeof(packer->end[0]));
	packer->end[packer->ends++] = (uint16_t)packer->at;
}

/* Where a name stands that this one is or ends; 0: nowhere. */
static size_t
pack_find(const struct packer *packer, const uint8_t *name, size_t len)
{
	for (unsigned i = 0; i < packer->ends; i++) {
		const size_t end = packer->end[i];

		if (end >= len &&
		    memcmp(packer->data + end - len, name, len) == 0)
			return end - len + 1;
	}
	return 0;
}

/* An owner that stands nowhere yet is written behind its item's header. */
static void
pack_item(struct packer *packer, const struct reply_item *item)
{
	const struct rrset *rrset = item->rrset;
	const size_t len = name_size(item->owner);
	const size_t found = pack_find(packer, item->owner, len);
	const size_t here = packer->at + sizeof(struct packed);
	const struct packed packed = {
	    .ttl = rrset->ttl,
	    .owner = (found != 0 ? found - 1 : here) & PLACE_MAX,
	    .section = (unsigned)item->section & 3,
	    .type = rrset->type,
	    .count = rrset->count,
	    .size = (uint16_t)rrset->size,
	};

	assert(here <= PLACE_MAX && rrset->size <= UINT16_MAX);
	pack_octets(packer, &packed, sizeof(packed));
	if (found == 0) {
		pack_octets(packer, item->owner, len);
		pack_end(packer);
	}
	pack_octets(packer, rrset->data, rrset->size);
	if (rrset->type == TYPE_CNAME)
		pack_end(packer);
}

void
entry_pack(struct entry *entry, const uint8_t *name, const struct reply *reply)
{
	struct packer packer = {.data = entry->data};
	size_t size;

	assert(reply->count <= REPLY_ITEMS);
	entry->name_len = (uint8_t)name_size(name);
	entry->items = (uint8_t)reply->count;
	pack_octets(&packer, name, entry->name_len);
	pack_end(&packer);
	for (size_t i = 0; i < reply->count; i++)
		pack_item(&packer, &reply->items[i]);
	size = entry_aligned(offsetof(struct entry, data) + packer.at);
	entry->units = (uint16_t)(size / ENTRY_ALIGN);
}

/* An item as it lies in an entry. */
struct item {
	struct packed packed;
	const uint8_t *owner;
	const uint8_t *records;
};

/* Reads the item at *at of the data, and goes past it. */
static struct item
item_next(const struct entry *entry, size_t *at)
{
	struct item item;

	memcpy(&item.packed, entry->data + *at, sizeof(item.packed));
	*at += sizeof(item.packed);
	item.owner = entry->data + item.packed.owner;
	if (item.packed.owner == *at)
		*at += name_size(item.owner);
	item.records = entry->data + *at;
	*at += item.packed.size;
	return item;
}

bool
entry_plain(struct entry *entry, struct cache_plain *plain)
{
	size_t at = entry->name_len;
	struct item item;

	if (entry->items != 1)
		return false;
	item = item_next(entry, &at);
	if (item.packed.owner != 0 || item.packed.type != entry->type ||
	    item.packed.section != SECTION_ANSWER ||
	    *rdata_steps(entry->type) != RDATA_REST)
		return false;
	*plain = (struct cache_plain){
	    .type = entry->type,
	    .count = item.packed.count,
	    .ttl = item.packed.ttl,
	    .records = item.records,
	    .size = item.packed.size,
	    .entry = entry,
	};
	return true;
}

static uint32_t
ttl_of(uint32_t stored, const struct entry_ttl *ttl)
{
	if (ttl->fixed != 0)
		return ttl->fixed;
	return stored > ttl->age ? stored - ttl->age : 0;
}

static const struct rrset *
item_rrset(const struct item *item, uint32_t ttl, struct arena *arena)
{
	struct rrset *rrset =
	    arena_alloc(arena, sizeof(*rrset) + item->packed.size);

	if (rrset == NULL)
		return NULL;
	*rrset = (struct rrset){
	    .type = (uint16_t)item->packed.type,
	    .count = item->packed.count,
	    .ttl = ttl,
	    .size = item->packed.size,
	};
	memcpy(rrset->data, item->records, item->packed.size);
	return rrset;
}

const struct reply_item *
entry_unpack(const struct entry *entry, const struct entry_ttl *ttl,
    struct arena *arena)
{
	struct reply_item *items =
	    arena_alloc(arena, entry->items * sizeof(*items));
	size_t at = entry->name_len;

	for (size_t i = 0; items != NULL && i < entry->items; i++) {
		const struct item item = item_next(entry, &at);

		items[i] = (struct reply_item){
		    .section = (enum section)item.packed.section,
		    .owner =
			arena_copy(arena, item.owner, name_size(item.owner)),
		    .rrset =
			item_rrset(&item, ttl_of(item.packed.ttl, ttl), arena),
		};
	}
	return arena->full ? NULL : items;
}

static bool
is_of(const uint8_t *owner, const uint8_t *name, bool below)
{
	return below ? name_under(owner, name) : name_equal(owner, name);
}

bool
entry_tells_of(const struct entry *entry, const uint8_t *name, bool below)
{
	size_t at = entry->name_len;

	if (is_of(entry->data, name, below))
		return true;
	for (size_t i = 0; i < entry->items; i++) {
		const struct item item = item_next(entry, &at);

		if (item.packed.section == SECTION_ANSWER &&
		    is_of(item.owner, name, below))
			return true;
	}
	return false;
}
