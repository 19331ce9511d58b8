#ifndef MODEL_PSC_H
#define MODEL_PSC_H

#include <stdbool.h>

#include "base/arena.h"
#include "model/model.h"

/*
 * Makes in arena the zone p.googleapis.com. of a network, one of
 * reference.h's, as struct model_zone, none where the network has no endpoint:
 * SERVICE-ENDPOINT.p.googleapis.com for some commonly used APIs and
 * for the services that the endpoint's configuration adds (the fact sheet's
 * section 7.4).  Google publishes no list of the former; ours is the names
 * that its documents and examples use most, run not among them.
 *
 * SOA and NS are left to whoever compiles it, as is that an own zone of that
 * name in the network takes its place.  False when arena is full.
 */
bool psc_zones(const struct model *model, const struct model_network *network,
    struct arena *arena, struct model_list *zones);

#endif
