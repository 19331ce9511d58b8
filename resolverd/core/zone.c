#include "core/zone.h"

#include <assert.h>
#include <string.h>

#include "dns/message.h"
#include "dns/name.h"

/* The slot of suffix n of path: its node, or the free slot it would take. */
static inline const struct zone_node *
slot_find(const struct zone *zone, const struct path *path, unsigned n)
{
	const uint8_t *name = path_suffix(path, n);
	const size_t size = path->name.len - path->at[n];
	size_t at = path->hash[n] & zone->mask;

	for (;;) {
		const struct zone_node *node = &zone->nodes[at];

		if (node->owner == NULL)
			return node;
		if (node->hash == path->hash[n] &&
		    memcmp(node->owner, name, size) == 0)
			return node;
		at = (at + 1) & zone->mask;
	}
}

static inline const struct zone_node *
node_find(const struct zone *zone, const struct path *path, unsigned n)
{
	const struct zone_node *node = slot_find(zone, path, n);

	return node->owner == NULL ? NULL : node;
}

const struct zone_set *
zone_set(const struct zone_sets *sets, uint16_t type)
{
	for (unsigned i = 0; i < sets->count; i++) {
		if (sets->sets[i].rrset->type == type)
			return &sets->sets[i];
	}
	return NULL;
}

enum lookup
zone_answer(const struct zone_sets *sets, uint16_t qtype)
{
	if (sets->count == 0)
		return LOOKUP_NODATA;
	if (qtype == TYPE_ANY || zone_set(sets, qtype) != NULL)
		return LOOKUP_FOUND;
	if (zone_set(sets, TYPE_CNAME) != NULL)
		return LOOKUP_ALIAS;
	return LOOKUP_NODATA;
}

/*
 * A name that does not exist and that no wildcard covers.  RFC 4592 knows one
 * answer; Cloud DNS documents another where a wildcard further up would have
 * covered the name but for the node in between (section 2.2).
 */
static enum lookup
absent(const struct zone *zone, const struct zone_node *encloser)
{
	if (encloser->shadowed && !zone->strict_wildcards)
		return LOOKUP_NODATA;
	return LOOKUP_NXDOMAIN;
}

enum lookup
zone_lookup(const struct zone *zone, const struct path *path, uint16_t qtype,
    const struct zone_node **node)
{
	const struct zone_node *encloser = node_find(zone, path, 0);

	if (encloser != NULL) {
		*node = encloser;
		return zone_answer(&encloser->data, qtype);
	}
	/* The apex exists, so the walk up to the closest encloser ends. */
	for (unsigned n = 1; encloser == NULL; n++) {
		assert(n + zone->labels <= path->name.labels);
		encloser = node_find(zone, path, n);
	}
	if (encloser->wildcard == NULL)
		return absent(zone, encloser);
	*node = encloser->wildcard;
	return zone_answer(&encloser->wildcard->data, qtype);
}

/*
 * Building.  The nodes are written through this while the zone only promises
 * to read them.
 */
struct builder {
	struct zone *zone;
	struct zone_node *nodes;
	const struct hash_key *key;
	struct arena *arena;
};

static struct zone_node *
builder_node(struct builder *builder, const struct path *path, unsigned n)
{
	const struct zone_node *slot = slot_find(builder->zone, path, n);

	return &builder->nodes[slot - builder->nodes];
}

/* An upper bound of the nodes: every owner with all the names above it. */
static size_t
builder_bound(const struct zone *zone, const struct zone_entry *entries,
    size_t count)
{
	size_t bound = 1;

	for (size_t i = 0; i < count; i++) {
		const unsigned labels = name_labels(entries[i].owner);

		assert(labels >= zone->labels);
		bound += labels - zone->labels;
	}
	return bound;
}

/* Makes the owner and the empty non-terminals above it exist. */
static struct zone_node *
builder_add(struct builder *builder, const uint8_t *owner)
{
	const unsigned top = builder->zone->labels;
	struct path path;
	unsigned n;

	path_set(&path, owner, builder->key);
	for (n = 0; n + top <= path.name.labels; n++) {
		struct zone_node *node = builder_node(builder, &path, n);

		if (node->owner != NULL)
			break;
		node->hash = path.hash[n];
		node->owner = name_strip(owner, n);
	}
	return builder_node(builder, &path, 0);
}

