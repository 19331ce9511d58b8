#ifndef CONFIG_SCHEMA_VALUE_H
#define CONFIG_SCHEMA_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "config/schema.h"

/* What the decoder and the types of values in schema_value.c share. */

/* Octets of one value of the field. */
size_t schema_value_size(const struct schema_field *field);

/*
 * Complains that the field's value, or an entry of its list, must be
 * `wanted`, and shows what it is.  Always false.
 */
bool
schema_value_mismatch(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, const char *wanted);

#endif
