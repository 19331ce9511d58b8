#ifndef CTL_PARAGRAPH_H
#define CTL_PARAGRAPH_H

#include <stddef.h>
#include <stdio.h>

/* How wide what a person reads may be. */
enum { PARAGRAPH_WIDTH = 80 };

/*
 * Prints words with a newline, broken at blanks before PARAGRAPH_WIDTH; lines
 * but the first begin at margin, where the pen is now.
 */
void paragraph_print(const char *words, size_t margin, FILE *out);

#endif
