#include "io/clock.h"

uint64_t
clock_now(void)
{
	struct timespec time;

	/* Cannot fail: the clock exists since Linux 2.6.39. */
	clock_gettime(CLOCK_BOOTTIME, &time);
	return (uint64_t)time.tv_sec * CLOCK_SECOND + (uint64_t)time.tv_nsec;
}

struct timespec
clock_deadline(uint64_t wait)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	wait += (uint64_t)time.tv_nsec;
	time.tv_sec += (time_t)(wait / CLOCK_SECOND);
	time.tv_nsec = (long)(wait % CLOCK_SECOND);
	return time;
}

int64_t
clock_date(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return (int64_t)time.tv_sec * (int64_t)CLOCK_SECOND + time.tv_nsec;
}
