#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A decimal number within lo .. hi, nothing before or after it. */
bool number_parse(const char *text, uint64_t lo, uint64_t hi, uint64_t *out);

/*
 * A duration such as "300", "300s", "5m", "2h", "1d" or "250ms", in
 * milliseconds; a bare number counts seconds.  false on overflow.
 */
bool duration_parse(const char *text, uint64_t *out_ms);

/* A size in octets: "4096", "64k", "16M", "1G" (powers of 1024, either case).
 */
bool size_parse(const char *text, uint64_t *out);

/*
 * The word of list (n words) that text was most likely meant to be, or NULL
 * when none is near: at most a third of the word's letters changed, added, lost
 * or swapped with a neighbour, letter case ignored.  The first of equals.
 */
const char *text_nearest(const char *text, const char *const *list, size_t n);

/*
 * Copies text into buf of cap octets with control characters as \xNN, cut
 * with "..." when it does not fit; always terminated.  cap must not be 0; in
 * fewer than 4 octets only some of the dots fit.  Returns buf.
 */
const char *text_escape(const char *text, char *buf, size_t cap);

#endif
