#include "model/compile_view.h"

#include <stdlib.h>

#include "model/compile_network.h"
#include "model/reference.h"

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
make_views(struct compiler *compiler)
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
		    compile_network_policy(compiler, from);
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
make_viewers(struct compiler *compiler)
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

bool
compile_view_all(struct compiler *compiler)
{
	return make_views(compiler) && make_viewers(compiler);
}
