#ifndef MODEL_COMPILE_STEERING_H
#define MODEL_COMPILE_STEERING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "core/snapshot.h"
#include "core/zone.h"
#include "model/model.h"

/*
 * Compiles the routing policies of a snapshot, and gathers the addresses whose
 * health they ask for, each once.  Everything but the result is in scratch.
 */
struct steering_compiler {
	struct snapshot *snapshot;
	struct arena *scratch;
	struct addr *targets; /* by their index */
	size_t count;	      /* of targets */
	uint32_t *slots;      /* by hash: an index and one; 0: free */
	size_t slot_count;    /* a power of two, or 0; half are free */
};

/* Both arenas must outlive the compiler; the snapshot's key must be set. */
void compile_steering_init(struct steering_compiler *compiler,
    struct snapshot *snapshot, struct arena *scratch);

/*
 * Compiles a record set that has a routing policy, which model_check found
 * right.  False when an arena is full.
 */
bool compile_steering_set(struct steering_compiler *compiler,
    const struct model_record_set *set, struct zone_set *out);

/*
 * Gives the snapshot the addresses gathered from all of its sets, none of them
 * down yet.  False when the arena is full.
 */
bool compile_steering_finish(struct steering_compiler *compiler);

#endif
