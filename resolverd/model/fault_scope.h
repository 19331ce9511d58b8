#ifndef MODEL_FAULT_SCOPE_H
#define MODEL_FAULT_SCOPE_H

#include <stdbool.h>
#include <stdint.h>

#include "dns/name.h"
#include "model/model.h"

/* The names that a fault is for: one, those below it, or both. */
struct fault_scope {
	const uint8_t *base; /* whole wire, in the model */
	bool at;
	bool below;
};

/* False, *out left alone, when it says no name or one of no zone. */
bool fault_scope_of(const struct model *model, const struct model_fault *fault,
    struct fault_scope *out);

/* Whether every name of inner is one of outer. */
bool fault_scope_covers(const struct fault_scope *outer,
    const struct fault_scope *inner);

/* The zone of a name among the model's own, or NULL. */
const struct model_zone *
fault_scope_zone(const struct model *model, const char *name);

enum { FAULT_SCOPE_TEXT = NAME_TEXT + 16 };

/* "api.example.com.", "example.com. and below", `zone "corp"`; returns buf. */
const char *
fault_scope_text(const struct model_fault *fault, char buf[FAULT_SCOPE_TEXT]);

#endif
