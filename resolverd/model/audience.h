#ifndef MODEL_AUDIENCE_H
#define MODEL_AUDIENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/model.h"

/*
 * Those who may see a zone or have a policy: every network, the implicit
 * default among them, then every GKE cluster.
 */
struct audience {
	const char *kind; /* "network" or "cluster" */
	const char *name;
	const struct model_network *network; /* either this */
	const struct model_cluster *cluster; /* or this; else NULL */
};

size_t audience_count(const struct model *model);
struct audience audience_at(const struct model *model, size_t index);

/* Whether it sees what has such a visibility. */
bool audience_sees(const struct audience *audience,
    const struct model_visibility *visibility);

#endif
