#ifndef CONFIG_POLICY_SCHEMA_H
#define CONFIG_POLICY_SCHEMA_H

#include "config/schema.h"

/* A DNS server policy: struct model_policy. */
extern const struct schema policy_schema;

#endif
