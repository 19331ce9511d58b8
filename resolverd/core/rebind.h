#ifndef CORE_REBIND_H
#define CORE_REBIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/query.h"
#include "dns/reply.h"
#include "dns/rrset.h"

struct engine;

/*
 * DNS rebinding: a name from outside that leads a browser to an address of the
 * inside.  What zones, rules and servers of a zone's or policy's own say is
 * from inside, and so are questions for names under rebind_allow: the name
 * that the client asked for decides, not what a CNAME made of it.
 */

/*
 * Whether one of an RRset's addresses, or of the hints of an HTTPS or SVCB
 * record, is of this host, of a private or local network, multicast, or any of
 * those within an IPv6 address.
 */
bool rebind_is_inside(const struct rrset *rrset);

/*
 * Whether an item of the upstream answer at hand must not be passed on; sees
 * to what the client, the log and the counters are told.
 */
bool rebind_stops(struct engine *engine, struct query *query,
    const struct reply_item *item);

/* The same of records that lie as an RRset's do. */
bool rebind_has_inside(uint16_t type, const uint8_t *records, size_t size);

#endif
