#ifndef MODEL_CHECK_ALIAS_H
#define MODEL_CHECK_ALIAS_H

#include "base/diag.h"
#include "model/sense.h"

/*
 * Warns of CNAMEs in own zones that lead out of the private zones, or to a
 * name that is not there.
 */
void check_alias_targets(const struct sense *sense, struct diag *diag);

#endif
