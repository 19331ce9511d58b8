#ifndef CTL_PRIVILEGES_H
#define CTL_PRIVILEGES_H

#include <stdbool.h>

#include "base/diag.h"
#include "model/model.h"

/*
 * Whether the user to become, if one was given, exists on this host; an error
 * in diag if not.
 */
bool privileges_check(const struct model_text *user, struct diag *diag);

/*
 * Started as root: becomes user, or when that is NULL "resolverd" if there is
 * such a user, else "nobody".  Nobody can gain a privilege by us from then
 * on, whoever we were.  False after a log line when it did not work; the
 * daemon must not go on then.
 */
bool privileges_drop(const char *user);

/*
 * Started as root: gives a file to whom privileges_drop(user) will make of us.
 * False with errno set.
 */
bool privileges_give(const char *path, const char *user);

/*
 * Who we are by now, "unknown" when that user has no name; good until the
 * next look into the user database.
 */
const char *privileges_user_name(void);

#endif
