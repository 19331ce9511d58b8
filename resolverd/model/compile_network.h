#ifndef MODEL_COMPILE_NETWORK_H
#define MODEL_COMPILE_NETWORK_H

#include <stdbool.h>

#include "model/compiler.h"

/*
 * Compiles every network and cluster with all that holds in it, and who gets
 * to see which.  False: no memory.
 */
bool compile_networks(struct compiler *compiler);

#endif
