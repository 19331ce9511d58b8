#ifndef MODEL_CHECK_SHADOW_H
#define MODEL_CHECK_SHADOW_H

#include "base/diag.h"
#include "model/sense.h"

/*
 * Warns of own zones that take well-known public names away without having
 * them, and of reverse zones that Cloud DNS's own ones take away.
 */
void check_shadow_zones(const struct sense *sense, struct diag *diag);

#endif
