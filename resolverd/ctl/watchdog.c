#include "ctl/watchdog.h"

#include <event2/event.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/log.h"
#include "ctl/fleet.h"
#include "ctl/notify.h"
#include "io/boot.h"
#include "io/clock.h"
#include "io/entropy.h"

enum {
	SHARES = 3, /* two messages may fail to come in time */
	ANSWER_MOST = 512,
	HEADER = 12,
	ID = 2,
	RESPONSE_AT = 2, /* the octet of the bit QR */
	RESPONSE = 0x80,
};

/* Between two tries, while nothing comes. */
#define RETRY (CLOCK_SECOND / 4)

/*
 * "resolverd." CH TXT without RD: whatever the configuration says, who gets
 * that refuses it, at once and without a question to others.
 */
static const uint8_t question[WATCHDOG_QUESTION] = {0, 0, 0, 0, 0, 1, 0, 0, 0,
    0, 0, 0, 9, 'r', 'e', 's', 'o', 'l', 'v', 'e', 'r', 'd', 0, 0, 16, 0, 3};

static void
watchdog_wait(struct watchdog *watchdog, uint64_t time)
{
	const struct timeval wait = {
	    .tv_sec = (time_t)(time / CLOCK_SECOND),
	    .tv_usec = (suseconds_t)(time % CLOCK_SECOND / 1000),
	};

	event_add(&watchdog->timer, &wait);
}

/* Both have come: once a period the service manager hears of it. */
static void
watchdog_feed(struct watchdog *watchdog)
{
	if (watchdog->fed || !watchdog->answered || !watchdog->reported)
		return;
	notify_watchdog();
	if (watchdog->complained)
		log_info("watchdog: the daemon answers itself again");
	watchdog->complained = false;
	watchdog->fed = true;
	watchdog->fed_at = clock_now();
	watchdog_wait(watchdog, watchdog->period);
}

static void
watchdog_reported(void *context, const struct cache_report *report)
{
	struct watchdog *watchdog = context;

	(void)report;
	watchdog->reporting = false;
	watchdog->reported = true;
	watchdog_feed(watchdog);
}

/* Whether a message answers the question as it was sent last. */
static bool
is_answer(const struct watchdog *watchdog, const uint8_t *wire, ssize_t len)
{
	return len >= WATCHDOG_QUESTION &&
	    memcmp(wire, watchdog->question, ID) == 0 &&
	    (wire[RESPONSE_AT] & RESPONSE) != 0 &&
	    memcmp(wire + HEADER, watchdog->question + HEADER,
		WATCHDOG_QUESTION - HEADER) == 0;
}

static void
watchdog_readable(evutil_socket_t fd, short what, void *arg)
{
	const struct watchdog_socket *sock = arg;
	struct watchdog *watchdog = sock->watchdog;
	uint8_t wire[ANSWER_MOST];
	const ssize_t len = recv(fd, wire, sizeof(wire), MSG_DONTWAIT);

	(void)what;
	if (!is_answer(watchdog, wire, len))
		return;
	watchdog->answered = true;
	watchdog_feed(watchdog);
}

/* One address is enough: others may have gone from this host. */
static void
watchdog_ask(struct watchdog *watchdog)
{
	for (size_t i = 0; i < watchdog->count; i++) {
		send(watchdog->sockets[i].fd, watchdog->question,
		    sizeof(watchdog->question), MSG_DONTWAIT);
	}
}

/* Long before the end, so that the log says what was wrong. */
static void
watchdog_complain(struct watchdog *watchdog)
{
	if (watchdog->complained ||
	    clock_now() - watchdog->fed_at < 2 * watchdog->period)
		return;
	watchdog->complained = true;
	log_error("watchdog: %s; the service manager will end this process "
		  "if that lasts",
	    watchdog->reported ? "the daemon does not answer its own question"
			       : "a worker is stuck");
}

static void
watchdog_due(evutil_socket_t fd, short what, void *arg)
{
	struct watchdog *watchdog = arg;

	(void)fd;
	(void)what;
	if (watchdog->fed) {
		watchdog->fed = false;
		watchdog->answered = false;
		watchdog->reported = false;
		entropy_fill(watchdog->question, ID);
	} else {
		watchdog_complain(watchdog);
	}
	watchdog_wait(watchdog,
	    RETRY < watchdog->period ? RETRY : watchdog->period);
	if (!watchdog->answered)
		watchdog_ask(watchdog);
	if (!watchdog->reported && !watchdog->reporting) {
		watchdog->reporting =
		    fleet_figures(watchdog->fleet, watchdog_reported, watchdog);
	}
}

/* Where a client of this host reaches a listener. */
static struct addr
reachable(const struct addr *listen)
{
	struct addr addr = *listen;

	if (!addr_is_any(listen))
		return addr;
	if (listen->u.any.sa_family == AF_INET) {
		addr.u.in4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	} else {
		addr.u.in6.sin6_addr = in6addr_loopback;
	}
	return addr;
}

/* Opened once: a daemon without descriptors to spare must not be ended. */
static void
watchdog_open(struct watchdog *watchdog, struct event_base *base,
    const struct addr *listen)
{
	struct watchdog_socket *sock = &watchdog->sockets[watchdog->count];
	const struct addr addr = reachable(listen);

	sock->watchdog = watchdog;
	sock->fd = socket(addr.u.any.sa_family,
	    SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (sock->fd < 0)
		return;
	if (connect(sock->fd, &addr.u.any, addr.len) != 0) {
		close(sock->fd);
		return;
	}
	event_assign(&sock->readable, base, sock->fd, EV_READ | EV_PERSIST,
	    watchdog_readable, sock);
	event_add(&sock->readable, NULL);
	watchdog->count++;
}

void
watchdog_start(struct watchdog *watchdog, struct event_base *base,
    const struct boot *boot, struct fleet *fleet)
{
	*watchdog = (struct watchdog){
	    .fleet = fleet,
	    .period = notify_watchdog_interval() / SHARES,
	    .fed = true,
	    .fed_at = clock_now(),
	};
	if (watchdog->period == 0)
		return;
	memcpy(watchdog->question, question, sizeof(question));
	event_assign(&watchdog->timer, base, -1, 0, watchdog_due, watchdog);
	for (size_t i = 0;
	     i < boot->listen_count && watchdog->count < WATCHDOG_SOCKETS; i++)
		watchdog_open(watchdog, base, &boot->listen[i]);
	watchdog_due(-1, 0, watchdog);
}

void
watchdog_stop(struct watchdog *watchdog)
{
	if (watchdog->period == 0)
		return;
	event_del(&watchdog->timer);
	for (size_t i = 0; i < watchdog->count; i++) {
		event_del(&watchdog->sockets[i].readable);
		close(watchdog->sockets[i].fd);
	}
	*watchdog = (struct watchdog){.period = 0};
}
