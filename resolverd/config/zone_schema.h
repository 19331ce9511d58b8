#ifndef CONFIG_ZONE_SCHEMA_H
#define CONFIG_ZONE_SCHEMA_H

#include "config/schema.h"

/* A managed zone: struct model_zone, its records_file not read yet. */
extern const struct schema zone_schema;

#endif
