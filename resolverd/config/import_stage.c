#include "config/import_stage.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "config/import_node.h"
#include "config/policy_schema.h"
#include "config/record_set.h"
#include "config/response_policy_schema.h"
#include "config/schema.h"
#include "config/zone_schema.h"

enum { FIRST_CAP = 16, TELL_TEXT = 1024 };

void *
import_stage_list_add(struct import_list *list, size_t size)
{
	uint8_t *item;

	if (list->count == list->cap) {
		const size_t cap = list->cap == 0 ? FIRST_CAP : 2 * list->cap;
		void *items = reallocarray(list->items, cap, size);

		if (items == NULL)
			return NULL;
		list->items = items;
		list->cap = cap;
	}
	item = (uint8_t *)list->items + list->count * size;
	memset(item, 0, size);
	list->count++;
	return item;
}

void
import_stage_list_free(struct import_list *list)
{
	free(list->items);
	*list = (struct import_list){.count = 0};
}

/* Complaints. */

void
import_stage_tell(struct import *import, enum import_weight weight,
    struct mark mark, const char *format, ...)
{
	const bool report = import->report != NULL;
	char text[TELL_TEXT];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	switch (weight) {
	case IMPORT_NOTE:
		if (report)
			diag_note(import->diag, mark, "%s", text);
		return;
	case IMPORT_LESS:
		diag_warning(import->diag, mark, "%s", text);
		return;
	case IMPORT_GAP:
		if (report) {
			diag_warning(import->diag, mark, "%s", text);
		} else {
			diag_error(import->diag, mark, "%s", text);
		}
		return;
	case IMPORT_FAULT:
		diag_error(import->diag, mark, "%s", text);
		return;
	}
}

void
import_stage_flush(struct import *import)
{
	struct import_report *report = import->report;

	if (report == NULL || import->diag->first == NULL)
		return;
	diag_print(import->diag, report->out);
	report->errors += import->diag->errors;
	report->warnings += import->diag->warnings;
	diag_fini(import->diag);
	diag_init(import->diag);
}

static void
out_of_memory(struct import *import)
{
	/* The arena's flag is what ends the run. */
	import->arena->full = true;
}

void
import_stage_forget(struct import *import)
{
	if (import->scratch.full)
		out_of_memory(import);
	arena_fini(&import->scratch);
}

/* Decoding. */

static const struct node *
rewrite(struct import *import, const struct import_resource *resource)
{
	const struct import_rewrite how = {
	    .arena = &import->scratch,
	    .diag = import->diag,
	    .notes = import->report != NULL,
	};

	return import_rewrite_resource(&how, resource->kind, resource->node);
}

static struct decoder
decoder_of(const struct import *import)
{
	return (struct decoder){
	    .arena = import->arena,
	    .diag = import->diag,
	    .lenient = true,
	};
}

/* False when it was wrong, which diag tells then. */
static bool
decode(struct import *import, const struct schema *schema,
    const struct import_resource *resource, void *out)
{
	struct decoder decoder = decoder_of(import);
	const struct node *node = rewrite(import, resource);

	if (node == NULL) {
		out_of_memory(import);
		return false;
	}
	return schema_decode(&decoder, schema, node, out);
}

/* Zones. */

/* What becomes of a zone by what it is for. */
static enum import_fate
zone_fate(struct import *import, const struct node *node)
{
	const char *visibility = import_node_text(node, "visibility");
	const char *name = import_node_text(node, "name");
	const bool private = visibility != NULL
	    ? strcasecmp(visibility, "private") == 0
	    : import_node_get(node, "private_visibility_config") != NULL;

	if (!private) {
		import_stage_tell(import, IMPORT_NOTE, node->mark,
		    "zone \"%s\" is not taken over: it is public, and answered "
		    "by those who serve it",
		    name == NULL ? "" : name);
		return IMPORT_ASIDE;
	}
	if (import_node_is_nothing(
		import_node_get(node, "service_directory_config")))
		return IMPORT_TAKEN;
	import_stage_tell(import, IMPORT_LESS, node->mark,
	    "zone \"%s\" is not taken over: a Service Directory, which is not "
	    "there, has its records",
	    name == NULL ? "" : name);
	return IMPORT_OUT;
}

static void
owner_init(struct import *import, const struct import_resource *resource,
    const char *name, struct import_owner *owner)
{
	*owner = (struct import_owner){
	    .name = name == NULL ? "" : arena_strdup(import->arena, name),
	    .mark = resource->node->mark,
	};
	if (resource->project != NULL) {
		owner->project = arena_strdup(import->arena, resource->project);
	}
}

