#ifndef MODEL_COMPILE_NETWORK_H
#define MODEL_COMPILE_NETWORK_H

#include <stdbool.h>

#include "model/compiler.h"

/*
 * Compiles every network and cluster with all that holds in it, and who gets
 * to see which.  False: no memory.
 */
bool compile_network_all(struct compiler *compiler);

/* The server policy that holds in a network, or NULL. */
const struct model_policy *
compile_network_policy(const struct compiler *compiler,
    const struct model_network *from);

#endif
