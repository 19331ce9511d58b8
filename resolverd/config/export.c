#include "config/export.h"

#include <string.h>

#include "base/text.h"
#include "config/export_text.h"
#include "dns/message.h"
#include "model/defaults.h"
#include "model/preset.h"
#include "model/reference.h"

enum { EXPORT_BLOCK = 64 * 1024 };

/* Variables. */

static const struct export_variable *
variable_find(const struct export *export, enum export_variable_kind kind,
    const char *key)
{
	const struct export_variable *variable = export->variables;

	while (variable != NULL &&
	    (variable->kind != kind || strcmp(variable->key, key) != 0))
		variable = variable->next;
	return variable;
}

static const struct export_variable *
variable_add(struct export *export, const struct export_variable *wanted)
{
	static const char *const prefixes[] = {
	    [EXPORT_NETWORK] = "network",
	    [EXPORT_CLUSTER] = "cluster",
	    [EXPORT_BALANCER] = "forwarding_rule",
	};
	struct arena *const arena = &export->arena;
	struct export_variable *const variable =
	    arena_copy(arena, wanted, sizeof(*wanted));
	const char *const name =
	    arena_printf(arena, "%s_%s", prefixes[wanted->kind],
		export_text_identifier(arena, wanted->name));

	if (variable == NULL || name == NULL)
		return NULL;
	variable->name = export_names_take(&export->variable_names, name);
	*export->last_variable = variable;
	export->last_variable = &variable->next;
	return variable;
}

static const struct export_variable *
variable_of(struct export *export, const struct export_variable *wanted)
{
	const struct export_variable *const known =
	    variable_find(export, wanted->kind, wanted->key);

	return known != NULL ? known : variable_add(export, wanted);
}

const char *
export_network_project(const struct export *export,
    const struct model_network_ref *ref)
{
	const struct model_network *const network =
	    reference_network(export->model, ref);

	if (ref->project != NULL || network == NULL)
		return ref->project;
	return network->project.text;
}

const struct export_variable *
export_network(struct export *export, const struct model_network_ref *ref)
{
	const char *const project = export_network_project(export, ref);
	const char *const value = project == NULL
	    ? ref->name
	    : arena_printf(&export->arena, "projects/%s/global/networks/%s",
		  project, ref->name);

	if (value == NULL)
		return NULL;
	return variable_of(export,
	    &(struct export_variable){
		.kind = EXPORT_NETWORK,
		.key = value,
		.name = ref->name,
		.value = value,
	    });
}

const struct export_variable *
export_cluster(struct export *export, const struct model_cluster_ref *ref)
{
	/* Cloud DNS takes no bare name: clusters of one name may be many. */
	const bool whole = strstr(ref->text, "/clusters/") != NULL;

	return variable_of(export,
	    &(struct export_variable){
		.kind = EXPORT_CLUSTER,
		.key = ref->text,
		.name = ref->name,
		.value = whole ? strstr(ref->text, "projects/") : NULL,
	    });
}

const struct export_variable *
export_balancer(struct export *export, const struct model_health_target *target)
{
	char text[ADDR_TEXT];
	const char *const key =
	    arena_strdup(&export->arena, addr_format(&target->addr, text));

	if (key == NULL)
		return NULL;
	return variable_of(export,
	    &(struct export_variable){
		.kind = EXPORT_BALANCER,
		.key = key,
		.name = key,
	    });
}

/* Where something holds. */

/* A reference to a network that nothing refers to by a text of its own. */
static struct model_network_ref
ref_to(const struct model_network *network)
{
	return (struct model_network_ref){
	    .mark = network->mark,
	    .name = network->name.text,
	    .project = network->project.text,
	};
}

static void
scope_networks(struct export *export, const struct model_visibility *visibility,
    struct export_scope *scope)
{
	const struct model_network_ref unsaid =
	    ref_to(reference_default(export->model));
	const struct model_network_ref *const refs =
	    visibility->given ? visibility->networks.items : &unsaid;
	const size_t count = visibility->given ? visibility->networks.count : 1;

