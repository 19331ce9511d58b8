#ifndef CONFIG_IMPORT_ROUTING_H
#define CONFIG_IMPORT_ROUTING_H

#include "config/import_table.h"

/*
 * A routing policy, whose shape in Terraform is another than in the API: the
 * items are the value of wrr and geo themselves, and fencing stands beside.
 */
void import_routing_rewrite(const struct import_rewrite *rewrite,
    const struct import_field *field, const struct node *value,
    struct node *out);

#endif
