#ifndef MODEL_CHECK_INSTANCE_H
#define MODEL_CHECK_INSTANCE_H

#include "base/arena.h"
#include "base/diag.h"
#include "model/model.h"

/* VMs and Private Service Connect endpoints. */
void check_instance_all(const struct model *model, struct arena *scratch,
    struct diag *diag);

#endif
