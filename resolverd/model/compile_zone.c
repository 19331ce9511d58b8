#include "model/compile_zone.h"

#include <assert.h>

#include "dns/message.h"
#include "model/compile_group.h"
#include "model/defaults.h"
#include "model/reference.h"

enum { AUTOMATIC_SETS = 2 }; /* SOA and NS */

/* Without memory an arena is full, which is looked at once for all sets. */
static struct zone_set
set_make(struct compiler *compiler, const struct model_record_set *from)
{
	struct zone_set set = {.rrset = NULL};

	if (from->routing != NULL) {
		compile_steering_set(&compiler->steering, from, &set);
	} else {
		set.rrset = rrset_pack(compiler->arena, from->type, from->ttl,
		    from->rdata, from->rdata_count);
	}
	return set;
}

static struct zone_entry
entry_make(struct compiler *compiler, const struct model_record_set *from)
{
	return (struct zone_entry){
	    .owner = compiler_name(compiler, &from->name),
	    .set = set_make(compiler, from),
	};
}

bool
compile_zone_sets(struct compiler *compiler,
    const struct model_list *record_sets, struct zone_sets *sets)
{
	const struct model_record_set *from = record_sets->items;
	struct zone_set *made =
	    arena_calloc(compiler->arena, record_sets->count, sizeof(*made));

	if (made == NULL)
		return false;
	for (size_t i = 0; i < record_sets->count; i++)
		made[i] = set_make(compiler, &from[i]);
	sets->sets = made;
	sets->count = (uint16_t)record_sets->count;
	return !compiler->arena->full && !compiler->scratch.full;
}

/* Adds the automatic record set of a type unless the zone has its own. */
static void
entries_add_automatic(struct compiler *compiler, const struct model_zone *zone,
    uint16_t type, struct zone_entry *entries, size_t *count)
{
	const struct rdata *rdata =
	    type == TYPE_SOA ? &defaults_soa : &defaults_ns;

	if (defaults_apex_set(zone, type) != NULL)
		return;
	entries[(*count)++] = entry_make(compiler,
	    &(struct model_record_set){
		.name = zone->dns_name.name,
		.type = type,
		.ttl = DEFAULTS_APEX_TTL,
		.rdata = rdata,
		.rdata_count = 1,
	    });
}

static void
entries_add(struct compiler *compiler, const struct model_list *list,
    struct zone_entry *entries, size_t *count)
{
	const struct model_record_set *sets = list->items;

	for (size_t i = 0; i < list->count; i++)
		entries[(*count)++] = entry_make(compiler, &sets[i]);
}

static bool
compile_records(struct compiler *compiler, const struct model_zone *from,
    const struct model_list *more, struct zone *zone)
{
	struct zone_entry *entries = arena_calloc(&compiler->scratch,
	    from->record_sets.count + more->count + AUTOMATIC_SETS,
	    sizeof(*entries));
	size_t count = 0;

	if (entries == NULL)
		return false;
	entries_add(compiler, &from->record_sets, entries, &count);
	entries_add(compiler, more, entries, &count);
	entries_add_automatic(compiler, from, TYPE_SOA, entries, &count);
	entries_add_automatic(compiler, from, TYPE_NS, entries, &count);
	return !compiler->arena->full && !compiler->scratch.full &&
	    zone_build(zone, entries, count, &compiler->snapshot->key,
		compiler->arena);
}

/* The place of the network that a peering zone leads to. */
static const struct network *
peer_of(const struct compiler *compiler, const struct model_zone *from)
{
	const struct model_network *peer =
	    reference_network(compiler->model, &from->peer);
	size_t at = 0;

	while (reference_network_at(compiler->model, at) != peer)
		at++;
	assert(at < reference_network_count(compiler->model));
	return &compiler->networks[at];
}

static struct zone *
zone_new(struct compiler *compiler, const struct model_zone *from,
    enum zone_kind kind)
{
	struct zone *zone = arena_calloc(compiler->arena, 1, sizeof(*zone));

	if (zone == NULL)
		return NULL;
	zone->kind = kind;
	zone->name = compiler_text(compiler, &from->name);
	zone->mark = compiler_mark(compiler, from->mark);
	zone->apex = compiler_name(compiler, &from->dns_name.name);
	zone->labels = from->dns_name.name.labels;
	zone->strict_wildcards = compiler->model->strict_wildcards;
	return compiler->arena->full ? NULL : zone;
}

static const struct zone *
zone_with_records(struct compiler *compiler, const struct model_zone *from,
    const struct model_list *more, enum zone_kind kind)
{
	struct zone *zone = zone_new(compiler, from, kind);

	if (zone == NULL || !compile_records(compiler, from, more, zone))
		return NULL;
	return zone;
}

static const struct zone *
zone_forwarding(struct compiler *compiler, const struct model_zone *from)
{
	struct zone *zone = zone_new(compiler, from, ZONE_FORWARDING);

	if (zone == NULL)
		return NULL;
	zone->forward_to = compile_group_make(compiler, &from->targets,
	    GROUP_FORWARDING, zone->name);
	return zone->forward_to == NULL ? NULL : zone;
}

static const struct zone *
zone_peering(struct compiler *compiler, const struct model_zone *from)
{
	struct zone *zone = zone_new(compiler, from, ZONE_PEERING);

	if (zone == NULL)
		return NULL;
	zone->peer = peer_of(compiler, from);
	return zone;
}

const struct zone *
compile_zone_make(struct compiler *compiler, const struct model_zone *from,
    const struct model_list *more)
{
	switch (from->kind) {
	case MODEL_ZONE_PRIVATE:
	case MODEL_ZONE_REVERSE:
		return zone_with_records(compiler, from, more, ZONE_PRIVATE);
	case MODEL_ZONE_FORWARDING:
		return zone_forwarding(compiler, from);
	case MODEL_ZONE_PEERING:
		return zone_peering(compiler, from);
	}
	return NULL;
}

const struct zone *
compile_zone_internal(struct compiler *compiler, const struct model_zone *from)
{
	return zone_with_records(compiler, from,
	    &(struct model_list){.count = 0}, ZONE_INTERNAL);
}
