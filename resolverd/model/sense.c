#include "model/sense.h"

#include <stdio.h>
#include <string.h>

#include "dns/message.h"
#include "model/internal.h"
#include "model/preset.h"
#include "model/psc.h"
#include "model/reference.h"

/* Where a resource holds. */

static bool
holds(const struct sense_scope *scope,
    const struct model_visibility *visibility)
{
	if (scope->cluster != NULL)
		return reference_holds_in_cluster(visibility, scope->cluster);
	return reference_holds_in_network(visibility, scope->network);
}

/* Views of zones, or NULL when the arena is full. */
static struct sense_zone *
views_of(const struct model_list *zones, struct arena *arena)
{
	const struct model_zone *items = zones->items;
	struct sense_memo *memos =
	    arena_calloc(arena, zones->count, sizeof(*memos));
	struct sense_zone *views =
	    arena_calloc(arena, zones->count, sizeof(*views));

	if (memos == NULL || views == NULL)
		return NULL;
	for (size_t i = 0; i < zones->count; i++) {
		views[i].zone = &items[i];
		views[i].memo = &memos[i];
	}
	return views;
}

/* The same for zones that nobody wrote; none when the arena is full. */
static struct model_list
views_list(const struct model_list *zones, struct arena *arena)
{
	struct sense_zone *views = views_of(zones, arena);

	return (struct model_list){
	    .items = views,
	    .count = views == NULL ? 0 : zones->count,
	};
}

/* The presets' zones of a network and p.googleapis.com. */
static void
collect_made(const struct sense *sense, const struct sense_scope *scope,
    struct model_list made[2])
{
	struct model_list zones;
	struct model *bare;

	made[0] = (struct model_list){.count = 0};
	made[1] = made[0];
	if (scope->cluster != NULL)
		return;
	/*
	 * All that there could be, also what an own zone replaces.  The zones
	 * borrow the model's addresses, so it lives as long as they do.
	 */
	bare = arena_calloc(sense->arena, 1, sizeof(*bare));
	if (bare == NULL)
		return;
	*bare = *sense->model;
	bare->zones.count = 0;
	if (preset_zones(bare, scope->network, sense->arena, &zones))
		made[0] = views_list(&zones, sense->arena);
	if (psc_zones(sense->model, scope->network, sense->arena, &zones))
		made[1] = views_list(&zones, sense->arena);
}

static void
add_made(const struct sense *sense, struct sense_scope *scope,
    const struct model_list *made)
{
	const struct sense_zone *views = made->items;

	for (size_t i = 0; i < made->count; i++) {
		tree_add(&scope->zones, views[i].zone->dns_name.name.wire,
		    &views[i], sense->arena);
	}
}

bool
sense_holds(const struct sense_scope *scope, const struct model_zone *zone)
{
	return zone->dns_name.mark.file != NULL &&
	    holds(scope, &zone->visibility);
}

static size_t
count_own(const struct sense *sense, const struct sense_scope *scope)
{
	size_t count = 0;

	for (size_t i = 0; i < sense->model->zones.count; i++)
		count += sense_holds(scope, sense->own[i].zone);
	return count;
}

static bool
collect_zones(const struct sense *sense, struct sense_scope *scope)
{
	struct model_list made[2];

	collect_made(sense, scope, made);
	scope->own_zones = count_own(sense, scope);
	if (!tree_init(&scope->zones,
		scope->own_zones + made[0].count + made[1].count, sense->arena))
		return false;
	for (size_t i = 0; i < sense->model->zones.count; i++) {
		struct sense_zone *own = &sense->own[i];

		if (!sense_holds(scope, own->zone))
			continue;
		tree_add(&scope->zones, own->zone->dns_name.name.wire, own,
		    sense->arena);
	}
	add_made(sense, scope, &made[0]);
	add_made(sense, scope, &made[1]);
	tree_sort(&scope->zones);
	return !sense->arena->full;
}

static void
collect_policies(const struct sense *sense, struct sense_scope *scope)
{
	const struct model *model = sense->model;
	const struct model_response_policy *rules =
	    model->response_policies.items;
	const struct model_policy *policies = model->policies.items;

	for (size_t i = 0; i < model->response_policies.count; i++) {
		if (holds(scope, &rules[i].visibility))
			scope->policy = &rules[i];
	}
	for (size_t i = 0; i < model->policies.count; i++) {
		if (scope->cluster == NULL && policies[i].targets.count > 0 &&
		    holds(scope, &policies[i].visibility))
			scope->servers = &policies[i];
	}
}

static bool
collect(const struct sense *sense, struct sense_scope *scope)
{
	struct model_list zones;

	collect_policies(sense, scope);
	if (scope->cluster == NULL) {
		if (!internal_zones(sense->model, scope->network, sense->arena,
			&zones))
			return false;
		scope->internal = views_list(&zones, sense->arena);
	}
	return collect_zones(sense, scope);
}

const struct sense_scope *
sense_scope_of(const struct sense *sense, const struct model_network *network)
{
	for (size_t i = 0; i < sense->networks; i++) {
		if (sense->items[i].network == network)
			return &sense->items[i];
	}
	return NULL;
}

