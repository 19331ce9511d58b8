#ifndef BASE_NUMBER_PATTERN_H
#define BASE_NUMBER_PATTERN_H

#include <stdint.h>
#include <stdio.h>

/*
 * Writes a regular expression, of the few means that all kinds of them have,
 * for the decimal numbers from low to high without leading zeros: 8|9|1[0-2]
 * is 8 to 12.  It is not in parentheses; nothing is written when low > high.
 */
void number_pattern_write(uint64_t low, uint64_t high, FILE *out);

#endif
