#ifndef CTL_FIGURES_H
#define CTL_FIGURES_H

#include <stdint.h>

/* Numbers as a person reads them, at most nine columns each. */

enum { FIGURES_TEXT = 32 };

/* "1,234,567"; from ten millions on "12.3M", "4.5G" and so on. */
const char *figures_count(uint64_t number, char buf[FIGURES_TEXT]);

/* A time: "85 us", "1.2 ms", "120 ms", "5.1 s". */
const char *figures_time(uint64_t us, char buf[FIGURES_TEXT]);

#endif
