#ifndef MODEL_CHECK_HIDDEN_H
#define MODEL_CHECK_HIDDEN_H

#include "base/diag.h"
#include "model/sense.h"

/*
 * Warns of records that are never answered because a longer zone, or one of
 * the same name, is looked at in their place; and of own zones in the place
 * of those that Google or a preset makes.
 */
void check_hidden_records(const struct sense *sense, struct diag *diag);

#endif
