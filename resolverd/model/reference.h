#ifndef MODEL_REFERENCE_H
#define MODEL_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/model.h"

/*
 * Which network or cluster a resource means.  There is always a network
 * "default": the one of that name in the model's networks, or an implicit one
 * that says nothing about itself.  A network is known by its pointer; in a
 * model that model_check found right each name is declared once, so that a
 * reference fits one network at most.
 */

/*
 * Parses "prod", "projects/p/global/networks/prod", or a URL that ends so;
 * false, with *out left alone, when it is none of these or memory is short.
 * The mark is the caller's to set.
 */
bool reference_parse_network(const char *text, struct arena *arena,
    struct model_network_ref *out);

/* Likewise "c1", "projects/p/locations/l/clusters/c1" or a URL of it. */
bool reference_parse_cluster(const char *text, struct arena *arena,
    struct model_cluster_ref *out);

/*
 * All networks there are, the implicit default among them, which comes last:
 * their number, at least 1, and the one at index, never NULL.
 */
size_t reference_network_count(const struct model *model);
const struct model_network *
reference_network_at(const struct model *model, size_t index);

/* The default network, declared or not; never NULL. */
const struct model_network *reference_default(const struct model *model);

/* The network that a person calls by its name alone, or NULL. */
const struct model_network *
reference_network_named(const struct model *model, const char *name);

/* The cluster that a person calls by its name alone, or NULL. */
const struct model_cluster *
reference_cluster_named(const struct model *model, const char *name);

/*
 * Whether a reference means this very network: the names are equal and so are
 * the projects where both say one.
 */
bool reference_fits(const struct model_network_ref *ref,
    const struct model_network *network);

/*
 * The network a reference means; the default network when it was not given
 * (mark.file NULL), NULL when it fits none.
 */
const struct model_network *reference_network(const struct model *model,
    const struct model_network_ref *ref);

/* The cluster a reference means, or NULL. */
const struct model_cluster *reference_cluster(const struct model *model,
    const struct model_cluster_ref *ref);

/*
 * Whether a resource holds in a network.  Where it says nothing it holds in
 * the default network alone; where it names clusters and no network, in no
 * network.
 */
bool reference_holds_in_network(const struct model_visibility *visibility,
    const struct model_network *network);

/* Whether it holds in a cluster's own scope. */
bool reference_holds_in_cluster(const struct model_visibility *visibility,
    const struct model_cluster *cluster);

#endif
