#ifndef MODEL_CHECK_ROUTING_H
#define MODEL_CHECK_ROUTING_H

#include <stdbool.h>

#include "base/diag.h"
#include "model/model.h"

/*
 * The rules for a record set's routing policy (the fact sheet's section 6.4);
 * a set without one is right.
 */
bool
check_routing_policy(const struct model_record_set *set, struct diag *diag);

#endif
