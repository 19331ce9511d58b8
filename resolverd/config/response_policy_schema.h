#ifndef CONFIG_RESPONSE_POLICY_SCHEMA_H
#define CONFIG_RESPONSE_POLICY_SCHEMA_H

#include "config/schema.h"

/* A response policy: struct model_response_policy, its rules_file not read. */
extern const struct schema response_policy_schema;

/* One rule of it: struct model_rule. */
extern const struct schema rule_schema;

#endif
