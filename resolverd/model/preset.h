#ifndef MODEL_PRESET_H
#define MODEL_PRESET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/model.h"

/*
 * The presets' zones: Google's domains, or those of the operator's own preset
 * definitions, with the addresses of the mode (the fact sheet's sections 7.1
 * and 7.2).
 */

/* Whether a preset of this name is built in. */
bool preset_is_builtin(const char *name);

/* The names of the presets there are, built in or defined; NULL: no memory. */
const char **
preset_names(const struct model *model, struct arena *arena, size_t *count);

/*
 * Makes in arena the zones that a network's presets stand for, its own or the
 * model's: none in mode off, one a domain, none for a domain that is a zone of
 * the operator's own in this network, which takes its place.  A preset that is
 * not known is passed over: the check has complained.  False when arena is
 * full.
 */
bool
preset_zones(const struct model *model, const struct model_network *network,
    struct arena *arena, struct model_list *zones);

/* Which of Google's two services an address belongs to. */
enum preset_vip { PRESET_VIP_NONE, PRESET_VIP_RESTRICTED, PRESET_VIP_PRIVATE };

/* The service behind the rdata of an A or AAAA record. */
enum preset_vip preset_vip(const struct rdata *rdata);

#endif
