#include "model/compile_network.h"

#include <stdlib.h>
#include <string.h>

#include "core/policy.h"
#include "model/compile_group.h"
#include "model/compile_zone.h"
#include "model/preset.h"
#include "model/reference.h"

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
	return true;
}

/* Compiles each of the model's zones once, whoever sees it. */
static bool
compile_zones(struct compiler *compiler)
{
	const struct model_list *list = &compiler->model->zones;
	const struct model_zone *zones = list->items;

	compiler->zones = arena_calloc(&compiler->scratch, list->count,
	    sizeof(*compiler->zones));
	if (compiler->zones == NULL)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		/* A reverse zone differs from network to network. */
		if (zones[i].kind == MODEL_ZONE_REVERSE)
			continue;
		compiler->zones[i] = compile_zone(compiler, &zones[i],
		    &(struct model_list){.count = 0});
		if (compiler->zones[i] == NULL)
			return false;
	}
	compiler->snapshot->zone_count = list->count;
	return true;
}

/* The zones that presets and the like make in a network. */
static bool
made_zones(struct compiler *compiler, const struct model_network *from,
    struct model_list *zones)
{
	return preset_zones(compiler->model, from, &compiler->scratch, zones);
}

static bool
network_zones(struct compiler *compiler, const struct model_network *from,
    struct network *network)
{
	const struct model *model = compiler->model;
	const struct model_zone *zones = model->zones.items;
	struct suffix_index *index = &network->scope.zones;
	const struct model_zone *made;
	struct model_list list;

