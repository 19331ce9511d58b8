#ifndef RANDOM_LINE_H
#define RANDOM_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Prints a reply as one line, letter case folded: the rcode, the answer's
 * records in their order but sorted within an RRset, the SOA in authority.
 * False, and nothing is printed, when it is no DNS message.
 */
bool line_print(const uint8_t *wire, size_t len);

#endif
