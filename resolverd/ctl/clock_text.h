#ifndef CTL_CLOCK_TEXT_H
#define CTL_CLOCK_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* "02:10:01.123" */
enum { CLOCK_TEXT = 16 };

/*
 * The time of day of a date such as "2026-11-25T02:10:01.123456Z", as the
 * clocks of this place have it; what is no such date is written as
 * "--:--:--.---".
 */
const char *clock_text(const char *date, char buf[CLOCK_TEXT]);

#endif
