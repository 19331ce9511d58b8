#ifndef MODEL_SCOPES_H
#define MODEL_SCOPES_H

#include <stdbool.h>
#include <stddef.h>

#include "model/model.h"

/*
 * Where zones and policies hold: every network, the implicit default among
 * them, then every GKE cluster.
 */
struct scope_of {
	const char *kind; /* "network" or "cluster" */
	const char *name;
	const struct model_network *network; /* either this */
	const struct model_cluster *cluster; /* or this; else NULL */
};

size_t scopes_count(const struct model *model);
struct scope_of scopes_at(const struct model *model, size_t index);

/* Whether what has such a visibility holds in a scope. */
bool scopes_holds(const struct model *model,
    const struct model_visibility *visibility, const struct scope_of *scope);

#endif
