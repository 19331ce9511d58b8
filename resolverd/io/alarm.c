#include "io/alarm.h"

#include <event2/event.h>
#include <stddef.h>

#include "io/clock.h"

/* How many are served before other events get their turn. */
enum { ALARM_BATCH = 256 };

/*
 * The timer is moved only to an earlier time.  When it fires too soon,
 * because the deadline that set it is gone or was put off, it is set again:
 * that is cheaper than moving it with every answer that comes in time.
 */
static void
alarm_arm(struct alarm *alarm, uint64_t now)
{
	const uint64_t until = deadline_none_before(&alarm->deadlines);
	struct timeval wait = {0};

	if (until >= alarm->armed_until)
		return;
	if (until > now) {
		const uint64_t nanoseconds = until - now;

		wait.tv_sec = (time_t)(nanoseconds / CLOCK_SECOND);
		wait.tv_usec = (suseconds_t)(nanoseconds % CLOCK_SECOND / 1000);
	}
	/* Without memory for the timer the next to be set tries again. */
	if (event_add(&alarm->timer, &wait) == 0)
		alarm->armed_until = until;
}

static void
alarm_fired(evutil_socket_t fd, short what, void *arg)
{
	struct alarm *alarm = arg;
	const uint64_t now = clock_now();
	struct deadline *first;
	unsigned served = 0;

	(void)fd;
	(void)what;
	alarm->armed_until = UINT64_MAX;
	while ((first = deadline_first(&alarm->deadlines)) != NULL &&
	    first->until <= now && served++ < ALARM_BATCH) {
		deadline_clear(&alarm->deadlines, first);
		alarm->due(alarm->arg, first, now);
	}
	alarm_arm(alarm, now);
}

void
alarm_open(struct alarm *alarm, struct event_base *base, alarm_due_fn due,
    void *arg)
{
	alarm->armed_until = UINT64_MAX;
	alarm->due = due;
	alarm->arg = arg;
	evtimer_assign(&alarm->timer, base, alarm_fired, alarm);
}

void
alarm_close(struct alarm *alarm)
{
	event_del(&alarm->timer);
}

void
alarm_set(struct alarm *alarm, struct deadline *deadline, uint64_t until,
    uint64_t now)
{
	deadline_set(&alarm->deadlines, deadline, until);
	alarm_arm(alarm, now);
}

void
alarm_clear(struct alarm *alarm, struct deadline *deadline)
{
	deadline_clear(&alarm->deadlines, deadline);
}
