#ifndef CTL_EXPLAIN_TEXT_H
#define CTL_EXPLAIN_TEXT_H

#include <stdio.h>

struct explanation;

enum explain_style { EXPLAIN_PLAIN, EXPLAIN_COLOUR };

/* For a person: steps, then the answer as dig prints it. */
void explain_text_print(const struct explanation *explanation,
    enum explain_style style, FILE *out);

#endif
