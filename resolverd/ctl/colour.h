#ifndef CTL_COLOUR_H
#define CTL_COLOUR_H

#include <stdbool.h>

/* Whether a person sees standard output, and has not set NO_COLOR. */
bool colour_wanted(void);

#endif
