#ifndef MODEL_COMPILE_H
#define MODEL_COMPILE_H

#include "base/diag.h"
#include "base/hash.h"
#include "core/snapshot.h"
#include "model/model.h"

/*
 * Compiles a model that model_check found right: makes the presets' zones for
 * the mode, adds each zone's automatic SOA and NS, and packs everything into
 * one arena.  Returns a snapshot with one reference, which the caller owns,
 * or NULL with an error in diag (out of memory).  The model may be freed
 * afterwards.
 */
struct snapshot *compile_snapshot(const struct model *model,
    const struct hash_key *key, struct diag *diag);

/* Frees a snapshot that nobody refers to any more. */
void compile_free(struct snapshot *snapshot);

#endif
