#ifndef CONFIG_IMPORT_FABRIC_H
#define CONFIG_IMPORT_FABRIC_H

#include <stdbool.h>

#include "config/import_stage.h"

/*
 * Takes over a file of a factory of Cloud Foundation Fabric: the rules of a
 * response policy (name: {dns_name, local_data, behavior}), a response policy
 * with its networks and rules, or a zone.  False when it is none of them.
 */
bool import_fabric_take(struct import *import, const struct node *document);

/*
 * The same for rules only, which go to a policy by its name, or, NULL, to the
 * one that the file's name tells.
 */
bool import_fabric_rules(struct import *import, const struct node *rules,
    const char *policy);

#endif
