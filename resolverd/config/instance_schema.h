#ifndef CONFIG_INSTANCE_SCHEMA_H
#define CONFIG_INSTANCE_SCHEMA_H

#include "config/schema.h"

/* What has an address of its own in a network. */
extern const struct schema instance_schema;	/* struct model_instance */
extern const struct schema psc_endpoint_schema; /* struct model_psc_endpoint */

#endif