	scope->networks =
	    arena_calloc(&export->arena, count, sizeof(*scope->networks));
	for (size_t i = 0; scope->networks != NULL && i < count; i++) {
		const struct export_variable *const variable =
		    export_network(export, &refs[i]);

		if (variable != NULL)
			scope->networks[scope->network_count++] = *variable;
	}
}

struct export_scope
export_scope(struct export *export, const struct model_visibility *visibility)
{
	const struct model_cluster_ref *const refs = visibility->clusters.items;
	const size_t count = visibility->clusters.count;
	struct export_scope scope = {.network_count = 0};

	scope_networks(export, visibility, &scope);
	scope.clusters =
	    arena_calloc(&export->arena, count, sizeof(*scope.clusters));
	for (size_t i = 0; scope.clusters != NULL && i < count; i++) {
		const struct export_variable *const variable =
		    export_cluster(export, &refs[i]);

		if (variable != NULL)
			scope.clusters[scope.cluster_count++] = *variable;
	}
	return scope;
}

/* The plan. */

/* A resource name for what is called own, or else fallback. */
static const char *
name_for(struct export_names *names, const struct model_text *own,
    const char *fallback)
{
	const char *const text = own->text != NULL ? own->text : fallback;

	return export_names_take(names,
	    export_text_resource(names->arena, text));
}

static struct export_names
resource_names(struct export *export)
{
	return (struct export_names){
	    .arena = &export->arena,
	    .joint = '-',
	    .limit = EXPORT_TEXT_RESOURCE,
	};
}

/* Whether a zone is the one that was asked for. */
static bool
zone_wanted(const struct export *export, const struct model_zone *zone)
{
	const char *const wanted = export->options.zone;
	struct name name;

	if (wanted == NULL)
		return true;
	if (zone->name.text != NULL && strcmp(zone->name.text, wanted) == 0)
		return true;
	return name_from_text(&name, wanted) == NAME_OK &&
	    name_equal(name.wire, zone->dns_name.name.wire);
}

static void
plan_zones(struct export *export, const struct model_list *list,
    struct export_names *names)
{
	const struct model_zone *const zones = list->items;
	struct export_zone *const out = export->zones.items;

	for (size_t i = 0; i < list->count; i++) {
		if (!zone_wanted(export, &zones[i]))
			continue;
		out[export->zones.count++] = (struct export_zone){
		    .zone = &zones[i],
		    .name = name_for(names, &zones[i].name,
			export_text_name(names->arena,
			    &zones[i].dns_name.name)),
		};
	}
}

/*
 * Presets make zones a network, which are all alike: in Cloud DNS one zone is
 * authorised for all of them.
 */
struct merge {
	struct export *export;
	struct model_zone *zones;
	size_t count;
	size_t networks; /* how many a zone may get */
};

static struct model_zone *
merge_find(const struct merge *merge, const struct model_zone *made)
{
	const uint8_t *const apex = made->dns_name.name.wire;

	for (size_t i = 0; i < merge->count; i++) {
		if (name_equal(merge->zones[i].dns_name.name.wire, apex))
			return &merge->zones[i];
	}
	return NULL;
}

/* NULL when the arena is full. */
static struct model_zone *
merge_add(struct merge *merge, const struct model_zone *made)
{
	struct model_zone *const zone = &merge->zones[merge->count];

	*zone = *made;
	zone->visibility = (struct model_visibility){
	    .given = true,
	    .networks.items = arena_calloc(&merge->export->arena,
		merge->networks, sizeof(struct model_network_ref)),
	};
	if (zone->visibility.networks.items == NULL)
		return NULL;
	merge->count++;
	return zone;
}

