#ifndef CORE_IDENTITY_H
#define CORE_IDENTITY_H

#include <stdbool.h>

#include "dns/request.h"

/*
 * A question by which resolverd is told from other servers: IDENTITY_NAME, TXT,
 * class CH.  It is refused like all of that class, with the Extended DNS Error
 * "Not Supported" (RFC 8914, 4.22) and IDENTITY_TEXT, which is short enough not
 * to make the answer worth forging a question for.  The version is nobody's
 * business.
 */
#define IDENTITY_NAME "resolverd."
#define IDENTITY_TEXT "resolverd"

bool identity_asked(const struct question *question);

#endif
