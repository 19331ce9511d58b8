#ifndef CONFIG_TARGET_SCHEMA_H
#define CONFIG_TARGET_SCHEMA_H

#include "config/schema.h"

/*
 * Name servers that queries are handed to, as forwarding zones and outbound
 * server policies have them: struct model_target.
 */
extern const struct schema_type target_schema_type;

/* What a field of target_schema_type has as its schema. */
extern const struct schema target_schema;

#endif
