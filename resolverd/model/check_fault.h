#ifndef MODEL_CHECK_FAULT_H
#define MODEL_CHECK_FAULT_H

#include "base/arena.h"
#include "base/diag.h"
#include "model/model.h"

/*
 * Injected faults: that what they refer to exists, that each can be met; and a
 * warning that there are any.
 */
void check_fault_all(const struct model *model, struct arena *scratch,
    struct diag *diag);

#endif
