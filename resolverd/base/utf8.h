#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * Octets of the character that begins at `at`, 1 to 4, of which none lies
 * beyond left; 0: there is none (RFC 3629 section 4), or left is 0.
 */
size_t utf8_size(const uint8_t *at, size_t left);

/* The code point of the character at `at`, whose size utf8_size told. */
uint32_t utf8_point(const uint8_t *at, size_t size);

#endif
