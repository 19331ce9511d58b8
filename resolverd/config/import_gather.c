#include "config/import_gather.h"

#include <stdint.h>
#include <string.h>

#include "config/text_index.h"
#include "model/check_zone.h"

/* Members on their way to their owners. */
struct batch {
	struct import *import;
	const char *what; /* "zone" */
	uint8_t *items;
	size_t count;
	size_t size;	     /* of an element, which begins with the member */
	size_t payload;	     /* where in it what is wanted begins */
	size_t payload_size; /* and its octets */
	struct model_list *(*list)(struct import_owner *owner);
};

static struct import_member *
member_at(const struct batch *batch, size_t index)
{
	return (void *)(batch->items + index * batch->size);
}

/* Something in it is wrong: half of it would answer wrongly. */
static void
owner_out(const struct batch *batch, struct import_owner *owner)
{
	if (owner->fate != IMPORT_TAKEN || batch->import->report == NULL)
		return;
	owner->fate = IMPORT_OUT;
	import_stage_tell(batch->import, IMPORT_FAULT, owner->mark,
	    "%s \"%s\" is not taken over: a part of it is wrong", batch->what,
	    owner->name);
	import_stage_flush(batch->import);
}

static void
count_members(const struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		const struct import_member *member = member_at(batch, i);

		if (member->owner == NULL)
			continue;
		if (member->broken || member->source->broken)
			owner_out(batch, member->owner);
		if (!member->broken)
			member->owner->members++;
	}
}

/* Makes room behind what the owner's list has. */
static bool
list_extend(struct arena *arena, struct model_list *list, size_t more,
    size_t size)
{
	uint8_t *items;

	if (more == 0)
		return true;
	items = arena_calloc(arena, list->count + more, size);
	if (items == NULL)
		return false;
	if (list->count > 0)
		memcpy(items, list->items, list->count * size);
	list->items = items;
	return true;
}

static void
list_append(struct model_list *list, const void *item, size_t size)
{
	memcpy((uint8_t *)list->items + list->count * size, item, size);
	list->count++;
}

static void
give_members(const struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		const struct import_member *member = member_at(batch, i);

		if (member->owner == NULL || member->broken ||
		    member->owner->fate != IMPORT_TAKEN)
			continue;
		list_append(batch->list(member->owner),
		    batch->items + i * batch->size + batch->payload,
		    batch->payload_size);
	}
}

static struct model_list *
zone_sets(struct import_owner *owner)
{
	return &((struct import_zone *)(void *)owner)->zone.record_sets;
}

static struct model_list *
policy_rules(struct import_owner *owner)
{
	return &((struct import_response_policy *)(void *)owner)->policy.rules;
}

/* Owners. */

/*
 * Resource names are unique in a project, and several projects may be read
 * at once: the later zone is called by both names then.  False when it is
 * the same one again.
 */
static bool
owner_unique(struct import *import, const char *what, struct text_index *names,
    struct import_owner *owner, struct model_text *name)
{
	struct import_owner *twin = text_index_add(names, name->text, owner);

	if (twin == NULL)
		return true;
	if (owner->project == NULL || twin->project == NULL ||
	    strcmp(owner->project, twin->project) == 0) {
		import_stage_tell(import, IMPORT_LESS, owner->mark,
		    "%s \"%s\" is not taken over: it is there already", what,
		    owner->name);
		diag_note(import->diag, twin->mark, "the one that is taken");
		return false;
	}
	name->text =
	    arena_printf(import->arena, "%s-%s", owner->name, owner->project);
	if (name->text == NULL)
		return false;
	import_stage_tell(import, IMPORT_NOTE, owner->mark,
	    "%s \"%s\" of project %s is called \"%s\" here", what, owner->name,
	    owner->project, name->text);
	return text_index_add(names, name->text, owner) == NULL;
}

static bool
zone_is_good(struct import *import, struct text_index *names,
    struct import_zone *zone)
{
	struct diag diag;
	bool good;

	if (import->report == NULL)
		return true;
	if (!owner_unique(import, "zone", names, &zone->of, &zone->zone.name))
		return false;
	diag_init(&diag);
	good = check_zone(&zone->zone, &diag);
	diag_fini(&diag);
	/* What only hurts is told when the whole is checked. */
	if (good)
		return true;
	check_zone(&zone->zone, import->diag);
	import_stage_tell(import, IMPORT_FAULT, zone->of.mark,
	    "zone \"%s\" is not taken over: Cloud DNS refuses it",
	    zone->of.name);
	return false;
}

/* The records of a zone that is not taken go with it, but not unsaid. */
static void
tell_left(struct import *import, const struct import_zone *zone)
{
	const size_t count = zone->of.members;

	if (count == 0)
		return;
	import_stage_tell(import, IMPORT_NOTE, zone->of.mark,
	    "%zu record set%s of zone \"%s\" %s left with it", count,
	    count == 1 ? "" : "s", zone->of.name, count == 1 ? "is" : "are");
	import_stage_flush(import);
}

