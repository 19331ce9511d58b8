#ifndef MODEL_CHECK_SENSE_H
#define MODEL_CHECK_SENSE_H

#include "base/diag.h"
#include "model/model.h"

/*
 * Warns of what Cloud DNS accepts and what hurts all the same: zones that
 * take public names away, aliases that lead nowhere, records and rules that
 * nobody ever gets to see.  The model is one that has no errors.
 */
void check_sense(const struct model *model, struct diag *diag);

#endif
