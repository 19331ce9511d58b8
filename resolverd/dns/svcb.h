#ifndef DNS_SVCB_H
#define DNS_SVCB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns/token.h"

/* Cold: the data of SVCB and HTTPS records (RFC 9460). */

/*
 * Reads priority, target and parameters from words and writes wire form, the
 * parameters sorted.  Returns NULL or a sentence fragment, after which the
 * writer's contents past its old end are undefined.
 */
const char *svcb_from_text(struct token_reader *words,
    const struct name *origin, struct writer *writer);

/* Whether the octets are the data of such a record, all of it. */
bool svcb_fits(const uint8_t *rdata, size_t len);

/* Appends the presentation form of data that fits. */
void svcb_put_text(const uint8_t *rdata, size_t len, struct writer *out);

#endif
