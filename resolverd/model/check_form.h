#ifndef MODEL_CHECK_FORM_H
#define MODEL_CHECK_FORM_H

#include <stdbool.h>

#include "base/diag.h"
#include "model/model.h"

/*
 * How names of Google Cloud are written.  Each function complains and returns
 * false when its text is not so; what was not given is right.
 */

/* A resource's name (the fact sheet's section 9). */
bool check_form_resource(const struct model_text *name, struct diag *diag);

/* A region such as europe-west1, the value of key. */
bool check_form_region(const struct model_text *region, const char *key,
    struct diag *diag);

/* A zone of Compute Engine, such as europe-west1-b. */
bool check_form_zone(const struct model_text *zone, struct diag *diag);

/* A project's id, with its domain if any: "example.com:p1". */
bool check_form_project(const struct model_text *project, struct diag *diag);

#endif
