#include "model/scopes.h"

#include "model/reference.h"

static const char *
known(const struct model_text *name)
{
	return name->text == NULL ? "" : name->text;
}

size_t
scopes_count(const struct model *model)
{
	return reference_network_count(model) + model->gke_clusters.count;
}

struct scope_of
scopes_at(const struct model *model, size_t index)
{
	const struct model_cluster *clusters = model->gke_clusters.items;
	const size_t networks = reference_network_count(model);
	const struct model_network *network;

	if (index >= networks) {
		const struct model_cluster *cluster =
		    &clusters[index - networks];

		return (struct scope_of){
		    .kind = "cluster",
		    .name = known(&cluster->name),
		    .cluster = cluster,
		};
	}
	network = reference_network_at(model, index);
	return (struct scope_of){
	    .kind = "network",
	    .name = known(&network->name),
	    .network = network,
	};
}

bool
scopes_holds(const struct model *model,
    const struct model_visibility *visibility, const struct scope_of *scope)
{
	return scope->network != NULL
	    ? reference_holds_in_network(model, visibility, scope->network)
	    : reference_holds_in_cluster(visibility, scope->cluster);
}
