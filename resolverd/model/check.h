#ifndef MODEL_CHECK_H
#define MODEL_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "model/model.h"

/*
 * The rules across fields: what Cloud DNS refuses is an error, what hurts is
 * a warning.  False when there was an error.  A model that was decoded with
 * errors can be checked as well: what is missing in it is passed over.
 */
bool model_check(const struct model *model, struct diag *diag);

/* The types that a private zone may hold (the fact sheet's section 9). */
extern const char *const check_types[];
extern const size_t check_type_count;

/* Whether a private zone may hold records of a type; complains if not. */
bool check_type(uint16_t type, struct mark mark, struct diag *diag);

/* Adds a note that lists check_types. */
void check_note_types(struct mark mark, struct diag *diag);

#endif
