#ifndef CTL_DOCUMENT_AUDIENCE_H
#define CTL_DOCUMENT_AUDIENCE_H

#include "base/json_writer.h"
#include "model/model.h"

/*
 * "networks" and "clusters", lists of the names of those who see what has such
 * a visibility; NULL: of all there are.
 */
void document_audience_write(const struct model *model,
    const struct model_visibility *visibility, struct json_writer *writer);

#endif
