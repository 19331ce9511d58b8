#ifndef MODEL_CHECK_ZONE_H
#define MODEL_CHECK_ZONE_H

#include <stdbool.h>

#include "base/diag.h"
#include "model/model.h"

/* The rules for one zone by itself; a zone without a dns_name is passed. */
bool check_zone(const struct model_zone *zone, struct diag *diag);

#endif
