#ifndef CONFIG_NETWORK_SCHEMA_H
#define CONFIG_NETWORK_SCHEMA_H

#include "config/schema.h"

/*
 * VPC networks, GKE clusters, and how resources refer to them: by name, as
 * the API does by a URL, alone or in a mapping as the API has it.
 */

/* struct model_network_ref: "prod" or {network_url: "https://..."}. */
extern const struct schema_type network_schema_ref;

/* struct model_cluster_ref: "c1" or {gke_cluster_name: "projects/..."}. */
extern const struct schema_type network_schema_cluster_ref;

extern const struct schema network_schema; /* struct model_network */
extern const struct schema cluster_schema; /* struct model_cluster */

#endif
