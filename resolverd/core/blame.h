#ifndef CORE_BLAME_H
#define CORE_BLAME_H

#include "core/query.h"

struct engine;

/*
 * Which servers are to blame for a query's failure, and what for: "upstream
 * server 10.0.0.2 answered SERVFAIL".  Lives in the engine's scratch arena.
 */
const char *blame_text(struct engine *engine, const struct query *query);

#endif
