#ifndef CTL_EXPLAIN_JSON_H
#define CTL_EXPLAIN_JSON_H

#include <stdio.h>

struct explanation;

/* For scripts; the manual describes the members. */
void explain_json_print(const struct explanation *explanation, FILE *out);

#endif
