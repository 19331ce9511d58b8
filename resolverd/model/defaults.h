#ifndef MODEL_DEFAULTS_H
#define MODEL_DEFAULTS_H

#include <stddef.h>

#include "model/model.h"

/*
 * What Cloud DNS puts at the apex of a private zone by itself (the fact
 * sheet's section 3.1).
 */
enum { DEFAULTS_APEX_TTL = 21600 };

extern const struct rdata defaults_soa;
extern const struct rdata defaults_ns;

/* Where the daemon listens when nobody says. */
enum { DEFAULTS_PORT = 53 };

extern const char *const defaults_listen[];
extern const size_t defaults_listen_count;

/* The records of a type that the zone itself has at its apex, or NULL. */
const struct model_record_set *
defaults_apex_set(const struct model_zone *zone, uint16_t type);

#endif
