#ifndef BASE_PHRASE_H
#define BASE_PHRASE_H

#include <stddef.h>
#include <stdint.h>

/*
 * A line of text put together where printf may not be called.  What does not
 * fit is cut off, and "..." says so.
 */
struct phrase {
	char *text; /* terminated at any time */
	size_t cap;
	size_t len;
};

/* An empty one in text, cap octets: at least 4, and the caller's. */
struct phrase phrase_in(char *text, size_t cap);

void phrase_add(struct phrase *phrase, const char *text);

/* Adds a number in decimal. */
void phrase_add_number(struct phrase *phrase, uint64_t number);

#endif
