#ifndef CTL_STORY_H
#define CTL_STORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "core/snapshot.h"
#include "core/witness.h"

/* A stage of the order as one name met it. */
struct story_step {
	unsigned stage; /* one STAGE_ bit */
	const struct network *network;
	const struct sighting *sighting; /* NULL: not consulted, another has
				      answered */
	const struct sighting *details;	 /* what followed from it */
	size_t detail_count;
};

/* A name that was looked up: the question's, or a CNAME's target. */
struct story_hop {
	const struct sighting *sighting; /* WITNESS_HOP */
	struct story_step *steps;
	size_t count;
};

/*
 * What a witness saw, in the order in which Google's page tells it.  Points
 * into the witness, and like it into the snapshot.
 */
struct story {
	const struct sighting *before; /* of the first hop */
	size_t before_count;
	struct story_hop *hops;
	size_t count;
	bool cut; /* the witness could not keep all */
};

/*
 * Puts what was seen into order; false when the arena is full.  A GKE cluster's
 * stages are left out unless the view is a cluster's.
 */
bool story_tell(struct story *story, const struct witness *witness,
    const struct view *view, struct arena *arena);

/* The step that answered the hop, or NULL. */
const struct story_step *story_answerer(const struct story_hop *hop);

/* Whether a step's details are of a kind, one of them at least. */
bool story_has(const struct story_step *step, enum witness_kind kind);

/* Whether the same step answers the same name in both. */
bool story_same(const struct story_hop *a, const struct story_hop *b);

#endif
