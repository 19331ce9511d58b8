#ifndef CONFIG_RECORD_SET_H
#define CONFIG_RECORD_SET_H

#include "config/schema.h"

/*
 * A record set in the fields of Cloud DNS's resource, what gcloud adds to
 * them included: struct model_record_set.
 */
extern const struct schema_type record_set_type;

/* The fields, for documentation. */
extern const struct schema record_set_schema;

#endif
