#include "config/import_network.h"

#include <string.h>

#include "config/text_index.h"

/* A network under one name, and those of other projects that share it. */
struct known {
	struct known *next;
	const char *name; /* here */
	const char *project;
	struct mark mark;
};

struct names {
	struct import *import;
	struct text_index networks;   /* struct known */
	struct text_index clusters;   /* struct model_cluster_ref */
	struct import_list declared;  /* struct model_network */
	struct import_list clustered; /* struct model_cluster */
};

/* Whether both may be one; what says no project goes with any. */
static bool
same_project(const char *a, const char *b)
{
	return a == NULL || b == NULL || strcmp(a, b) == 0;
}

static struct known *
known_of(const struct names *names, const struct model_network_ref *ref)
{
	for (struct known *known = text_index_get(&names->networks, ref->name);
	     known != NULL; known = known->next) {
		if (same_project(known->project, ref->project))
			return known;
	}
	return NULL;
}

/* A network of a name that another project has taken is named for both. */
static const char *
name_here(struct names *names, const struct model_network_ref *ref)
{
	const char *name;

	if (text_index_get(&names->networks, ref->name) == NULL)
		return ref->name;
	name = arena_printf(names->import->arena, "%s-%s", ref->name,
	    ref->project);
	import_stage_tell(names->import, IMPORT_NOTE, ref->mark,
	    "network \"%s\" of project %s is called \"%s\" here", ref->name,
	    ref->project, name == NULL ? "" : name);
	import_stage_flush(names->import);
	return name;
}

static void
network_learn(struct names *names, const struct model_network_ref *ref)
{
	struct known *known = known_of(names, ref);
	struct known *first;

	if (known != NULL) {
		if (known->project == NULL)
			known->project = ref->project;
		return;
	}
	known = arena_calloc(names->import->arena, 1, sizeof(*known));
	if (known == NULL)
		return;
	*known = (struct known){
	    .name = name_here(names, ref),
	    .project = ref->project,
	    .mark = ref->mark,
	};
	first = text_index_add(&names->networks, ref->name, known);
	if (first != NULL) {
		known->next = first->next;
		first->next = known;
	}
}

/* A reference to a network that got another name follows it. */
static void
network_rename(struct names *names, struct model_network_ref *ref)
{
	const struct known *known = known_of(names, ref);

	if (known == NULL || known->name == NULL ||
	    strcmp(known->name, ref->name) == 0)
		return;
	ref->name = known->name;
	ref->text = known->name;
}

/* Every reference there is. */

typedef void (*ref_fn)(struct names *names, struct model_network_ref *ref);

static void
each_of(struct names *names, const struct model_visibility *visibility,
    ref_fn take)
{
	struct model_network_ref *refs = visibility->networks.items;

	for (size_t i = 0; i < visibility->networks.count; i++)
		take(names, &refs[i]);
}

static void
each(struct names *names, struct model *model, ref_fn take)
{
	struct model_zone *zones = model->zones.items;
	struct model_response_policy *responses =
	    model->response_policies.items;
	struct model_policy *policies = model->policies.items;

	for (size_t i = 0; i < model->zones.count; i++) {
		each_of(names, &zones[i].visibility, take);
		if (zones[i].kind == MODEL_ZONE_PEERING)
			take(names, &zones[i].peer);
	}
	for (size_t i = 0; i < model->response_policies.count; i++)
		each_of(names, &responses[i].visibility, take);
	for (size_t i = 0; i < model->policies.count; i++)
		each_of(names, &policies[i].visibility, take);
}

/* Declarations. */

static void
network_declare(struct names *names, struct model_network_ref *ref)
{
	struct known *known = known_of(names, ref);
	struct model_network *network;

	if (known == NULL || known->mark.file == NULL)
		return;
	network = import_stage_list_add(&names->declared, sizeof(*network));
	if (network == NULL)
		return;
	*network = (struct model_network){
	    .mark = known->mark,
	    .name = {.text = known->name, .mark = known->mark},
	    .project = {.text = known->project, .mark = known->mark},
	};
	known->mark.file = NULL; /* declared */
}

static void
cluster_learn(struct names *names, const struct model_visibility *visibility)
{
	struct model_cluster_ref *refs = visibility->clusters.items;

	for (size_t i = 0; i < visibility->clusters.count; i++) {
		struct model_cluster *cluster;

		if (text_index_add(&names->clusters, refs[i].name, &refs[i]) !=
		    NULL)
			continue;
		cluster =
		    import_stage_list_add(&names->clustered, sizeof(*cluster));
		if (cluster == NULL)
			return;
		cluster->mark = refs[i].mark;
		cluster->name = (struct model_text){
		    .text = refs[i].name,
		    .mark = refs[i].mark,
		};
	}
}

static void
clusters_learn(struct names *names, const struct model *model)
{
	const struct model_zone *zones = model->zones.items;
	const struct model_response_policy *policies =
	    model->response_policies.items;

	for (size_t i = 0; i < model->zones.count; i++)
		cluster_learn(names, &zones[i].visibility);
	for (size_t i = 0; i < model->response_policies.count; i++)
		cluster_learn(names, &policies[i].visibility);
}

static void
list_move(struct import *import, struct import_list *from, size_t size,
    struct model_list *to)
{
	to->items = arena_copy(import->arena, from->items, from->count * size);
	to->count = to->items == NULL ? 0 : from->count;
	import_stage_list_free(from);
}

void
import_network_declare(struct import *import, struct model *model)
{
	struct names names = {.import = import};

	text_index_init(&names.networks, &import->scratch);
	text_index_init(&names.clusters, &import->scratch);
	each(&names, model, (ref_fn)network_learn);
	each(&names, model, network_declare);
	each(&names, model, network_rename);
	clusters_learn(&names, model);
	list_move(import, &names.declared, sizeof(struct model_network),
	    &model->networks);
	list_move(import, &names.clustered, sizeof(struct model_cluster),
	    &model->gke_clusters);
}