/* Gives each node room for the RRsets counted for it, then fills them in. */
static bool
builder_fill(struct builder *builder, const struct zone_entry *entries,
    size_t count)
{
	struct zone_set *room =
	    arena_calloc(builder->arena, count, sizeof(*room));
	size_t used = 0;
	struct path path;

	if (room == NULL)
		return false;
	for (size_t i = 0; i <= builder->zone->mask; i++) {
		struct zone_sets *data = &builder->nodes[i].data;

		data->sets = room + used;
		used += data->count;
		data->count = 0;
	}
	for (size_t i = 0; i < count; i++) {
		struct zone_sets *data;

		path_set(&path, entries[i].owner, builder->key);
		data = &builder_node(builder, &path, 0)->data;
		room[data->sets - room + data->count] = entries[i].set;
		data->count++;
	}
	return true;
}

/* Links every wildcard to the node it stands below. */
static void
builder_link_wildcards(struct builder *builder)
{
	struct path path;

	for (size_t i = 0; i <= builder->zone->mask; i++) {
		const struct zone_node *node = &builder->nodes[i];

		if (node->owner == NULL || !name_is_wildcard(node->owner) ||
		    name_labels(node->owner) == builder->zone->labels)
			continue;
		path_set(&path, node->owner, builder->key);
		builder_node(builder, &path, 1)->wildcard = node;
	}
}

/* A wildcard does not shadow what is below itself: nothing is between. */
static bool
builder_is_shadowed(struct builder *builder, const struct zone_node *below)
{
	struct path path;

	path_set(&path, below->owner, builder->key);
	for (unsigned n = 1; n + builder->zone->labels <= path.name.labels;
	     n++) {
		const struct zone_node *wildcard =
		    builder_node(builder, &path, n)->wildcard;

		if (wildcard != NULL && wildcard != below)
			return true;
	}
	return false;
}

static void
builder_mark_shadows(struct builder *builder)
{
	for (size_t i = 0; i <= builder->zone->mask; i++) {
		struct zone_node *node = &builder->nodes[i];

		if (node->owner != NULL)
			node->shadowed = builder_is_shadowed(builder, node);
	}
}

/* The SOA's last field: how long a negative answer may be kept. */
static uint32_t
soa_minimum(const struct rrset *soa)
{
	uint16_t len;
	const uint8_t *rdata = rrset_first(soa, &len);
	const uint8_t *last = rdata + len - sizeof(uint32_t);

	assert(len > sizeof(uint32_t));
	return (uint32_t)last[0] << 24 | (uint32_t)last[1] << 16 |
	    (uint32_t)last[2] << 8 | last[3];
}

/* RFC 2308 section 3: the lesser of the SOA's TTL and its minimum field. */
static void
builder_set_soa(struct builder *builder)
{
	struct zone *zone = builder->zone;
	const struct zone_set *soa;
	struct path path;
	uint32_t minimum;

	path_set(&path, zone->apex, builder->key);
	soa = zone_set(&builder_node(builder, &path, 0)->data, TYPE_SOA);
	assert(soa != NULL && soa->steering == NULL);
	zone->soa = soa->rrset;
	minimum = soa_minimum(zone->soa);
	zone->negative_ttl =
	    minimum < zone->soa->ttl ? minimum : zone->soa->ttl;
}

bool
zone_build(struct zone *zone, const struct zone_entry *entries, size_t count,
    const struct hash_key *key, struct arena *arena)
{
	const size_t bound = builder_bound(zone, entries, count);
	struct builder builder = {.zone = zone, .key = key, .arena = arena};
	size_t slots = 2;

	/* At most half full, so that a search always meets a free slot. */
	while (slots < 2 * bound)
		slots *= 2;
	builder.nodes = arena_calloc(arena, slots, sizeof(*builder.nodes));
	if (builder.nodes == NULL)
		return false;
	zone->nodes = builder.nodes;
	zone->mask = slots - 1;
	for (size_t i = 0; i < count; i++)
		builder_add(&builder, entries[i].owner)->data.count++;
	if (!builder_fill(&builder, entries, count))
		return false;
	builder_link_wildcards(&builder);
	builder_mark_shadows(&builder);
	builder_set_soa(&builder);
	return true;
}
