#ifndef CONFIG_IMPORT_SHAPE_H
#define CONFIG_IMPORT_SHAPE_H

#include <stdbool.h>

#include "config/import_stage.h"

/*
 * Takes over what a document holds, whatever tool wrote it; the shape tells.
 * False when it is none that is known, without a complaint.
 */
bool import_shape_take(struct import *import, const struct node *document);

/* Takes over an entry of a list of resources, or tells that it is none. */
void import_shape_entry(struct import *import, const struct node *entry);

#endif
