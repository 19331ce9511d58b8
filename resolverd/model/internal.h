#ifndef MODEL_INTERNAL_H
#define MODEL_INTERNAL_H

#include <stdbool.h>

#include "base/arena.h"
#include "model/model.h"

/*
 * Compute Engine's internal DNS, made of the model's instances (the fact
 * sheet's section 3.4).  A network without instances has none, so that a
 * laptop is not told that metadata.google.internal is 169.254.169.254.
 */

/*
 * Makes in arena the internal zones of a network, one of reference.h's, as
 * struct model_zone: c.PROJECT.internal. for each project, google.internal.,
 * and the reverse zones of RFC 1918.  SOA and NS are left to whoever compiles
 * them.  Rdata may borrow from the model.  An instance for which neither it
 * nor its network says a project has no name.  False when arena is full.
 */
bool
internal_zones(const struct model *model, const struct model_network *network,
    struct arena *arena, struct model_list *zones);

/*
 * Makes in arena the records that a managed reverse lookup zone has in a
 * network, struct model_record_set: the PTRs of the network's instances whose
 * addresses, IPv4 or IPv6, lie in the zone.  False when arena is full.
 */
bool internal_reverse(const struct model *model,
    const struct model_network *network, const struct model_zone *zone,
    struct arena *arena, struct model_list *sets);

#endif
