#ifndef MODEL_CHECK_UPSTREAM_H
#define MODEL_CHECK_UPSTREAM_H

#include <stdbool.h>

#include "base/diag.h"
#include "model/model.h"

/* Checks the upstream servers, each and beside the others. */
bool check_upstream_all(const struct model *model, struct diag *diag);

/*
 * Whether what a server says of signatures can be believed: nobody else can
 * have said it (RFC 6840 section 5.8).
 */
bool check_upstream_is_sure(const struct model *model,
    const struct upstream_server *server);

#endif
