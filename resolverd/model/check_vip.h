#ifndef MODEL_CHECK_VIP_H
#define MODEL_CHECK_VIP_H

#include "base/diag.h"
#include "model/sense.h"

/*
 * Warns of addresses that lead away from the private path: those of both of
 * Google's services in one network (the fact sheet's section 7.1), and public
 * AAAA records beside private A records, which clients prefer.  The mixture
 * within one zone is check_zone's.
 */
void check_vip_addresses(const struct sense *sense, struct diag *diag);

#endif
