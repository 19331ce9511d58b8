#include "model/compile_network.h"

#include "core/policy.h"
#include "model/compile_group.h"
#include "model/compile_view.h"
#include "model/compile_zone.h"
#include "model/internal.h"
#include "model/preset.h"
#include "model/psc.h"
#include "model/reference.h"
#include "model/region.h"

/* What a name leads to, for snapshot->claims. */

static void
claim_group(struct compiler *compiler, const struct upstream_group *group)
{
	compiler_claim(compiler, group == NULL ? 0 : group->id);
}

static void
claim_zone(struct compiler *compiler, const struct zone *zone,
    const struct path *path)
{
	compiler_claim(compiler, path->hash[0]);
	compiler_claim(compiler, zone->kind);
	claim_group(compiler, zone->forward_to);
	if (zone->peer != NULL) {
		compiler_claim(compiler,
		    (uint64_t)(zone->peer - compiler->networks));
	}
}

static void
claim_rule(struct compiler *compiler, const struct rule *rule)
{
	compiler_claim(compiler,
	    hash_bytes(&compiler->snapshot->key, rule->selector,
		name_size(rule->selector)));
	compiler_claim(compiler, rule->bypass);
}

/* Zones. */

static bool
index_add(struct compiler *compiler, struct suffix_index *index,
    const struct zone *zone)
{
	struct path path;

	if (zone == NULL)
		return false;
	path_set(&path, zone->apex, &compiler->snapshot->key);
	/* Where two have one name the first stays: own zones come first. */
	suffix_add(index, &path, zone->apex, zone);
	claim_zone(compiler, zone, &path);
	return true;
}

/* Compiles each of the model's zones once, whoever sees it. */
static bool
compile_zones(struct compiler *compiler)
{
	const struct model_list *list = &compiler->model->zones;
	const struct model_zone *zones = list->items;

	compiler->zones = arena_calloc(&compiler->scratch, list->count,
	    sizeof(const struct zone *));
	if (compiler->zones == NULL)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		/* A reverse zone differs from network to network. */
		if (zones[i].kind == MODEL_ZONE_REVERSE)
			continue;
		compiler->zones[i] = compile_zone_make(compiler, &zones[i],
		    &(struct model_list){.count = 0});
		if (compiler->zones[i] == NULL)
			return false;
	}
	compiler->snapshot->zone_count = list->count;
	return true;
}

/*
 * A zone as it is in one network: a managed reverse lookup zone has the PTRs
 * of that network's VMs, all others are the same everywhere.
 */
static const struct zone *
zone_in(struct compiler *compiler, size_t i,
    const struct model_network *network)
{
	const struct model_zone *zones = compiler->model->zones.items;
	struct model_list pointers;

	if (zones[i].kind != MODEL_ZONE_REVERSE)
		return compiler->zones[i];
	if (!internal_reverse(compiler->model, network, &zones[i],
		&compiler->scratch, &pointers))
		return NULL;
	return compile_zone_make(compiler, &zones[i], &pointers);
}

/* Compiles zones that were made for this network and adds them. */
static bool
add_made(struct compiler *compiler, const struct model_list *list,
    struct suffix_index *index)
{
	const struct model_zone *made = list->items;

	for (size_t i = 0; i < list->count; i++) {
		if (!index_add(compiler, index,
			compile_zone_make(compiler, &made[i],
			    &(struct model_list){.count = 0})))
			return false;
	}
	compiler->snapshot->zone_count += list->count;
	return true;
}

static size_t
own_count(const struct model *model, const struct model_network *network)
{
	const struct model_zone *zones = model->zones.items;
	size_t count = 0;

	for (size_t i = 0; i < model->zones.count; i++) {
		count +=
		    reference_holds_in_network(&zones[i].visibility, network);
	}
	return count;
}

