#ifndef MODEL_SENSE_H
#define MODEL_SENSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "dns/name.h"
#include "dns/rdata.h"
#include "model/model.h"
#include "model/tree.h"

/*
 * What a network or a GKE cluster has, brought together for the checks that
 * look across resources.
 */

/* What is said of a zone once, whatever the networks it is in. */
enum sense_said {
	SENSE_SAID_HIDES = 1 << 0,
	SENSE_SAID_REPLACES = 1 << 1,
	SENSE_SAID_LEAVES = 1 << 2,
	SENSE_SAID_DANGLES = 1 << 3,
	SENSE_SAID_PEER = 1 << 4,
	SENSE_SAID_MIXES = 1 << 5,
};

/* What is remembered of a zone while the checks run. */
struct sense_memo {
	unsigned said;	   /* enum sense_said */
	unsigned followed; /* scopes in which its aliases were followed */
	bool indexed;
	struct tree records; /* owner to struct model_record_set */
};

/* A zone as the checks see it, shared by all scopes that it is in. */
struct sense_zone {
	const struct model_zone *zone;
	bool own; /* the operator's: not a preset's, not Google's */
	struct sense_memo *memo;
};

/* A network's scope, or a cluster's own, which comes before it. */
struct sense_scope {
	const struct model_network *network;
	const struct model_cluster *cluster; /* NULL: a network's */
	const struct sense_scope *outer;     /* a cluster's: its network's */
	/* dns_name to struct sense_zone; behind one of the operator's may
	 * stand the twin that it replaces. */
	struct tree zones;
	size_t own_zones;
	const struct model_response_policy *policy; /* NULL: none */
	const struct model_policy *servers;	    /* that has alternative name
						       servers, or NULL */
	struct model_list internal;		    /* struct sense_zone */
};

/* All there are: the networks in the order of reference.h, then clusters. */
struct sense {
	const struct model *model;
	struct arena *arena;
	struct sense_scope *items;
	size_t count;
	size_t networks;
	struct sense_zone *own; /* as in model->zones */
};

/* Brings everything together in arena; false when it is full. */
bool sense_collect(struct sense *sense, const struct model *model,
    struct arena *arena);

/* The scope of a network of reference.h. */
const struct sense_scope *
sense_scope_of(const struct sense *sense, const struct model_network *network);

/* Whether a zone, which has a name, is in a scope. */
bool
sense_holds(const struct sense_scope *scope, const struct model_zone *zone);

/* The first scope in which a zone is looked up at all, or NULL. */
const struct sense_scope *
sense_home(const struct sense *sense, const struct sense_zone *zone);

enum { SENSE_SCOPE_TEXT = 128, SENSE_SET_TEXT = NAME_TEXT + RDATA_TYPE_TEXT };

/* "network prod", "cluster a"; a long name is cut. */
const char *
sense_scope_text(const struct sense_scope *scope, char buf[SENSE_SCOPE_TEXT]);

/* "www.example.com. A" */
const char *
sense_set_text(const struct model_record_set *set, char buf[SENSE_SET_TEXT]);

/* A zone's resource name. */
const char *sense_zone_name(const struct model_zone *zone);

/* The zone that a name is looked up in: the cluster's first; or NULL. */
const struct sense_zone *
sense_find(const struct sense_scope *scope, const uint8_t *name);

/* True the first time only. */
bool sense_once(const struct sense_zone *zone, enum sense_said what);

/* What stands at a name of a private zone, wildcards considered. */
enum sense_answer {
	SENSE_MISSING, /* the name does not exist */
	SENSE_EMPTY,   /* it exists, and holds nothing but SOA and NS */
	SENSE_HELD,    /* it holds something */
};

/*
 * The records of a private zone, owner to struct model_record_set, made when
 * first asked for; empty when the arena is full.
 */
const struct tree *
sense_records(const struct sense *sense, const struct sense_zone *zone);

/* Looks up a name that lies under the zone's apex in those records. */
enum sense_answer sense_lookup(const struct tree *records,
    const struct model_zone *zone, const uint8_t *name);

/* Whether a name, not a wildcard's, has records of a type in them. */
bool
sense_has_type(const struct tree *records, const uint8_t *name, uint16_t type);

/* Prepends "*" to a name; false when that is too long. */
bool sense_wildcard(const uint8_t *name, struct name *out);

#endif
