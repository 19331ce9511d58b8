#ifndef CONFIG_EXPORT_TERRAFORM_ROUTING_H
#define CONFIG_EXPORT_TERRAFORM_ROUTING_H

#include "config/export.h"
#include "config/export_hcl.h"

/* Writes the routing policy of a record set as a block of its resource. */
void export_terraform_routing_write(struct export *export,
    const struct export_hcl *hcl, const struct model_record_set *set);

#endif
