#include "ctl/attention.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

bool
attention_init(struct attention *attention, const int *signals)
{
	sigset_t set;
	int error;

	sigemptyset(&set);
	for (; *signals != 0; signals++)
		sigaddset(&set, *signals);
	sigprocmask(SIG_BLOCK, &set, NULL);
	attention->fd = epoll_create1(EPOLL_CLOEXEC);
	attention->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (attention->fd >= 0 && attention->signals >= 0) {
		attention_add(attention, attention->signals, EPOLLIN);
		return true;
	}
	error = errno;
	attention_fini(attention);
	errno = error;
	return false;
}

void
attention_fini(struct attention *attention)
{
	sigset_t none;

	if (attention->fd >= 0)
		close(attention->fd);
	if (attention->signals >= 0)
		close(attention->signals);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

void
attention_add(const struct attention *attention, int fd, uint32_t events)
{
	struct epoll_event event = {.events = events, .data = {.fd = fd}};

	epoll_ctl(attention->fd, EPOLL_CTL_ADD, fd, &event);
}

int
attention_signal(const struct attention *attention)
{
	struct signalfd_siginfo info;

	return read(attention->signals, &info, sizeof(info)) == sizeof(info)
	    ? (int)info.ssi_signo
	    : 0;
}

static bool
has_events(int fd, short asked, short wanted)
{
	struct pollfd ready = {.fd = fd, .events = asked};

	return poll(&ready, 1, 0) > 0 && (ready.revents & wanted) != 0;
}

bool
attention_hung_up(int fd)
{
	return has_events(fd, 0, POLLERR | POLLHUP);
}

bool
attention_readable(int fd)
{
	return has_events(fd, POLLIN, POLLIN | POLLHUP);
}
