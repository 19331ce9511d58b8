#ifndef CONFIG_ROUTING_SCHEMA_H
#define CONFIG_ROUTING_SCHEMA_H

#include <stdint.h>
#include <stdio.h>

#include "config/schema.h"
#include "model/model.h"

/* A routing policy as written, before the record set's type is known. */
struct routing_source;

/* const struct routing_source *; NULL when there is none. */
extern const struct schema_type routing_schema_type;

/*
 * Makes the routing policy of a record set of a type in the decoder's arena;
 * NULL after a complaint.
 */
const struct model_routing *routing_schema_make(struct decoder *decoder,
    const struct routing_source *source, uint16_t type);

/* Where the policy was written. */
struct mark routing_schema_mark(const struct routing_source *source);

/* Writes the policy of a record set of a type on the line at hand. */
void routing_schema_write(const struct model_routing *routing, uint16_t type,
    FILE *out);

#endif
