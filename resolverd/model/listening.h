#ifndef MODEL_LISTENING_H
#define MODEL_LISTENING_H

#include <stdbool.h>

#include "base/arena.h"
#include "model/model.h"

/*
 * Every address that the daemon listens on, struct model_addr in arena, each
 * once: those of the model's listen, or else the default ones, and unless the
 * command line has chosen, those that networks and clusters say their clients
 * ask; port 53 where none is said.  A default one has no mark.  False when
 * arena is full.
 */
bool listening_addresses(const struct model *model, struct arena *arena,
    struct model_list *addresses);

#endif
