#ifndef SCENARIO_CONFIG_H
#define SCENARIO_CONFIG_H

#include "base/arena.h"
#include "base/hash.h"
#include "core/snapshot.h"
#include "script.h"

/* What a configuration is compiled with. */
struct config_context {
	const struct hash_key *key;
	struct arena *arena;
	uint64_t now; /* when it is loaded */
};

/*
 * Compiles the configuration of a "config" or "reload" action: its files, which
 * lie relative to the scenario's, and its block, joined in this order, through
 * the same functions as the daemon's.  NULL when it was refused.  *complaints
 * is all that was said about it, from the heap, the caller's.
 */
struct snapshot *config_compile(const struct action *action,
    const struct config_context *context, char **complaints);

#endif
