#ifndef MODEL_CHECK_NETWORK_H
#define MODEL_CHECK_NETWORK_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/diag.h"
#include "model/model.h"

/*
 * Networks and clusters by themselves: names, who is in them, and that nobody
 * is in two.
 */
void check_network_all(const struct model *model, struct arena *scratch,
    struct diag *diag);

/* Complains about a reference to a network that nobody declared. */
bool check_network_ref(const struct model *model,
    const struct model_network_ref *ref, struct diag *diag);

/* Likewise all references of a resource. */
bool check_network_visibility(const struct model *model,
    const struct model_visibility *visibility, struct diag *diag);

#endif
