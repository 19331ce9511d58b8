#ifndef IO_CLOCK_H
#define IO_CLOCK_H

#include <stdint.h>
#include <time.h>

/* A second in the daemon's unit of time. */
#define CLOCK_SECOND UINT64_C(1000000000)

/*
 * Nanoseconds since the machine started, suspended time included, so that
 * what was cached before a suspend is old after it.  Nothing else reads the
 * clock.
 */
uint64_t clock_now(void);

/*
 * So many nanoseconds from now, by the clock of a condition variable that has
 * CLOCK_MONOTONIC.
 */
struct timespec clock_deadline(uint64_t wait);

/* Nanoseconds since 1970: what date it is. */
int64_t clock_date(void);

#endif
