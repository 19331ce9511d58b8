#ifndef CTL_PRINTABLE_H
#define CTL_PRINTABLE_H

#include <stddef.h>

/*
 * Copies a text into buf of cap octets in a form that no terminal takes for
 * anything but text, a column an octet: what is not printable ASCII becomes
 * \DDD, as in a domain name.  Cut short where it does not fit; always
 * terminated.  cap is at least 1.  Returns buf.
 */
const char *printable_text(const char *text, char *buf, size_t cap);

#endif
