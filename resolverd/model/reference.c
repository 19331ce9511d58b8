#include "model/reference.h"

#include <string.h>

/* The default network that nobody declared. */
static const char default_name[] = "default";
static const struct model_network implicit = {.name = {.text = default_name}};

/* Parsing. */

enum { SEGMENTS = 6 };

/*
 * The last segments of a path as "projects/p/global/networks/prod" has them,
 * copied and cut: parts[0] is the first of them.
 */
struct tail {
	const char *parts[SEGMENTS];
	size_t count;
};

/* Cuts a copy of the last `count` segments of text, "/" between them. */
static bool
tail_cut(const char *text, size_t count, struct arena *arena, struct tail *tail)
{
	char *at = arena_strdup(arena, text);

	if (at == NULL)
		return false;
	tail->count = count;
	while (count > 0) {
		char *slash = strrchr(at, '/');

		tail->parts[--count] = slash == NULL ? at : slash + 1;
		if (tail->parts[count][0] == '\0' ||
		    (slash == NULL && count > 0))
			return false;
		if (slash != NULL && count > 0)
			*slash = '\0';
	}
	return true;
}

/* Whether what stands before the tail is nothing or a URL's beginning. */
static bool
begins_well(const char *text, const char *first_word)
{
	const char *const at = strstr(text, first_word);

	return at != NULL &&
	    (at == text ||
		(at[-1] == '/' &&
		    (strncmp(text, "https://", 8) == 0 ||
			strncmp(text, "http://", 7) == 0)));
}

bool
reference_parse_network(const char *text, struct arena *arena,
    struct model_network_ref *out)
{
	enum { WORD, PROJECT, GLOBAL, NETWORKS, NAME, COUNT };
	struct model_network_ref ref = {.mark = out->mark};
	struct tail tail;

	ref.text = arena_strdup(arena, text);
	if (ref.text == NULL || text[0] == '\0')
		return false;
	ref.name = ref.text;
	if (strchr(text, '/') != NULL) {
		if (!begins_well(text, "projects/") ||
		    !tail_cut(text, COUNT, arena, &tail) ||
		    strcmp(tail.parts[WORD], "projects") != 0 ||
		    strcmp(tail.parts[GLOBAL], "global") != 0 ||
		    strcmp(tail.parts[NETWORKS], "networks") != 0)
			return false;
		ref.project = tail.parts[PROJECT];
		ref.name = tail.parts[NAME];
	}
	*out = ref;
	return true;
}

bool
reference_parse_cluster(const char *text, struct arena *arena,
    struct model_cluster_ref *out)
{
	enum { WORD, PROJECT, LOCATIONS, LOCATION, CLUSTERS, NAME, COUNT };
	struct model_cluster_ref ref = {.mark = out->mark};
	struct tail tail;

	ref.text = arena_strdup(arena, text);
	if (ref.text == NULL || text[0] == '\0')
		return false;
	ref.name = ref.text;
	if (strchr(text, '/') != NULL) {
		if (!begins_well(text, "projects/") ||
		    !tail_cut(text, COUNT, arena, &tail) ||
		    strcmp(tail.parts[WORD], "projects") != 0 ||
		    (strcmp(tail.parts[LOCATIONS], "locations") != 0 &&
			strcmp(tail.parts[LOCATIONS], "zones") != 0) ||
		    strcmp(tail.parts[CLUSTERS], "clusters") != 0)
			return false;
		ref.name = tail.parts[NAME];
	}
	*out = ref;
	return true;
}

/* Networks. */

static const struct model_network *
declared_network(const struct model *model, const char *name)
{
	const struct model_network *networks = model->networks.items;

	for (size_t i = 0; i < model->networks.count; i++) {
		if (networks[i].name.text != NULL &&
		    strcmp(networks[i].name.text, name) == 0)
			return &networks[i];
	}
	return NULL;
}

size_t
reference_network_count(const struct model *model)
{
	return model->networks.count +
	    (declared_network(model, default_name) == NULL ? 1 : 0);
}

const struct model_network *
reference_network_at(const struct model *model, size_t index)
{
	const struct model_network *networks = model->networks.items;

	return index < model->networks.count ? &networks[index] : &implicit;
}

const struct model_network *
reference_default(const struct model *model)
{
	const struct model_network *declared =
	    declared_network(model, default_name);

	return declared == NULL ? &implicit : declared;
}

const struct model_network *
reference_network_named(const struct model *model, const char *name)
{
	if (strcmp(name, default_name) == 0)
		return reference_default(model);
	return declared_network(model, name);
}

bool
reference_fits(const struct model_network_ref *ref,
    const struct model_network *network)
{
	/* A reference that could not be read has no name. */
	if (network->name.text == NULL || ref->name == NULL ||
	    strcmp(network->name.text, ref->name) != 0)
		return false;
	return ref->project == NULL || network->project.text == NULL ||
	    strcmp(network->project.text, ref->project) == 0;
}

const struct model_network *
reference_network(const struct model *model,
    const struct model_network_ref *ref)
{
	const struct model_network *network;

	if (ref->mark.file == NULL)
		return reference_default(model);
	if (ref->name == NULL)
		return NULL;
	network = reference_network_named(model, ref->name);
	return network != NULL && reference_fits(ref, network) ? network : NULL;
}

/* Clusters. */

const struct model_cluster *
reference_cluster_named(const struct model *model, const char *name)
{
	const struct model_cluster *clusters = model->gke_clusters.items;

	for (size_t i = 0; i < model->gke_clusters.count; i++) {
		if (clusters[i].name.text != NULL &&
		    strcmp(clusters[i].name.text, name) == 0)
			return &clusters[i];
	}
	return NULL;
}

const struct model_cluster *
reference_cluster(const struct model *model,
    const struct model_cluster_ref *ref)
{
	return reference_cluster_named(model, ref->name);
}

/* Where a resource holds. */

bool
reference_holds_in_network(const struct model_visibility *visibility,
    const struct model_network *network)
{
	const struct model_network_ref *refs = visibility->networks.items;

	/* Its name is unique: no need to look for it among all networks. */
	if (!visibility->given) {
		return network->name.text != NULL &&
		    strcmp(network->name.text, default_name) == 0;
	}
	for (size_t i = 0; i < visibility->networks.count; i++) {
		if (reference_fits(&refs[i], network))
			return true;
	}
	return false;
}

bool
reference_holds_in_cluster(const struct model_visibility *visibility,
    const struct model_cluster *cluster)
{
	const struct model_cluster_ref *refs = visibility->clusters.items;

	for (size_t i = 0; i < visibility->clusters.count; i++) {
		if (cluster->name.text != NULL &&
		    strcmp(refs[i].name, cluster->name.text) == 0)
			return true;
	}
	return false;
}
