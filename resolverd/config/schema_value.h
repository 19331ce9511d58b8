#ifndef CONFIG_SCHEMA_VALUE_H
#define CONFIG_SCHEMA_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "config/schema.h"

/* What the decoder and the types of values in schema_value.c share. */

/* Octets of one value of the field. */
size_t schema_value_size(const struct schema_field *field);

/* The field's key as it was written; an entry of a list has none of its own. */
const char *
schema_value_key(const struct schema_field *field, const struct node *node);

/*
 * Complains that the field's value, or an entry of its list, must be
 * `wanted`, and shows what it is.  Always false.
 */
bool
schema_value_mismatch(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, const char *wanted);

#endif
