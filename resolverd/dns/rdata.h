#ifndef DNS_RDATA_H
#define DNS_RDATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns/name.h"
#include "dns/wire.h"

/*
 * Cold: uses the heap and ldns, which is loaded at the first call
 * (base/late.h).  Not for the data path.  Without ldns nothing can be read, and
 * what is written has the form of RFC 3597.
 */

/*
 * The number of a type's mnemonic, letter case ignored, "TYPE65280" included
 * (RFC 3597 section 5); false when it is not one.
 */
bool rdata_type_from_text(const char *text, uint16_t *out);

/* Room for a mnemonic or "TYPE65535". */
enum { RDATA_TYPE_TEXT = 16 };
const char *rdata_type_to_text(uint16_t type, char buf[RDATA_TYPE_TEXT]);

/*
 * Turns the presentation form of one record's data into wire form without
 * compression.  Names in it must be absolute and end with a dot.  Takes
 * RFC 3597's "\# 4 0a000001" for every type; SVCB and HTTPS as RFC 9460
 * writes them.  Returns NULL when all is well, else a sentence fragment that
 * says what is wrong, such as "is not an IPv4 address"; the writer's contents
 * past its old end are then undefined but its end is unchanged.
 */
const char *
rdata_from_text(uint16_t type, const char *text, struct writer *writer);

/* The same for a master file, where a relative name lies under origin. */
const char *rdata_from_text_under(uint16_t type, const char *text,
    const struct name *origin, struct writer *writer);

/*
 * Writes the presentation form into buf, cut when it does not fit; a type
 * that is not known in RFC 3597 form.  Returns buf.
 */
const char *rdata_to_text(uint16_t type, const uint8_t *rdata, uint16_t len,
    char *buf, size_t cap);

#endif
