#ifndef CTL_WORDS_H
#define CTL_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "core/query.h"
#include "core/snapshot.h"
#include "core/witness.h"
#include "core/zone.h"
#include "ctl/story.h"

/*
 * What happened, in the words of Google's page on the name resolution order.
 * Texts are made in the arena; NULL when it is full.
 */

/* Whom and how a question is about. */
struct words {
	struct arena *arena;
	const struct view *view;
	enum chase_mode chase;
	uint16_t type; /* asked for */
};

/* A stage's number on the page, "1" to "5"; a GKE cluster's "c1", "c2". */
const char *words_number(unsigned stage);

/* A stage by name: "Alternative name servers"; for scripts: "servers". */
const char *words_title(unsigned stage);
const char *words_key(unsigned stage);

/* "file:line", or where else it comes from. */
const char *words_place(const struct words *words, struct mark mark);

/* `private zone "z" (example.com.)` */
const char *words_zone(const struct words *words, const struct zone *zone);

/* `rule "r" (*.example.com.) of response policy "rp"` */
const char *
words_rule(const struct words *words, const struct story_step *step);

/* The name of the response policy that a step looked into, or NULL. */
const char *
words_policy(const struct words *words, const struct story_step *step);

/* A name as text. */
const char *words_name(const struct words *words, const uint8_t *name);

/*
 * What the stage has to do with the name.  After this its details tell the
 * rest; but a server whose answer was longer than the question has none.
 */
const char *
words_step(const struct words *words, const struct story_step *step);

/* Whether next tells how the server answered that sighting asked. */
bool words_joined(const struct sighting *sighting, const struct sighting *next);

/*
 * What followed.  next is the detail after it, or NULL; when they are joined
 * one text tells both.
 */
const char *words_detail(const struct words *words,
    const struct sighting *sighting, const struct sighting *next);

/* For scripts: "match", "nxdomain", "heard", "private". */
const char *words_finding_key(const struct sighting *sighting);
const char *words_lookup_key(enum lookup lookup);
const char *words_kind_key(enum witness_kind kind);
const char *words_zone_key(enum zone_kind kind);
const char *words_source_key(enum source source);
const char *words_chase_key(enum chase_mode mode);

#endif
