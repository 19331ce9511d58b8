#ifndef MODEL_CHECK_LOOP_H
#define MODEL_CHECK_LOOP_H

#include <stdbool.h>

#include "base/diag.h"
#include "model/model.h"

/*
 * No server that is asked, upstream or forwarding target, may be an address
 * the daemon itself listens on.  Where it listens on every address of a
 * family only the loopback addresses are sure to be its own: which others
 * there are is known on the host it runs on, which need not be this one.
 */
bool check_loop(const struct model *model, struct diag *diag);

/* Whether what is sent to server comes in where listen is listened on. */
bool check_loop_reaches(const struct addr *listen, const struct addr *server);

#endif