/* Says which sense there are. */
static bool
prepare(struct sense *sense)
{
	const struct model *model = sense->model;
	const struct model_cluster *clusters = model->gke_clusters.items;

	sense->networks = reference_network_count(model);
	sense->count = sense->networks + model->gke_clusters.count;
	sense->items = arena_calloc(sense->arena, sense->count,
	    sizeof(struct sense_scope));
	sense->own = views_of(&model->zones, sense->arena);
	if (sense->items == NULL || sense->own == NULL)
		return false;
	for (size_t i = 0; i < model->zones.count; i++)
		sense->own[i].own = true;
	for (size_t i = 0; i < sense->networks; i++)
		sense->items[i].network = reference_network_at(model, i);
	for (size_t i = 0; i < model->gke_clusters.count; i++) {
		struct sense_scope *scope = &sense->items[sense->networks + i];

		scope->cluster = &clusters[i];
		scope->network = reference_network(model, &clusters[i].network);
		scope->outer = sense_scope_of(sense, scope->network);
	}
	return true;
}

bool
sense_collect(struct sense *sense, const struct model *model,
    struct arena *arena)
{
	*sense = (struct sense){.model = model, .arena = arena};
	if (!prepare(sense))
		return false;
	for (size_t i = 0; i < sense->count; i++) {
		if (!collect(sense, &sense->items[i]))
			return false;
	}
	return true;
}

const struct sense_scope *
sense_home(const struct sense *sense, const struct sense_zone *zone)
{
	for (size_t i = 0; i < sense->count; i++) {
		const struct sense_scope *scope = &sense->items[i];

		if (scope->servers == NULL && sense_holds(scope, zone->zone))
			return scope;
	}
	return NULL;
}

const char *
sense_set_text(const struct model_record_set *set, char buf[SENSE_SET_TEXT])
{
	size_t len;

	name_to_text(set->name.wire, buf);
	len = strlen(buf);
	buf[len] = ' ';
	rdata_type_to_text(set->type, buf + len + 1);
	return buf;
}

const char *
sense_zone_name(const struct model_zone *zone)
{
	return zone->name.text == NULL ? "?" : zone->name.text;
}

const char *
sense_scope_text(const struct sense_scope *scope, char buf[SENSE_SCOPE_TEXT])
{
	const bool is_cluster = scope->cluster != NULL;
	const char *name =
	    is_cluster ? scope->cluster->name.text : scope->network->name.text;

	snprintf(buf, SENSE_SCOPE_TEXT, "%s %.100s",
	    is_cluster ? "cluster" : "network", name == NULL ? "?" : name);
	return buf;
}

const struct sense_zone *
sense_find(const struct sense_scope *scope, const uint8_t *name)
{
	const struct tree_node *node = tree_find_above(&scope->zones, name);

	if (node == NULL && scope->outer != NULL)
		node = tree_find_above(&scope->outer->zones, name);
	return node == NULL ? NULL : node->value;
}

bool
sense_once(const struct sense_zone *zone, enum sense_said what)
{
	const bool first = (zone->memo->said & what) == 0;

	zone->memo->said |= what;
	return first;
}

static void
index_records(struct sense_memo *memo, const struct model_zone *zone,
    struct arena *arena)
{
	const struct model_record_set *sets = zone->record_sets.items;

	memo->indexed = true;
	if (!tree_init(&memo->records, zone->record_sets.count, arena))
		return;
	for (size_t i = 0; i < zone->record_sets.count; i++)
		tree_add(&memo->records, sets[i].name.wire, &sets[i], arena);
	tree_sort(&memo->records);
}

const struct tree *
sense_records(const struct sense *sense, const struct sense_zone *zone)
{
	if (!zone->memo->indexed)
		index_records(zone->memo, zone->zone, sense->arena);
	return &zone->memo->records;
}

bool
sense_has_type(const struct tree *records, const uint8_t *name, uint16_t type)
{
	const struct tree_node *node = tree_find(records, name);

	for (; node != NULL; node = tree_twin(records, node)) {
		const struct model_record_set *set = node->value;

		if (set->type == type)
			return true;
	}
	return false;
}

static bool
holds_data(const struct tree *records, const struct tree_node *node)
{
	for (; node != NULL; node = tree_twin(records, node)) {
		const struct model_record_set *set = node->value;

		if (set->type != TYPE_SOA && set->type != TYPE_NS)
			return true;
	}
	return false;
}

bool
sense_wildcard(const uint8_t *name, struct name *out)
{
	const size_t size = name_size(name);

	if (size + 2 > NAME_SIZE)
		return false;
	out->len = (uint8_t)(size + 2);
	out->labels = (uint8_t)(name_labels(name) + 1);
	out->wire[0] = 1;
	out->wire[1] = '*';
	memcpy(out->wire + 2, name, size);
	return true;
}

/* Whether the closest encloser of a name that does not exist has a "*". */
static bool
is_synthesised(const struct tree *records, const struct model_zone *zone,
    const uint8_t *name)
{
	const uint8_t *apex = zone->dns_name.name.wire;
	struct name star;

	do {
		name = name_strip(name, 1);
	} while (
	    !name_equal(name, apex) && tree_find_below(records, name) == NULL);
	return sense_wildcard(name, &star) &&
	    tree_find(records, star.wire) != NULL;
}

enum sense_answer
sense_lookup(const struct tree *records, const struct model_zone *zone,
    const uint8_t *name)
{
	if (holds_data(records, tree_find(records, name)))
		return SENSE_HELD;
	if (name_equal(name, zone->dns_name.name.wire) ||
	    tree_find_below(records, name) != NULL)
		return SENSE_EMPTY;
	return is_synthesised(records, zone, name) ? SENSE_HELD : SENSE_MISSING;
}
