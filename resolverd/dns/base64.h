#ifndef DNS_BASE64_H
#define DNS_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns/wire.h"

/* RFC 4648 section 4: the plain alphabet, padded. */

/* Appends what text stands for; false when it is not base64, or is empty. */
bool base64_read(const char *text, struct writer *writer);

/* Appends the text of the octets, as much as fits. */
void base64_put(const uint8_t *octets, size_t len, struct writer *out);

#endif
