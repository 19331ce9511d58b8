#ifndef MODEL_CHECK_ZONE_H
#define MODEL_CHECK_ZONE_H

#include <stdbool.h>

#include "base/diag.h"
#include "model/model.h"

/* The rules for one zone by itself; a zone without a dns_name is passed. */
bool check_zone(const struct model_zone *zone, struct diag *diag);

/* The rules for a record set's data, wherever the set stands. */
bool check_zone_values(const struct model_record_set *set, struct diag *diag);

/*
 * The rules between record sets that stand in one place, struct
 * model_record_set: one of a name and type, and a CNAME alone at its name.
 */
bool check_zone_between(const struct model_list *sets, struct mark mark,
    struct diag *diag);

#endif
