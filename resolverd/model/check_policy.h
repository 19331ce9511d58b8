#ifndef MODEL_CHECK_POLICY_H
#define MODEL_CHECK_POLICY_H

#include "base/arena.h"
#include "base/diag.h"
#include "model/model.h"

/* Response policies and their rules (the fact sheet's section 5). */
void check_policy_responses(const struct model *model, struct arena *scratch,
    struct diag *diag);

/* Server policies (section 6.2). */
void check_policy_servers(const struct model *model, struct arena *scratch,
    struct diag *diag);

#endif
