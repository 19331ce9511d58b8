#ifndef CONFIG_IMPORT_TERRAFORM_H
#define CONFIG_IMPORT_TERRAFORM_H

#include <stdbool.h>

#include "config/import_stage.h"
#include "config/yaml.h"

/*
 * Takes over what terraform show -json prints of a state or of a plan, and
 * OpenTofu likewise: the google_dns_* resources of all modules.  False when
 * the document is nothing of that kind.
 */
bool import_terraform_take(struct import *import, const struct node *document);

/*
 * The same for a text of JSON that begins with its format_version, as
 * Terraform writes it, resource by resource: a plan of many is large.  False
 * with an error told when it is broken.
 */
bool import_terraform_read(struct import *import, const struct yaml_text *text);

/* Whether a text begins so. */
bool import_terraform_begins(const struct yaml_text *text);

#endif
