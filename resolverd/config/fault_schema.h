#ifndef CONFIG_FAULT_SCHEMA_H
#define CONFIG_FAULT_SCHEMA_H

#include "config/schema.h"

extern const struct schema fault_schema; /* struct model_fault */

#endif