static bool
add_own(struct compiler *compiler, const struct model_network *from,
    struct suffix_index *index)
{
	const struct model *model = compiler->model;
	const struct model_zone *zones = model->zones.items;

	for (size_t i = 0; i < model->zones.count; i++) {
		if (reference_holds_in_network(&zones[i].visibility, from) &&
		    !index_add(compiler, index, zone_in(compiler, i, from)))
			return false;
	}
	return true;
}

static bool
network_zones(struct compiler *compiler, const struct model_network *from,
    struct network *network)
{
	const struct model *model = compiler->model;
	struct suffix_index *index = &network->scope.zones;
	struct model_list presets;
	struct model_list endpoints;

	return preset_zones(model, from, &compiler->scratch, &presets) &&
	    psc_zones(model, from, &compiler->scratch, &endpoints) &&
	    suffix_init(index,
		own_count(model, from) + presets.count + endpoints.count,
		compiler->arena) &&
	    add_own(compiler, from, index) &&
	    add_made(compiler, &endpoints, index) &&
	    add_made(compiler, &presets, index);
}

static bool
network_internal(struct compiler *compiler, const struct model_network *from,
    struct network *network)
{
	struct model_list list;
	const struct model_zone *zones;

	if (!internal_zones(compiler->model, from, &compiler->scratch, &list) ||
	    !suffix_init(&network->internal, list.count, compiler->arena))
		return false;
	zones = list.items;
	for (size_t i = 0; i < list.count; i++) {
		if (!index_add(compiler, &network->internal,
			compile_zone_internal(compiler, &zones[i])))
			return false;
	}
	return true;
}

/* Response policies. */

static bool
policy_fill(struct compiler *compiler, const struct model_response_policy *from,
    struct policy *policy)
{
	const struct model_rule *rules = from->rules.items;

	for (size_t i = 0; i < from->rules.count; i++) {
		struct rule *rule =
		    arena_calloc(compiler->arena, 1, sizeof(*rule));

		if (rule == NULL)
			return false;
		rule->name = compiler_text(compiler, &rules[i].name);
		rule->mark = compiler_mark(compiler, rules[i].mark);
		rule->selector =
		    compiler_name(compiler, &rules[i].dns_name.name);
		rule->bypass = rules[i].bypass;
		if (rule->selector == NULL ||
		    !compile_zone_sets(compiler, &rules[i].local_datas,
			&rule->data) ||
		    !policy_add(policy, rule, &compiler->snapshot->key,
			compiler->arena))
			return false;
		claim_rule(compiler, rule);
	}
	return true;
}

static const struct policy *
compile_policy(struct compiler *compiler,
    const struct model_response_policy *from)
{
	struct policy *policy =
	    arena_calloc(compiler->arena, 1, sizeof(*policy));

	if (policy == NULL ||
	    !policy_init(policy, from->rules.count, compiler->arena))
		return NULL;
	policy->name = compiler_text(compiler, &from->name);
	policy->mark = compiler_mark(compiler, from->mark);
	return policy_fill(compiler, from, policy) ? policy : NULL;
}

/* Puts a response policy wherever it holds. */
static void
policy_place(struct compiler *compiler,
    const struct model_response_policy *from, const struct policy *policy)
{
	const struct model *model = compiler->model;
	const struct model_cluster *clusters = model->gke_clusters.items;

	for (size_t i = 0; i < reference_network_count(model); i++) {
		if (!reference_holds_in_network(&from->visibility,
			reference_network_at(model, i)))
			continue;
		compiler->networks[i].scope.policy = policy;
		compiler_claim(compiler, i);
	}
	for (size_t i = 0; i < model->gke_clusters.count; i++) {
		if (!reference_holds_in_cluster(&from->visibility,
			&clusters[i]))
			continue;
		compiler->clusters[i].policy = policy;
		compiler_claim(compiler, i);
	}
}

