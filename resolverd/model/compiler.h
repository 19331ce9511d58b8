#ifndef MODEL_COMPILER_H
#define MODEL_COMPILER_H

#include <stdint.h>

#include "base/arena.h"
#include "core/snapshot.h"
#include "model/compile_steering.h"
#include "model/model.h"

/* A compilation under way; shared by the compile_ files alone. */
struct compiler {
	const struct model *model;
	struct snapshot *snapshot;
	struct arena *arena;  /* the snapshot's */
	struct arena scratch; /* gone when the snapshot is done */

	/* A place for each of the model's networks, in the order of
	 * reference_network_at, and for each of its clusters. */
	struct network *networks;
	struct scope *clusters;
	const struct zone **zones; /* the model's, each once */
	const struct upstream_group *upstreams;
	struct steering_compiler steering;

	const char *file; /* of the mark copied last */
	const char *file_copy;
};

/* A name as the core has it: folded, in the snapshot; NULL: no memory. */
const uint8_t *
compiler_name(struct compiler *compiler, const struct name *name);

/* A text in the snapshot, "" for none; NULL: no memory. */
const char *
compiler_text(struct compiler *compiler, const struct model_text *text);

/* Something leads names somewhere: see snapshot->claims. */
void compiler_claim(struct compiler *compiler, uint64_t what);

/* A mark whose file outlives the model. */
struct mark compiler_mark(struct compiler *compiler, struct mark mark);

#endif
