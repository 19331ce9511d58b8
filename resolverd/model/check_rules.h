#ifndef MODEL_CHECK_RULES_H
#define MODEL_CHECK_RULES_H

#include "base/diag.h"
#include "model/sense.h"

/*
 * Warns of rules of response policies that never match, change nothing or
 * answer what no client can use, and of records whose "*" is no wildcard.
 */
void check_rules_all(const struct sense *sense, struct diag *diag);

#endif