	if (!made_zones(compiler, from, &list) ||
	    !suffix_init(index, model->zones.count + list.count,
		compiler->arena))
		return false;
	for (size_t i = 0; i < model->zones.count; i++) {
		if (reference_holds_in_network(model, &zones[i].visibility,
			from) &&
		    !index_add(compiler, index, compiler->zones[i]))
			return false;
	}
	made = list.items;
	for (size_t i = 0; i < list.count; i++) {
		if (!index_add(compiler, index,
			compile_zone(compiler, &made[i],
			    &(struct model_list){.count = 0})))
			return false;
	}
	compiler->snapshot->zone_count += list.count;
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
		if (reference_holds_in_network(model, &from->visibility,
			reference_network_at(model, i)))
			compiler->networks[i].scope.policy = policy;
	}
	for (size_t i = 0; i < model->gke_clusters.count; i++) {
		if (reference_holds_in_cluster(&from->visibility, &clusters[i]))
			compiler->clusters[i].policy = policy;
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

static const struct model_policy *
server_policy(const struct compiler *compiler, const struct model_network *from)
{
	const struct model_list *list = &compiler->model->policies;
	const struct model_policy *policies = list->items;

	for (size_t i = 0; i < list->count; i++) {
		if (reference_holds_in_network(compiler->model,
			&policies[i].visibility, from))
			return &policies[i];
	}
	return NULL;
}

static bool
network_servers(struct compiler *compiler, const struct model_network *from,
    struct network *network)
{
	const struct model_policy *policy = server_policy(compiler, from);

	if (policy == NULL)
		return true;
	network->server_policy = compiler_text(compiler, &policy->name);
	network->logging = policy->logging;
	network->dns64 = policy->dns64;
	if (policy->targets.count == 0)
		return network->server_policy != NULL;
	network->servers = compile_group(compiler, &policy->targets,
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
	return network->name != NULL &&
	    network_servers(compiler, from, network) &&
	    network_zones(compiler, from, network) &&
	    suffix_init(&network->internal, 0, compiler->arena);
}

static bool
compile_cluster(struct compiler *compiler, const struct model_cluster *from,
    struct scope *scope)
{
	const struct model_list *list = &compiler->model->zones;
	const struct model_zone *zones = list->items;

	if (!suffix_init(&scope->zones, list->count, compiler->arena))
		return false;
	for (size_t i = 0; i < list->count; i++) {
		if (reference_holds_in_cluster(&zones[i].visibility, from) &&
		    !index_add(compiler, &scope->zones, compiler->zones[i]))
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

/* Views. */

static size_t
network_index(const struct model *model, const struct model_network *network)
{
	size_t at = 0;

	while (reference_network_at(model, at) != network)
		at++;
	return at;
}

/* A view of each network, then of each cluster. */
static bool
compile_views(struct compiler *compiler)
{
	const struct model *model = compiler->model;
	const struct model_cluster *clusters = model->gke_clusters.items;
	const size_t networks = reference_network_count(model);
	const size_t count = networks + model->gke_clusters.count;
	struct view *views =
	    arena_calloc(compiler->arena, count, sizeof(*views));

	if (views == NULL)
		return false;
	for (size_t i = 0; i < networks; i++)
		views[i].network = &compiler->networks[i];
	for (size_t i = 0; i < model->gke_clusters.count; i++) {
		const size_t network = network_index(model,
		    reference_network(model, &clusters[i].network));

		views[networks + i] = (struct view){
		    .network = &compiler->networks[network],
		    .cluster = &compiler->clusters[i],
		    .cluster_name = compiler_text(compiler, &clusters[i].name),
		};
	}
	compiler->snapshot->views = views;
	compiler->snapshot->view_count = count;
	compiler->snapshot->view =
	    views[network_index(model, reference_default(model))];
	return true;
}

/* Viewers being gathered. */
struct gathering {
	struct viewer *viewers;
	size_t count;
};

static void
gather(struct gathering *gathering, const struct model_addr *local,
    const struct model_prefix *client, const struct view *view)
{
	struct viewer *viewer = &gathering->viewers[gathering->count++];

	viewer->view = *view;
	viewer->any_client = client == NULL;
	if (client != NULL)
		viewer->client = client->prefix;
	if (local != NULL)
		viewer->local = local->addr;
}

/* Everybody whom a network or cluster names: both must hold if both do. */
static void
gather_all(struct gathering *gathering, const struct model_list *listen,
    const struct model_list *clients, const struct view *view)
{
	const struct model_addr *addrs = listen->items;
	const struct model_prefix *prefixes = clients->items;

	for (size_t i = 0; i < listen->count && clients->count == 0; i++)
		gather(gathering, &addrs[i], NULL, view);
	for (size_t n = 0; n < clients->count && listen->count == 0; n++)
		gather(gathering, NULL, &prefixes[n], view);
	for (size_t i = 0; i < listen->count; i++) {
		for (size_t n = 0; n < clients->count; n++)
			gather(gathering, &addrs[i], &prefixes[n], view);
	}
}

static void
gather_inbound(struct gathering *gathering, const struct model_list *points,
    const struct view *view, bool inbound)
{
	const struct model_addr *addrs = points->items;
	struct view through = *view;

	through.inbound = inbound;
	for (size_t i = 0; i < points->count; i++) {
		gather(gathering, &addrs[i], NULL, &through);
		/* Whatever the port: an entry point is an address. */
		addr_set_port(&gathering->viewers[gathering->count - 1].local,
		    0);
	}
}

/* How many viewers there can be. */
static size_t
viewers_bound(const struct model *model)
{
	const struct model_cluster *clusters = model->gke_clusters.items;
	const struct model_network *networks = model->networks.items;
	size_t bound = model->inbound_entry_points.count;

	for (size_t i = 0; i < model->networks.count; i++) {
		bound += networks[i].inbound_entry_points.count +
		    (networks[i].listen.count + 1) *
			(networks[i].clients.count + 1);
	}
	for (size_t i = 0; i < model->gke_clusters.count; i++) {
		bound += (clusters[i].listen.count + 1) *
		    (clusters[i].clients.count + 1);
	}
	return bound;
}

/* The more is said the sooner it is tried; a cluster before its network. */
static int
compare_viewers(const void *a, const void *b)
{
	const struct viewer *left = a;
	const struct viewer *right = b;
	const bool left_local = left->local.len != 0;
	const bool right_local = right->local.len != 0;

	if (left_local != right_local)
		return left_local ? -1 : 1;
	if (left->any_client != right->any_client)
		return left->any_client ? 1 : -1;
	if (!left->any_client && left->client.bits != right->client.bits)
		return left->client.bits > right->client.bits ? -1 : 1;
	if ((left->view.cluster == NULL) != (right->view.cluster == NULL))
		return left->view.cluster != NULL ? -1 : 1;
	return 0;
}

static void
gather_networks(struct compiler *compiler, struct gathering *gathering)
{
	const struct model *model = compiler->model;
	const struct view *views = compiler->snapshot->views;

	for (size_t i = 0; i < reference_network_count(model); i++) {
		const struct model_network *from =
		    reference_network_at(model, i);
		const struct model_policy *policy =
		    server_policy(compiler, from);
		const bool inbound = policy == NULL || policy->inbound;

		gather_all(gathering, &from->listen, &from->clients, &views[i]);
		gather_inbound(gathering, &from->inbound_entry_points,
		    &views[i], inbound);
		if (from != reference_default(model))
			continue;
		gather_inbound(gathering, &model->inbound_entry_points,
		    &views[i], inbound);
	}
}

static bool
compile_viewers(struct compiler *compiler)
{
	const struct model *model = compiler->model;
	const struct model_cluster *clusters = model->gke_clusters.items;
	const struct view *views =
	    compiler->snapshot->views + reference_network_count(model);
	struct gathering gathering = {
	    .viewers = arena_calloc(compiler->arena, viewers_bound(model),
		sizeof(struct viewer)),
	};

	if (gathering.viewers == NULL)
		return false;
	gather_networks(compiler, &gathering);
	for (size_t i = 0; i < model->gke_clusters.count; i++) {
		gather_all(&gathering, &clusters[i].listen,
		    &clusters[i].clients, &views[i]);
	}
	qsort(gathering.viewers, gathering.count, sizeof(struct viewer),
	    compare_viewers);
	compiler->snapshot->viewers = gathering.viewers;
	compiler->snapshot->viewer_count = gathering.count;
	return true;
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
compile_networks(struct compiler *compiler)
{
	compiler->upstreams = compile_group_default(compiler);
	return networks_make(compiler) && compile_zones(compiler) &&
	    networks_fill(compiler) && compile_policies(compiler) &&
	    compile_views(compiler) && compile_viewers(compiler);
}
