#ifndef CONFIG_QUERY_LOG_SCHEMA_H
#define CONFIG_QUERY_LOG_SCHEMA_H

#include "config/schema.h"

extern const struct schema query_log_schema; /* struct model_query_log */

#endif
