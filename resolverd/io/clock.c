#include "io/clock.h"

#include <time.h>

uint64_t
clock_now(void)
{
	struct timespec time;

	/* Cannot fail: the clock exists since Linux 2.6.39. */
	clock_gettime(CLOCK_BOOTTIME, &time);
	return (uint64_t)time.tv_sec * CLOCK_SECOND + (uint64_t)time.tv_nsec;
}
