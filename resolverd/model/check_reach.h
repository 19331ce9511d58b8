#ifndef MODEL_CHECK_REACH_H
#define MODEL_CHECK_REACH_H

#include "base/diag.h"
#include "model/sense.h"

/*
 * Warns of resources that nobody gets to see: in no network, in one that has
 * alternative name servers, in one that nobody is in; and of routing policies
 * by location in a network that has none.
 */
void check_reach_all(const struct sense *sense, struct diag *diag);

#endif
