#include "ctl/health.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/addr.h"
#include "core/snapshot.h"
#include "ctl/fleet.h"
#include "io/clock.h"
#include "io/socket.h"

enum {
	AGREEING = 2,	  /* results in a row that change a verdict */
	CONNECTIONS = 64, /* attempts at a time */
	REASON_TEXT = 128,
};

#define TIMEOUT	    (5 * CLOCK_SECOND)
#define MILLISECOND (CLOCK_SECOND / 1000)

enum probe_state {
	PROBE_RESTING,	  /* until it is due */
	PROBE_WAITING,	  /* for a connection to be free */
	PROBE_CONNECTING, /* until the kernel knows, or its time is up */
};

/* The check of one address. */
struct probe {
	struct health *health;
	struct health_target *target; /* in the snapshot */
	struct health_history history;
	bool kept; /* when another snapshot is followed */
	enum probe_state state;
	struct event event; /* RESTING: its timer; CONNECTING: its socket */
	int fd;		    /* CONNECTING */
	uint64_t due;	    /* when it tries next */
};

bool
health_judge(struct health_history *history, bool failed)
{
	const unsigned needed = history->tried ? AGREEING : 1;

	history->tried = true;
	if (failed == history->down) {
		history->against = 0;
		return false;
	}
	if (++history->against < needed)
		return false;
	history->against = 0;
	history->down = failed;
	return true;
}

/* One probe. */

static struct timeval
timeval_of(uint64_t nanoseconds)
{
	return (struct timeval){
	    .tv_sec = (time_t)(nanoseconds / CLOCK_SECOND),
	    .tv_usec = (suseconds_t)(nanoseconds % CLOCK_SECOND / 1000),
	};
}

/* Workers look at nothing else along with it, so no order is needed. */
static void
target_set(struct health_target *target, bool down)
{
	atomic_store_explicit(&target->down, down, memory_order_relaxed);
}

/* "connection refused": strerror's words as our lines are written. */
static const char *
reason(int error, char buf[REASON_TEXT])
{
	snprintf(buf, REASON_TEXT, "%s", strerror(error));
	buf[0] = (char)tolower((unsigned char)buf[0]);
	return buf;
}

static void
probe_log(const struct probe *probe, int error)
{
	char addr[ADDR_TEXT];
	char why[REASON_TEXT];

	addr_format(&probe->target->addr, addr);
	if (error == 0) {
		log_info("health: %s is up", addr);
	} else {
		log_warn("health: %s is down: %s", addr, reason(error, why));
	}
}

/* error: what came of the attempt; 0: a connection. */
static void
probe_judge(struct probe *probe, int error)
{
	if (!health_judge(&probe->history, error != 0))
		return;
	target_set(probe->target, probe->history.down);
	probe_log(probe, error);
}

static void probe_due(evutil_socket_t fd, short what, void *arg);
static void probe_ready(evutil_socket_t fd, short what, void *arg);

static void
probe_rest(struct probe *probe, uint64_t now)
{
	const struct timeval wait =
	    timeval_of(probe->due > now ? probe->due - now : 0);

	probe->state = PROBE_RESTING;
	evtimer_assign(&probe->event, probe->health->base, probe_due, probe);
	evtimer_add(&probe->event, &wait);
}

/* What says nothing of the address: there is no socket or port to be had. */
static bool
error_is_ours(int error)
{
	static const int ours[] = {
	    EADDRNOTAVAIL,
	    EAGAIN,
	    EMFILE,
	    ENFILE,
	    ENOBUFS,
	    ENOMEM,
	};

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		if (ours[i] == error)
			return true;
	}
	return false;
}

/* The attempt could not be made or was over at once. */
static void
probe_fail(struct probe *probe, int error, uint64_t now)
{
	char addr[ADDR_TEXT];
	char why[REASON_TEXT];
	unsigned suppressed;

	if (!error_is_ours(error)) {
		probe_judge(probe, error);
	} else if (log_gate_open(&probe->health->log, now, &suppressed)) {
		log_warn("health: %s could not be tried: %s",
		    addr_format(&probe->target->addr, addr),
		    reason(error, why));
	}
	probe_rest(probe, now);
}

static void
probe_connect(struct probe *probe, uint64_t now)
{
	struct health *health = probe->health;
	const struct timeval wait =
	    timeval_of(health->interval < TIMEOUT ? health->interval : TIMEOUT);

	probe->fd = socket_tcp_connect(&probe->target->addr);
	if (probe->fd < 0) {
		probe_fail(probe, errno, now);
		return;
	}
	probe->state = PROBE_CONNECTING;
	health->connecting++;
	event_assign(&probe->event, health->base, probe->fd, EV_WRITE,
	    probe_ready, probe);
	event_add(&probe->event, &wait);
}

/* Lets go of whatever its state holds. */
static void
probe_leave(struct probe *probe)
{
	struct health *health = probe->health;

	switch (probe->state) {
	case PROBE_RESTING:
		event_del(&probe->event);
		break;
	case PROBE_WAITING:
		health->waiting--;
		break;
	case PROBE_CONNECTING:
		event_del(&probe->event);
		close(probe->fd);
		health->connecting--;
		break;
	}
}