static bool
compile_policies(struct compiler *compiler)
{
	const struct model_list *list = &compiler->model->response_policies;
	const struct model_response_policy *policies = list->items;

	for (size_t i = 0; i < list->count; i++) {
		const struct policy *policy =
		    compile_policy(compiler, &policies[i]);

		if (policy == NULL)
			return false;
		policy_place(compiler, &policies[i], policy);
	}
	return true;
}

/* Server policies. */

const struct model_policy *
compile_network_policy(const struct compiler *compiler,
    const struct model_network *from)
{
	const struct model_list *list = &compiler->model->policies;
	const struct model_policy *policies = list->items;

	for (size_t i = 0; i < list->count; i++) {
		if (reference_holds_in_network(&policies[i].visibility, from))
			return &policies[i];
	}
	return NULL;
}

static bool
network_servers(struct compiler *compiler, const struct model_network *from,
    struct network *network)
{
	const struct model_policy *policy =
	    compile_network_policy(compiler, from);

	if (policy == NULL)
		return true;
	network->server_policy = compiler_text(compiler, &policy->name);
	network->logging = policy->logging;
	network->dns64 = policy->dns64;
	if (policy->targets.count == 0)
		return network->server_policy != NULL;
	network->servers = compile_group_make(compiler, &policy->targets,
	    GROUP_ALTERNATIVE, network->server_policy);
	return network->servers != NULL;
}

/* Networks and clusters. */

static bool
compile_network(struct compiler *compiler, const struct model_network *from,
    struct network *network)
{
	network->name = compiler_text(compiler, &from->name);
	network->upstreams = compiler->upstreams;
	if (from->region.text != NULL)
		region_position(from->region.text, &network->position);
	if (network->name == NULL || !network_servers(compiler, from, network))
		return false;
	claim_group(compiler, network->servers);
	claim_group(compiler, network->upstreams);
	return network_zones(compiler, from, network) &&
	    network_internal(compiler, from, network);
}

static bool
compile_cluster(struct compiler *compiler, const struct model_cluster *from,
    struct scope *scope)
{
	const struct model_list *list = &compiler->model->zones;
	const struct model_zone *zones = list->items;
	const struct model_network *network =
	    reference_network(compiler->model, &from->network);

	if (!suffix_init(&scope->zones, list->count, compiler->arena))
		return false;
	for (size_t i = 0; i < list->count; i++) {
		if (reference_holds_in_cluster(&zones[i].visibility, from) &&
		    !index_add(compiler, &scope->zones,
			zone_in(compiler, i, network)))
			return false;
	}
	return true;
}

/* The room for all of them first: zones and views point into it. */
static bool
networks_make(struct compiler *compiler)
{
	const struct model *model = compiler->model;
	const size_t count = reference_network_count(model);

	compiler->networks =
	    arena_calloc(compiler->arena, count, sizeof(*compiler->networks));
	compiler->clusters = arena_calloc(compiler->arena,
	    model->gke_clusters.count, sizeof(*compiler->clusters));
	compiler->snapshot->networks = compiler->networks;
	compiler->snapshot->network_count = count;
	return compiler->networks != NULL && compiler->clusters != NULL;
}

static bool
networks_fill(struct compiler *compiler)
{
	const struct model *model = compiler->model;
	const struct model_cluster *clusters = model->gke_clusters.items;

	for (size_t i = 0; i < reference_network_count(model); i++) {
		if (!compile_network(compiler, reference_network_at(model, i),
			&compiler->networks[i]))
			return false;
	}
	for (size_t i = 0; i < model->gke_clusters.count; i++) {
		if (!compile_cluster(compiler, &clusters[i],
			&compiler->clusters[i]))
			return false;
	}
	return true;
}

bool
compile_network_all(struct compiler *compiler)
{
	compiler->upstreams = compile_group_default(compiler);
	return networks_make(compiler) && compile_zones(compiler) &&
	    networks_fill(compiler) && compile_policies(compiler) &&
	    compile_view_all(compiler);
}
