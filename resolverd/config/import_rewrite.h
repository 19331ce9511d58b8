#ifndef CONFIG_IMPORT_REWRITE_H
#define CONFIG_IMPORT_REWRITE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/diag.h"
#include "config/node.h"

/*
 * Resources as the API, gcloud, Terraform and Cloud Foundation Fabric write
 * them, made into what the schemas of the configuration read: blocks that
 * stand in lists of one are unwrapped, numbers and nulls are made plain,
 * and fields that mean nothing here are taken out.
 */

enum import_kind {
	IMPORT_ZONE,
	IMPORT_RECORD_SET,
	IMPORT_RESPONSE_POLICY,
	IMPORT_RULE,
	IMPORT_POLICY,
};
enum { IMPORT_KINDS = IMPORT_POLICY + 1 };

struct import_rewrite {
	struct arena *arena; /* for the nodes */
	struct diag *diag;
	bool notes; /* tell of settings that have no effect here, too */
};

/*
 * Rewrites a mapping.  Fields that are not known are warned of and left out.
 * NULL without memory.
 */
const struct node *import_rewrite_resource(const struct import_rewrite *rewrite,
    enum import_kind kind, const struct node *from);

/* Whether a field of a kind of resource has a meaning here. */
bool import_rewrite_matters(enum import_kind kind, const char *key);

#endif
