#include "ctl/story.h"

#include "core/order.h"
#include "dns/name.h"

enum { STAGES = 7 }; /* what one sighting can add in steps */

struct teller {
	struct story *story;
	const struct view *view;
	struct story_step *room; /* where the next hop's steps go */
	struct story_hop *hop;	 /* at hand, or NULL */
	struct story_step *step; /* likewise */
};

static bool
is_cluster_stage(unsigned stage)
{
	return (stage & (STAGE_CLUSTER_RULE | STAGE_CLUSTER_ZONE)) != 0;
}

static struct story_step *
add_step(struct teller *teller, unsigned stage, const struct network *network)
{
	struct story_hop *hop = teller->hop;
	struct story_step *step = &hop->steps[hop->count++];

	*step = (struct story_step){.stage = stage, .network = network};
	teller->room = step + 1;
	return step;
}

/* The stages below the one that answered. */
static void
add_rest(struct teller *teller)
{
	const struct story_step *last = teller->step;

	if (last == NULL || last->sighting->finding != FINDING_MATCH)
		return;
	for (unsigned stage = last->stage << 1; stage <= STAGE_PUBLIC;
	     stage <<= 1) {
		if (!is_cluster_stage(stage) || teller->view->cluster != NULL)
			add_step(teller, stage, last->network);
	}
	teller->step = NULL;
}

static void
tell_hop(struct teller *teller, const struct sighting *sighting)
{
	add_rest(teller);
	teller->step = NULL;
	teller->hop = &teller->story->hops[teller->story->count++];
	*teller->hop =
	    (struct story_hop){.sighting = sighting, .steps = teller->room};
}

static void
tell_stage(struct teller *teller, const struct sighting *sighting)
{
	if (teller->hop == NULL ||
	    (is_cluster_stage(sighting->stage) &&
		(teller->view->cluster == NULL ||
		    sighting->network != teller->view->network)))
		return;
	/* A peering zone's answer is its producer network's. */
	add_rest(teller);
	teller->step = add_step(teller, sighting->stage, sighting->network);
	teller->step->sighting = sighting;
	teller->step->details = sighting + 1;
}

static void
tell_detail(struct teller *teller, const struct sighting *sighting)
{
	if (teller->step != NULL) {
		teller->step->detail_count =
		    (size_t)(sighting + 1 - teller->step->details);
	} else if (teller->hop == NULL) {
		teller->story->before_count++;
	}
}

static void
tell(struct teller *teller, const struct sighting *sighting)
{
	switch (sighting->kind) {
	case WITNESS_HOP:
		tell_hop(teller, sighting);
		return;
	case WITNESS_STAGE:
		tell_stage(teller, sighting);
		return;
	case WITNESS_FAULT:
	case WITNESS_LOOKUP:
	case WITNESS_PEER:
	case WITNESS_CACHE:
	case WITNESS_STALE:
	case WITNESS_JOIN:
	case WITNESS_ASK:
	case WITNESS_HEARD:
	case WITNESS_SILENT:
	case WITNESS_ALIAS:
	case WITNESS_CUT:
	case WITNESS_INSIDE:
	case WITNESS_DNS64:
	case WITNESS_FAIL:
		tell_detail(teller, sighting);
		return;
	}
}

bool
story_tell(struct story *story, const struct witness *witness,
    const struct view *view, struct arena *arena)
{
	const size_t count = witness->count;
	struct teller teller = {.story = story, .view = view};

	*story = (struct story){.before = witness->seen, .cut = witness->full};
	story->hops = arena_calloc(arena, count + 1, sizeof(*story->hops));
	teller.room =
	    arena_calloc(arena, STAGES * (count + 1), sizeof(*teller.room));
	if (story->hops == NULL || teller.room == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		tell(&teller, &witness->seen[i]);
	add_rest(&teller);
	return true;
}

const struct story_step *
story_answerer(const struct story_hop *hop)
{
	const struct story_step *found = NULL;

	for (size_t i = 0; i < hop->count; i++) {
		const struct sighting *sighting = hop->steps[i].sighting;

		if (sighting != NULL && sighting->finding == FINDING_MATCH)
			found = &hop->steps[i];
	}
	return found;
}

bool
story_has(const struct story_step *step, enum witness_kind kind)
{
	for (size_t i = 0; i < step->detail_count; i++) {
		if (step->details[i].kind == kind)
			return true;
	}
	return false;
}

bool
story_same(const struct story_hop *a, const struct story_hop *b)
{
	const struct story_step *left = story_answerer(a);
	const struct story_step *right = story_answerer(b);

	if (!name_equal(a->sighting->name, b->sighting->name))
		return false;
	if (left == NULL || right == NULL)
		return left == right;
	return left->stage == right->stage && left->network == right->network &&
	    left->sighting->zone == right->sighting->zone &&
	    left->sighting->rule == right->sighting->rule;
}