static void
merge_network(struct merge *merge, const struct model_network *network,
    const struct model_list *made)
{
	const struct model_zone *const zones = made->items;

	for (size_t i = 0; i < made->count; i++) {
		struct model_zone *zone = merge_find(merge, &zones[i]);
		struct model_list *list;
		struct model_network_ref *refs;

		if (zone == NULL)
			zone = merge_add(merge, &zones[i]);
		if (zone == NULL)
			return;
		list = &zone->visibility.networks;
		refs = list->items;
		refs[list->count++] = ref_to(network);
	}
}

/* The zones of the presets, each for all networks that have it. */
static struct model_list
merged_presets(struct export *export)
{
	const struct model *const model = export->model;
	struct merge merge = {
	    .export = export,
	    .networks = reference_network_count(model),
	};
	struct model_list *const made =
	    arena_calloc(&export->arena, merge.networks, sizeof(*made));
	size_t bound = 0;

	if (made == NULL)
		return (struct model_list){.count = 0};
	for (size_t i = 0; i < merge.networks; i++) {
		preset_zones(model, reference_network_at(model, i),
		    &export->arena, &made[i]);
		bound += made[i].count;
	}
	merge.zones = arena_calloc(&export->arena, bound, sizeof(*merge.zones));
	for (size_t i = 0; merge.zones != NULL && i < merge.networks; i++) {
		merge_network(&merge, reference_network_at(model, i), &made[i]);
	}
	return (struct model_list){.items = merge.zones, .count = merge.count};
}

static void
plan_all_zones(struct export *export)
{
	struct export_names names = resource_names(export);
	const struct model_list presets = merged_presets(export);
	const size_t count = presets.count + export->model->zones.count;

	export->zones.items =
	    arena_calloc(&export->arena, count, sizeof(struct export_zone));
	if (export->zones.items == NULL)
		return;
	/* The operator's own keep their names where two would have one. */
	plan_zones(export, &export->model->zones, &names);
	plan_zones(export, &presets, &names);
}

static const char **
plan_rules(struct export *export, const struct model_list *list)
{
	const struct model_rule *const rules = list->items;
	struct export_names names = resource_names(export);
	const char **out =
	    arena_calloc(&export->arena, list->count, sizeof(*out));

	for (size_t i = 0; out != NULL && i < list->count; i++) {
		out[i] = name_for(&names, &rules[i].name,
		    export_text_name(names.arena, &rules[i].dns_name.name));
	}
	return out;
}

static void
plan_response_policies(struct export *export)
{
	const struct model_list *const list = &export->model->response_policies;
	const struct model_response_policy *const policies = list->items;
	struct export_names names = resource_names(export);
	struct export_response_policy *const out =
	    arena_calloc(&export->arena, list->count, sizeof(*out));

	for (size_t i = 0; out != NULL && i < list->count; i++) {
		out[i].policy = &policies[i];
		out[i].name =
		    name_for(&names, &policies[i].name, "response-policy");
		out[i].rule_names = plan_rules(export, &policies[i].rules);
	}
	export->response_policies = (struct model_list){.items = out,
	    .count = out == NULL ? 0 : list->count};
}

static void
plan_policies(struct export *export)
{
	const struct model_list *const list = &export->model->policies;
	const struct model_policy *const policies = list->items;
	struct export_names names = resource_names(export);
	struct export_policy *const out =
	    arena_calloc(&export->arena, list->count, sizeof(*out));

	for (size_t i = 0; out != NULL && i < list->count; i++) {
		out[i].policy = &policies[i];
		out[i].name = name_for(&names, &policies[i].name, "policy");
	}
	export->policies = (struct model_list){.items = out,
	    .count = out == NULL ? 0 : list->count};
}

/* The variables of all that is planned. */

static void
plan_balancers(struct export *export, const struct model_list *list)
{
	const struct model_health_target *const targets = list->items;

	for (size_t i = 0; i < list->count; i++)
		export_balancer(export, &targets[i]);
}