/* Enough of a zone that is not taken to know its records by. */
static void
zone_name_alone(const struct node *node, struct model_zone *zone)
{
	const char *text = import_node_text(node, "dns_name");

	if (text != NULL &&
	    name_from_text(&zone->dns_name.name, text) == NAME_OK)
		zone->dns_name.mark = node->mark;
}

static void
stage_zone(struct import *import, const struct import_resource *resource)
{
	struct import_zone *zone =
	    import_stage_list_add(&import->zones, sizeof(*zone));

	if (zone == NULL) {
		out_of_memory(import);
		return;
	}
	owner_init(import, resource, import_node_text(resource->node, "name"),
	    &zone->of);
	zone->of.fate = zone_fate(import, resource->node);
	if (zone->of.fate != IMPORT_TAKEN) {
		zone_name_alone(resource->node, &zone->zone);
		return;
	}
	if (!decode(import, &zone_schema, resource, &zone->zone)) {
		zone->of.fate = IMPORT_OUT;
		zone_name_alone(resource->node, &zone->zone);
	}
	/* A zone that names no network is in none: here it would be in the
	 * default one. */
	zone->zone.visibility.given = true;
}

static void
stage_response_policy(struct import *import,
    const struct import_resource *resource)
{
	struct import_response_policy *policy =
	    import_stage_list_add(&import->response_policies, sizeof(*policy));

	if (policy == NULL) {
		out_of_memory(import);
		return;
	}
	owner_init(import, resource,
	    import_node_text(resource->node, "response_policy_name"),
	    &policy->of);
	if (!decode(import, &response_policy_schema, resource, &policy->policy))
		policy->of.fate = IMPORT_OUT;
	policy->policy.visibility.given = true;
}

static void
stage_policy(struct import *import, const struct import_resource *resource)
{
	struct model_policy *policy =
	    import_stage_list_add(&import->policies, sizeof(*policy));

	if (policy == NULL) {
		out_of_memory(import);
		return;
	}
	if (!decode(import, &policy_schema, resource, policy))
		import->policies.count--;
	policy->visibility.given = true;
}

/* Members. */

static const char *
copy_or_null(struct import *import, const char *text)
{
	return text == NULL ? NULL : arena_strdup(import->arena, text);
}

static struct import_member
member_of(struct import *import, const struct import_resource *resource)
{
	return (struct import_member){
	    .source = import->source,
	    .parent = copy_or_null(import, resource->parent),
	    .project = copy_or_null(import, resource->project),
	    .mark = resource->node->mark,
	};
}

static void
stage_record_set(struct import *import, const struct import_resource *resource)
{
	struct decoder decoder = decoder_of(import);
	struct import_record_set *record =
	    import_stage_list_add(&import->record_sets, sizeof(*record));
	const struct node *node = rewrite(import, resource);

	if (record == NULL || node == NULL) {
		out_of_memory(import);
		return;
	}
	record->of = member_of(import, resource);
	if (!record_set_type.read(&decoder, NULL, node, &record->set))
		record->of.broken = true;
}

void
import_stage_record_set(struct import *import,
    const struct model_record_set *set)
{
	struct import_record_set *record =
	    import_stage_list_add(&import->record_sets, sizeof(*record));

	if (record == NULL) {
		out_of_memory(import);
		return;
	}
	record->set = *set;
	record->of = (struct import_member){
	    .source = import->source,
	    .mark = set->mark,
	};
}

static void
stage_rule(struct import *import, const struct import_resource *resource)
{
	struct import_rule *rule =
	    import_stage_list_add(&import->rules, sizeof(*rule));

	if (rule == NULL) {
		out_of_memory(import);
		return;
	}
	rule->of = member_of(import, resource);
	if (!decode(import, &rule_schema, resource, &rule->rule))
		rule->of.broken = true;
}

typedef void (
    *stage_fn)(struct import *import, const struct import_resource *resource);

static const stage_fn stages[IMPORT_KINDS] = {
    [IMPORT_ZONE] = stage_zone,
    [IMPORT_RECORD_SET] = stage_record_set,
    [IMPORT_RESPONSE_POLICY] = stage_response_policy,
    [IMPORT_RULE] = stage_rule,
    [IMPORT_POLICY] = stage_policy,
};

void
import_stage_resource(struct import *import,
    const struct import_resource *resource)
{
	stages[resource->kind](import, resource);
	import_stage_flush(import);
}
