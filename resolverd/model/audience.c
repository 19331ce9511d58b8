#include "model/audience.h"

#include "model/reference.h"

static const char *
known(const struct model_text *name)
{
	return name->text == NULL ? "" : name->text;
}

size_t
audience_count(const struct model *model)
{
	return reference_network_count(model) + model->gke_clusters.count;
}

struct audience
audience_at(const struct model *model, size_t index)
{
	const struct model_cluster *clusters = model->gke_clusters.items;
	const size_t networks = reference_network_count(model);
	const struct model_network *network;

	if (index >= networks) {
		const struct model_cluster *cluster =
		    &clusters[index - networks];

		return (struct audience){
		    .kind = "cluster",
		    .name = known(&cluster->name),
		    .cluster = cluster,
		};
	}
	network = reference_network_at(model, index);
	return (struct audience){
	    .kind = "network",
	    .name = known(&network->name),
	    .network = network,
	};
}

bool
audience_sees(const struct audience *audience,
    const struct model_visibility *visibility)
{
	return audience->network != NULL
	    ? reference_holds_in_network(visibility, audience->network)
	    : reference_holds_in_cluster(visibility, audience->cluster);
}