/* Gives the free connections to probes that wait, each in its turn. */
static void
health_connect(struct health *health, uint64_t now)
{
	for (size_t i = 0; i < health->count && health->waiting > 0 &&
	     health->connecting < CONNECTIONS;
	     i++) {
		struct probe *probe = health->probes[health->next];

		health->next = (health->next + 1) % health->count;
		if (probe->state == PROBE_WAITING) {
			probe_leave(probe);
			probe_connect(probe, now);
		}
	}
}

static void
probe_due(evutil_socket_t fd, short what, void *arg)
{
	struct probe *probe = arg;
	struct health *health = probe->health;
	const uint64_t now = clock_now();

	(void)fd;
	(void)what;
	probe->due = now + health->interval;
	if (health->connecting < CONNECTIONS) {
		probe_connect(probe, now);
	} else {
		probe->state = PROBE_WAITING;
		health->waiting++;
	}
}

static int
socket_error(int fd)
{
	int error = 0;
	socklen_t len = sizeof(error);

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
		return errno;
	return error;
}

static void
probe_ready(evutil_socket_t fd, short what, void *arg)
{
	struct probe *probe = arg;
	struct health *health = probe->health;
	const uint64_t now = clock_now();
	const int error =
	    (what & EV_TIMEOUT) != 0 ? ETIMEDOUT : socket_error(fd);

	probe_leave(probe);
	probe_judge(probe, error);
	probe_rest(probe, now);
	health_connect(health, now);
}

/* All of them. */

static int
probe_order(const void *a, const void *b)
{
	const struct probe *const *left = a;
	const struct probe *const *right = b;

	return addr_compare(&(*left)->target->addr, &(*right)->target->addr);
}

static int
probe_order_of(const void *key, const void *element)
{
	const struct probe *const *probe = element;

	return addr_compare(key, &(*probe)->target->addr);
}

/* The probe of an address, or NULL. */
static struct probe *
health_find(const struct health *health, const struct addr *addr)
{
	struct probe *const *found;

	if (health->count == 0)
		return NULL;
	found = bsearch(addr, health->probes, health->count,
	    sizeof(struct probe *), probe_order_of);
	return found == NULL ? NULL : *found;
}

static struct probe *
probe_new(struct health *health)
{
	struct probe *probe = calloc(1, sizeof(*probe));

	if (probe == NULL)
		return NULL;
	probe->health = health;
	return probe;
}

/* New probes have no target yet. */
static void
probes_free_new(struct probe **probes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (probes[i] != NULL && probes[i]->target == NULL)
			free(probes[i]);
	}
	free(probes);
}

/*
 * A probe for each address of snapshot, in its order: those there are, and new
 * ones.  NULL when there is no memory.
 */
static struct probe **
health_collect(struct health *health, const struct snapshot *snapshot)
{
	const size_t count = snapshot->health_count;
	struct probe **probes = calloc(count + 1, sizeof(struct probe *));

	for (size_t i = 0; probes != NULL && i < count; i++) {
		probes[i] = health_find(health, &snapshot->health[i].addr);
		if (probes[i] == NULL)
			probes[i] = probe_new(health);
		if (probes[i] == NULL) {
			probes_free_new(probes, i);
			probes = NULL;
		}
	}
	return probes;
}

/*
 * A new address is tried at once; after that the checks are spread over the
 * interval.
 */
static void
health_begin(struct health *health, const struct snapshot *snapshot,
    struct probe *const *probes)
{
	const size_t count = snapshot->health_count;
	const uint64_t now = clock_now();

	for (size_t i = 0; i < count; i++) {
		struct probe *probe = probes[i];

		if (probe->target == NULL) {
			probe->state = PROBE_WAITING;
			probe->due = now + health->interval * (i + 1) / count;
			health->waiting++;
		}
		probe->target = &snapshot->health[i];
		probe->kept = true;
	}
}

/* Goes on with other probes; those that were not kept end. */
static void
health_replace(struct health *health, struct probe **probes, size_t count)
{
	for (size_t i = 0; i < health->count; i++) {
		struct probe *probe = health->probes[i];

		if (!probe->kept) {
			probe_leave(probe);
			free(probe);
		}
	}
	free(health->probes);
	for (size_t i = 0; i < count; i++)
		probes[i]->kept = false;
	if (count > 0)
		qsort(probes, count, sizeof(struct probe *), probe_order);
	health->probes = probes;
	health->count = count;
	health->next = 0;
}

void
health_init(struct health *health, struct event_base *base)
{
	*health = (struct health){.base = base};
}

void
health_mark(const struct health *health, const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->health_count; i++) {
		struct health_target *target = &snapshot->health[i];
		const struct probe *probe = health_find(health, &target->addr);

		if (probe != NULL)
			target_set(target, probe->history.down);
	}
}

void
health_follow(struct health *health, const struct snapshot *snapshot,
    uint32_t interval)
{
	const size_t count = snapshot->health_count;
	struct probe **probes = health_collect(health, snapshot);

	assert(interval > 0);
	if (probes == NULL) {
		log_error("health: there is no memory to check %zu addresses",
		    count);
		fleet_drop(snapshot);
		return;
	}
	health_mark(health, snapshot);
	health->interval = interval * MILLISECOND;
	health_begin(health, snapshot, probes);
	health_replace(health, probes, count);
	fleet_drop(health->snapshot);
	health->snapshot = snapshot;
	health_connect(health, clock_now());
}

void
health_stop(struct health *health)
{
	health_replace(health, NULL, 0);
	fleet_drop(health->snapshot);
	health->snapshot = NULL;
}
