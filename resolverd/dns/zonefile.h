#ifndef DNS_ZONEFILE_H
#define DNS_ZONEFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/diag.h"
#include "dns/name.h"

/* Cold: uses ldns and the heap.  Not for the data path. */

/* One record as it stands in a master file. */
struct zonefile_record {
	struct name owner; /* letter case as written */
	uint16_t type;
	uint32_t ttl;
	const uint8_t *rdata; /* borrowed for the length of the call */
	uint16_t len;
	struct mark mark; /* the line where the record begins; column 0 */
};

/* Where records go: take is called for each and returns false to stop. */
struct zonefile_sink {
	bool (*take)(void *arg, const struct zonefile_record *record);
	void *arg;
};

/*
 * Reads a master file (RFC 1035 section 5) with relative names under origin;
 * $ORIGIN and $TTL are understood, $INCLUDE is refused.  Every broken record
 * is reported to diag with the line where it begins, and the reading goes on.
 * A record over 64 KiB, its comments included, is broken; a file over 64 MiB
 * is read no further.  Records whose owner is not under origin are passed on:
 * the caller judges.  Returns true when the file was read to its end without
 * an error.  file is read from its
 * current place and not closed; path is for messages.
 */
bool zonefile_read(FILE *file, const char *path, const struct name *origin,
    const struct zonefile_sink *sink, struct diag *diag);

#endif
