#include "io/herd.h"

#include <event2/event.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "io/clock.h"

/* Puts them in rising order: most stand so already. */
static void
herd_sort(int *fds, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		const int fd = fds[i];
		size_t at = i;

		for (; at > 0 && fds[at - 1] > fd; at--)
			fds[at] = fds[at - 1];
		fds[at] = fd;
	}
}

/* Closes the sockets from first to last, all of which are ours. */
static void
close_run(int first, int last)
{
#ifndef __SANITIZE_THREAD__ /* it would not see that they are closed */
	if (first < last &&
	    close_range((unsigned)first, (unsigned)last, 0) == 0)
		return;
#endif
	/* Linux before 5.9. */
	for (int fd = first; fd <= last; fd++)
		close(fd);
}

/* Closes those that were given up: what lies side by side in one call. */
static void
herd_part(struct herd *herd)
{
	size_t first = 0;

	herd_sort(herd->leaving, herd->left);
	for (size_t i = 1; i <= herd->left; i++) {
		if (i < herd->left &&
		    herd->leaving[i] == herd->leaving[i - 1] + 1)
			continue;
		close_run(herd->leaving[first], herd->leaving[i - 1]);
		first = i;
	}
	herd->left = 0;
}

static void
herd_readable(evutil_socket_t fd, short what, void *arg)
{
	struct herd *herd = arg;
	struct epoll_event events[HERD_TURN];
	const int count = epoll_wait(fd, events, HERD_TURN, 0);
	const uint64_t now = clock_now();

	(void)what;
	herd->hears = true;
	for (int i = 0; i < count; i++)
		herd->ready(events[i].data.ptr, now);
	herd->hears = false;
	herd_part(herd);
}

bool
herd_open(struct herd *herd, struct event_base *base, herd_ready_fn ready)
{
	*herd = (struct herd){.ready = ready};
	herd->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (herd->epoll < 0) {
		herd->ready = NULL;
		return false;
	}
	return event_assign(&herd->event, base, herd->epoll,
		   EV_READ | EV_PERSIST, herd_readable, herd) == 0 &&
	    event_add(&herd->event, NULL) == 0;
}

void
herd_close(struct herd *herd)
{
	if (herd->ready == NULL)
		return;
	event_del(&herd->event);
	close(herd->epoll);
	herd->ready = NULL;
}

bool
herd_add(struct herd *herd, int fd, void *arg)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = arg};

	return epoll_ctl(herd->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

/*
 * A socket that is closed is waited for no longer, for nobody else has it.
 * Until then it only keeps its port.
 */
void
herd_drop(struct herd *herd, int fd)
{
	if (!herd->hears) {
		close(fd);
		return;
	}
	if (herd->left == HERD_TURN)
		herd_part(herd);
	herd->leaving[herd->left++] = fd;
}
