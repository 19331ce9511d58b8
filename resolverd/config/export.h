#ifndef CONFIG_EXPORT_H
#define CONFIG_EXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/diag.h"
#include "config/export_names.h"
#include "model/model.h"

/*
 * What Cloud DNS would have to be told to hold what a model holds, in order
 * and by name.  export_gcloud, export_terraform and export_bind write it down.
 */

struct export_options {
	const char *project; /* NULL: whoever uses the output says it */
	const char *zone; /* the one zone wanted, by either of its names; NULL:
			     everything */
};

/* A zone, the operator's or a preset's. */
struct export_zone {
	const struct model_zone *zone;
	const char *name; /* a resource name that Cloud DNS takes, unique */
};

struct export_response_policy {
	const struct model_response_policy *policy;
	const char *name;	 /* likewise */
	const char **rule_names; /* likewise, one a rule */
};

struct export_policy {
	const struct model_policy *policy;
	const char *name; /* likewise */
};

enum export_variable_kind {
	EXPORT_NETWORK,	 /* "prod" or "projects/p/global/networks/prod" */
	EXPORT_CLUSTER,	 /* "projects/p/locations/l/clusters/c" */
	EXPORT_BALANCER, /* the forwarding rule of a load balancer */
};

/*
 * Something outside Cloud DNS that resources name.  It stands once at the top
 * of the output, where whoever uses it can put another.
 */
struct export_variable {
	struct export_variable *next;
	enum export_variable_kind kind;
	const char *key;   /* the network or cluster; a balancer's address */
	const char *name;  /* "network_prod": letters, digits, underscores */
	const char *value; /* NULL: the configuration does not say */
};

struct export
{
	const struct model *model;
	struct export_options options;
	struct arena arena;
	struct diag *diag;
	struct model_list zones;	     /* struct export_zone */
	struct model_list response_policies; /* struct export_response_policy */
	struct model_list policies;	     /* struct export_policy */
	struct export_variable *variables;
	struct export_variable **last_variable;
	struct export_names variable_names;
	FILE *out;	     /* where comments go, set by who writes */
	const char *comment; /* what they begin with: "# " */
};

/*
 * Plans the export of a model that has passed its check; model and diag must
 * outlive it.  False, with an error in diag, when options name a zone that is
 * not there.  export_fini it in any case.
 */
bool export_init(struct export *export, const struct model *model,
    const struct export_options *options, struct diag *diag);
void export_fini(struct export *export);

/* How a record set gets into a zone that Cloud DNS has just made. */
enum export_way {
	EXPORT_CREATE,
	EXPORT_REPLACE, /* the SOA, which Cloud DNS has made already */
	EXPORT_PRESENT, /* Cloud DNS has made it just so */
	EXPORT_REFUSED, /* Cloud DNS keeps its own NS records */
};

enum export_way
export_way(const struct model_zone *zone, const struct model_record_set *set);

/* The variables of a visibility, copied. */
struct export_scope {
	struct export_variable *networks;
	size_t network_count;
	struct export_variable *clusters;
	size_t cluster_count;
};

struct export_scope
export_scope(struct export *export, const struct model_visibility *visibility);

/* The variable of something; NULL when the arena is full. */
const struct export_variable *
export_network(struct export *export, const struct model_network_ref *ref);
const struct export_variable *
export_cluster(struct export *export, const struct model_cluster_ref *ref);
const struct export_variable *export_balancer(struct export *export,
    const struct model_health_target *target);

/* The project of a network, or NULL when nobody says. */
const char *export_network_project(const struct export *export,
    const struct model_network_ref *ref);

/* The name servers of a policy that Cloud DNS takes: those with an address. */
struct model_list
export_policy_targets(struct export *export, const struct model_policy *policy);

/* What describes a resource: its own description, or a general one. */
const char *export_description(const struct model_text *own);

#endif
