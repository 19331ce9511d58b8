#ifndef MODEL_CHECK_TARGET_H
#define MODEL_CHECK_TARGET_H

#include <stdbool.h>

#include "base/diag.h"
#include "model/model.h"

/*
 * The rules for one name server that queries are handed to; what is its part,
 * such as "a forwarding target".
 */
bool check_target_server(const struct model_target *target, const char *what,
    struct diag *diag);

#endif
