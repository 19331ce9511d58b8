#ifndef SCENARIO_CONFIG_H
#define SCENARIO_CONFIG_H

#include "base/arena.h"
#include "base/hash.h"
#include "core/snapshot.h"
#include "script.h"

/*
 * Compiles the configuration of a "config" or "reload" action: its files, which
 * lie relative to the scenario's, and its block, joined in this order, through
 * the same functions as the daemon's.  NULL when it was refused.  *complaints
 * is all that was said about it, from the heap, the caller's.
 */
struct snapshot *config_compile(const struct action *action,
    const struct hash_key *key, struct arena *arena, char **complaints);

#endif
