#ifndef MODEL_REGION_H
#define MODEL_REGION_H

#include <stdbool.h>
#include <stddef.h>

#include "core/steer.h"

/* Google Cloud's regions: where geolocation policies send whom. */

/*
 * Where the metropolis of a region lies.  False, and *out untouched, when there
 * is no such region.
 */
bool region_position(const char *name, struct position *out);

/* All names, for "did you mean". */
extern const char *const region_names[];
extern const size_t region_count;

#endif
