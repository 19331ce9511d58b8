#ifndef CONFIG_HEALTH_SCHEMA_H
#define CONFIG_HEALTH_SCHEMA_H

#include <stdio.h>

#include "config/schema.h"
#include "model/model.h"

/*
 * The addresses of a routing policy that are answered while they are healthy:
 * fills a struct model_list of struct model_health_target.
 */
extern const struct schema health_schema;

/* Writes such a list as the schema reads it, on the line at hand. */
void health_schema_write(const struct model_list *list, FILE *out);

#endif