/* What the configuration had itself, with what was found for it. */
static void
give_back(struct import *import)
{
	struct import_zone *zones = import->zones.items;
	struct import_response_policy *policies =
	    import->response_policies.items;

	for (size_t i = 0; i < import->zones.count; i++) {
		if (zones[i].own != NULL)
			*zones[i].own = zones[i].zone;
	}
	for (size_t i = 0; i < import->response_policies.count; i++) {
		if (policies[i].own != NULL)
			*policies[i].own = policies[i].policy;
	}
}

static void
gather_zones(struct import *import, struct model *model,
    struct import_counts *counts)
{
	struct import_zone *zones = import->zones.items;
	struct text_index names;

	text_index_init(&names, &import->scratch);
	if (!list_extend(&model->arena, &model->zones, import->zones.count,
		sizeof(struct model_zone)))
		return;
	for (size_t i = 0; i < import->zones.count; i++) {
		struct import_zone *zone = &zones[i];

		if (zone->of.fate != IMPORT_TAKEN)
			tell_left(import, zone);
		if (zone->own != NULL || zone->of.fate != IMPORT_TAKEN)
			continue;
		if (zone_is_good(import, &names, zone)) {
			list_append(&model->zones, &zone->zone,
			    sizeof(zone->zone));
			counts->zones++;
			counts->record_sets += zone->zone.record_sets.count;
		}
		import_stage_flush(import);
	}
}

static void
gather_response_policies(struct import *import, struct model *model,
    struct import_counts *counts)
{
	struct import_response_policy *policies =
	    import->response_policies.items;
	struct text_index names;

	text_index_init(&names, &import->scratch);
	if (!list_extend(&model->arena, &model->response_policies,
		import->response_policies.count,
		sizeof(struct model_response_policy)))
		return;
	for (size_t i = 0; i < import->response_policies.count; i++) {
		struct import_response_policy *policy = &policies[i];

		if (policy->own != NULL || policy->of.fate != IMPORT_TAKEN)
			continue;
		if (import->report == NULL ||
		    owner_unique(import, "response policy", &names, &policy->of,
			&policy->policy.name)) {
			list_append(&model->response_policies, &policy->policy,
			    sizeof(policy->policy));
			counts->response_policies++;
			counts->rules += policy->policy.rules.count;
		}
		import_stage_flush(import);
	}
}

static bool
policy_is_new(struct import *import, struct text_index *names,
    struct model_policy *policy)
{
	const struct model_policy *twin;

	if (import->report == NULL)
		return true;
	twin = text_index_add(names, policy->name.text, policy);
	if (twin == NULL)
		return true;
	import_stage_tell(import, IMPORT_LESS, policy->mark,
	    "server policy \"%s\" is not taken over: it is there already",
	    policy->name.text);
	diag_note(import->diag, twin->mark, "the one that is taken");
	return false;
}

static void
gather_policies(struct import *import, struct model *model,
    struct import_counts *counts)
{
	struct model_policy *policies = import->policies.items;
	const size_t count = import->policies.count;
	struct text_index names;

	text_index_init(&names, &import->scratch);
	if (!list_extend(&model->arena, &model->policies, count,
		sizeof(*policies)))
		return;
	for (size_t i = 0; i < count; i++) {
		if (!policy_is_new(import, &names, &policies[i]))
			continue;
		list_append(&model->policies, &policies[i],
		    sizeof(policies[i]));
		counts->policies++;
	}
	import_stage_flush(import);
}

static void
extend_zones(struct import *import)
{
	struct import_zone *zones = import->zones.items;

	for (size_t i = 0; i < import->zones.count; i++) {
		list_extend(import->arena, &zones[i].zone.record_sets,
		    zones[i].of.members, sizeof(struct model_record_set));
	}
}

static void
extend_policies(struct import *import)
{
	struct import_response_policy *policies =
	    import->response_policies.items;

	for (size_t i = 0; i < import->response_policies.count; i++) {
		list_extend(import->arena, &policies[i].policy.rules,
		    policies[i].of.members, sizeof(struct model_rule));
	}
}

void
import_gather_model(struct import *import, struct model *model,
    struct import_counts *counts)
{
	const struct batch sets = {
	    .import = import,
	    .what = "zone",
	    .items = import->record_sets.items,
	    .count = import->record_sets.count,
	    .size = sizeof(struct import_record_set),
	    .payload = offsetof(struct import_record_set, set),
	    .payload_size = sizeof(struct model_record_set),
	    .list = zone_sets,
	};
	const struct batch rules = {
	    .import = import,
	    .what = "response policy",
	    .items = import->rules.items,
	    .count = import->rules.count,
	    .size = sizeof(struct import_rule),
	    .payload = offsetof(struct import_rule, rule),
	    .payload_size = sizeof(struct model_rule),
	    .list = policy_rules,
	};

	count_members(&sets);
	count_members(&rules);
	extend_zones(import);
	extend_policies(import);
	if (import->arena->full)
		return;
	give_members(&sets);
	give_members(&rules);
	give_back(import);
	gather_zones(import, model, counts);
	gather_response_policies(import, model, counts);
	gather_policies(import, model, counts);
}
