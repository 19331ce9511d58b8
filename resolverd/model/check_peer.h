#ifndef MODEL_CHECK_PEER_H
#define MODEL_CHECK_PEER_H

#include "base/diag.h"
#include "model/sense.h"

/*
 * Warns of zones that hand a query on to where it finds no answer: peering
 * over too many networks or to one without such a zone (the fact sheet's
 * section 6.3), and a forwarding target whose name is in its own zone.
 */
void check_peer_zones(const struct sense *sense, struct diag *diag);

#endif
