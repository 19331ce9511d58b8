#ifndef DNS_SVCB_KEY_H
#define DNS_SVCB_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns/wire.h"

/* Cold: the keys of RFC 9460's parameters and the forms of their values. */

/* SvcParamKeys that other keys depend on; RFC 9460 section 14.3.2. */
enum {
	KEY_MANDATORY = 0,
	KEY_ALPN = 1,
	KEY_NO_DEFAULT_ALPN = 2,
	KEY_INVALID = 65535,
};

enum svcb_value { KEY_NEEDS_VALUE, KEY_MAY_BE_BARE };

/* One key and how its value is read, checked and written. */
struct svcb_key {
	const char *name; /* NULL: keyNNNNN */
	enum svcb_value value;

	/*
	 * Turns text, which it may overwrite, into wire form; NULL stands for
	 * a bare key and comes only where that is allowed.  Returns NULL or a
	 * sentence fragment.
	 */
	const char *(*parse)(char *text, struct writer *writer);

	/* Whether the octets, all of them, are a value of this key. */
	bool (*fits)(struct reader value);

	/* Appends the presentation form of a value that fits. */
	void (*put)(struct reader value, struct writer *out);
};

/* Never NULL. */
const struct svcb_key *svcb_key_of(uint16_t number);

/* NULL when text names no key. */
const struct svcb_key *svcb_key_from_text(const char *text, uint16_t *out);

/* Room for "no-default-alpn" and a terminator. */
enum { SVCB_KEY_TEXT = 16 };
const char *svcb_key_to_text(uint16_t number, char buf[SVCB_KEY_TEXT]);

#endif