static void
plan_routing(struct export *export, const struct model_routing *routing)
{
	const struct model_routing_item *const items = routing->items.items;

	plan_balancers(export, &routing->primary);
	for (size_t i = 0; i < routing->items.count; i++)
		plan_balancers(export, &items[i].checked);
}

static void
plan_zone_variables(struct export *export, const struct model_zone *zone)
{
	const struct model_record_set *const sets = zone->record_sets.items;

	export_scope(export, &zone->visibility);
	if (zone->kind == MODEL_ZONE_PEERING)
		export_network(export, &zone->peer);
	for (size_t i = 0; i < zone->record_sets.count; i++) {
		if (sets[i].routing != NULL)
			plan_routing(export, sets[i].routing);
	}
}

static void
plan_variables(struct export *export)
{
	const struct export_zone *const zones = export->zones.items;
	const struct export_response_policy *const responses =
	    export->response_policies.items;
	const struct export_policy *const policies = export->policies.items;

	for (size_t i = 0; i < export->zones.count; i++)
		plan_zone_variables(export, zones[i].zone);
	for (size_t i = 0; i < export->response_policies.count; i++)
		export_scope(export, &responses[i].policy->visibility);
	for (size_t i = 0; i < export->policies.count; i++)
		export_scope(export, &policies[i].policy->visibility);
}

static bool
no_such_zone(struct export *export)
{
	const struct mark nowhere = {.file = NULL};

	return diag_error(export->diag, nowhere, "there is no zone '%s'",
	    export->options.zone);
}

bool
export_init(struct export *export, const struct model *model,
    const struct export_options *options, struct diag *diag)
{
	*export = (struct export){
	    .model = model,
	    .options = *options,
	    .diag = diag,
	    .last_variable = &export->variables,
	    .variable_names = {.arena = &export->arena, .joint = '_'},
	};
	arena_init_heap(&export->arena, EXPORT_BLOCK);
	plan_all_zones(export);
	if (export->zones.count == 0 && options->zone != NULL)
		return no_such_zone(export);
	if (options->zone == NULL) {
		plan_response_policies(export);
		plan_policies(export);
	}
	if (!export->arena.full)
		plan_variables(export);
	return true;
}

void
export_fini(struct export *export)
{
	arena_fini(&export->arena);
}

/* Resources. */

static bool
same_data(const struct model_record_set *set, const struct rdata *rdata)
{
	return set->routing == NULL && set->rdata_count == 1 &&
	    set->rdata[0].len == rdata->len &&
	    memcmp(set->rdata[0].bytes, rdata->bytes, rdata->len) == 0 &&
	    set->ttl == DEFAULTS_APEX_TTL;
}

enum export_way
export_way(const struct model_zone *zone, const struct model_record_set *set)
{
	if (!name_equal(set->name.wire, zone->dns_name.name.wire))
		return EXPORT_CREATE;
	if (set->type == TYPE_SOA) {
		return same_data(set, &defaults_soa) ? EXPORT_PRESENT
						     : EXPORT_REPLACE;
	}
	if (set->type == TYPE_NS) {
		return same_data(set, &defaults_ns) ? EXPORT_PRESENT
						    : EXPORT_REFUSED;
	}
	return EXPORT_CREATE;
}

const char *
export_description(const struct model_text *own)
{
	return own->text != NULL && own->text[0] != '\0'
	    ? own->text
	    : "Exported by resolverctl";
}

struct model_list
export_policy_targets(struct export *export, const struct model_policy *policy)
{
	const struct model_target *const targets = policy->targets.items;
	struct model_target *const kept =
	    arena_calloc(&export->arena, policy->targets.count, sizeof(*kept));
	struct model_list list = {.items = kept};

	for (size_t i = 0; kept != NULL && i < policy->targets.count; i++) {
		if (targets[i].addr.len != 0)
			kept[list.count++] = targets[i];
	}
	return list;
}
