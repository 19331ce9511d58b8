#ifndef MODEL_COMPILE_VIEW_H
#define MODEL_COMPILE_VIEW_H

#include <stdbool.h>

#include "model/compiler.h"

/*
 * Makes a view of each network and cluster, and sorts out which client gets
 * which: the more is said of it the sooner it counts.  False: no memory.
 */
bool compile_view_all(struct compiler *compiler);

#endif
