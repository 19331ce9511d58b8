#ifndef CTL_MODE_H
#define CTL_MODE_H

#include <stdbool.h>

#include "model/model.h"

enum { MODE_TEXT = 64 };

/* A mode with what belongs to it; the rest of a model does not depend on it. */
struct mode_choice {
	enum mode mode;
	struct mark mark;
	struct model_addr psc; /* mark.file NULL: no address was given */
};

/* The choice that a model was made with. */
struct mode_choice mode_of(const struct model *model);

/* Has a model make another one. */
void mode_apply(const struct mode_choice *choice, struct model *model);

/*
 * Makes a choice of words: "restricted", "private", "psc" or "off", and psc's
 * address, which is taken from another choice when it is NULL.  NULL, or what
 * is wrong, in buf.
 */
const char *mode_read(struct mode_choice *choice, const char *word,
    const char *address, const struct mode_choice *other, char buf[256]);

/* "restricted", "psc" */
const char *mode_word(enum mode mode);

/* "psc (10.10.10.10)" */
const char *mode_text(const struct mode_choice *choice, char buf[MODE_TEXT]);

bool mode_equal(const struct mode_choice *a, const struct mode_choice *b);

#endif
