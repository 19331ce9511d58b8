#ifndef CTL_TAIL_LINE_H
#define CTL_TAIL_LINE_H

#include <stdio.h>

struct node;

enum tail_line_style { TAIL_LINE_PLAIN, TAIL_LINE_COLOUR };

/*
 * Prints an answered query, as live_entry_write wrote it, in a line: time of
 * day, client, name, type, rcode, source, TTL, latency, and why if it is told.
 */
void tail_line_print(const struct node *entry, enum tail_line_style style,
    FILE *out);

#endif
