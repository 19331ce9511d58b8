#ifndef MODEL_UPSTREAM_LIST_H
#define MODEL_UPSTREAM_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "core/upstream.h"
#include "model/model.h"

/* Whether a question that is sent to server comes in here. */
bool upstream_list_is_own(const struct model *model, const struct addr *server);

/*
 * The model's upstream servers, with those of the system where `auto` stands
 * or nothing was given, without this daemon itself; each once, at most
 * UPSTREAM_SERVERS, whose number is returned.
 */
size_t upstream_list_expand(const struct model *model,
    struct model_server out[UPSTREAM_SERVERS]);

#endif
