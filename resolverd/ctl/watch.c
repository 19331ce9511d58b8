#include "ctl/watch.h"

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/log.h"
#include "io/clock.h"

enum {
	LINKS = 16,	/* more are a loop */
	EVENTS = 4096,	/* octets of events read at a time */
	USEC = 1000000, /* microseconds a second */
	LOOK_SECONDS = 60,
	POLL_SECONDS = 5, /* without inotify */
};

#define BURST_QUIET (CLOCK_SECOND / 10)
#define BURST_MOST  CLOCK_SECOND

/* One mask for all: whoever watches the same inode twice has the last one. */
#define INTEREST                                                        \
	(IN_CREATE | IN_DELETE | IN_MOVE | IN_CLOSE_WRITE | IN_MODIFY | \
	    IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF)

/* On the way to a file. */
struct walk {
	char at[PATH_MAX];   /* without links; "" is the root */
	char rest[PATH_MAX]; /* the way that is left */
	unsigned links;
};

/* Watches the inode at path for what happens to name in it. */
static void
watch_add(struct watch *watch, const char *path, const char *name)
{
	struct watch_place *place = &watch->places[watch->place_count];

	if (watch->place_count == WATCH_PLACES)
		return;
	place->wd = inotify_add_watch(watch->fd, path, INTEREST);
	if (place->wd < 0)
		return;
	snprintf(place->name, sizeof(place->name), "%s", name);
	watch->place_count++;
}

/* Cuts the next component off what is left; false: there is none. */
static bool
walk_next(struct walk *walk, char name[NAME_MAX + 1])
{
	const char *rest = walk->rest + strspn(walk->rest, "/");
	const size_t len = strcspn(rest, "/");

	if (len == 0 || len > NAME_MAX)
		return false;
	memcpy(name, rest, len);
	name[len] = '\0';
	memmove(walk->rest, rest + len, strlen(rest + len) + 1);
	return true;
}

static void
walk_up(struct walk *walk)
{
	char *slash = strrchr(walk->at, '/');

	if (slash != NULL)
		*slash = '\0';
}

/* Goes on from where a link leads; false: too far. */
static bool
walk_link(struct walk *walk, const char *target)
{
	char rest[2 * PATH_MAX];
	const int len =
	    snprintf(rest, sizeof(rest), "%s%s", target, walk->rest);

	if (len >= PATH_MAX || ++walk->links > LINKS)
		return false;
	memcpy(walk->rest, rest, (size_t)len + 1);
	if (target[0] == '/')
		walk->at[0] = '\0';
	return true;
}

/* Goes to the component `name`; false when the way ends here. */
static bool
walk_step(struct walk *walk, const char *name)
{
	char path[PATH_MAX + NAME_MAX + 2];
	char target[PATH_MAX];
	const int path_len =
	    snprintf(path, sizeof(path), "%s/%s", walk->at, name);
	ssize_t len;

	if (path_len >= PATH_MAX)
		return false;
	len = readlink(path, target, sizeof(target) - 1);
	if (len >= 0) {
		target[len] = '\0';
		return walk_link(walk, target);
	}
	memcpy(walk->at, path, (size_t)path_len + 1);
	/* EINVAL: it is there and no link. */
	return errno == EINVAL;
}

/* Watches all that decides what a file is. */
static void
watch_file(struct watch *watch, const char *file)
{
	struct walk walk = {.links = 0};
	char name[NAME_MAX + 1];

	snprintf(walk.rest, sizeof(walk.rest), "%s", file);
	while (walk_next(&walk, name)) {
		if (strcmp(name, ".") == 0)
			continue;
		if (strcmp(name, "..") == 0) {
			walk_up(&walk);
			continue;
		}
		watch_add(watch, walk.at[0] == '\0' ? "/" : walk.at, name);
		if (!walk_step(&walk, name))
			return;
	}
	/* A mount may have put it there: its directory knows nothing then. */
	watch_add(watch, walk.at, "");
}

static bool
watch_cares(const struct watch *watch, const struct inotify_event *event)
{
	if ((event->mask & IN_Q_OVERFLOW) != 0)
		return true;
	for (size_t i = 0; i < watch->place_count; i++) {
		const struct watch_place *place = &watch->places[i];

		if (place->wd != event->wd)
			continue;
		if (place->name[0] == '\0' || event->len == 0 ||
		    strcmp(place->name, event->name) == 0)
			return true;
	}
	return false;
}

static void
watch_wait(struct watch *watch, uint64_t wait)
{
	const struct timeval delay = {
	    .tv_sec = (time_t)(wait / CLOCK_SECOND),
	    .tv_usec =
		(suseconds_t)(wait % CLOCK_SECOND / (CLOCK_SECOND / USEC)),
	};

	event_add(&watch->timer, &delay);
}

/* One more change of a burst. */
static void
watch_burst(struct watch *watch)
{
	const uint64_t now = clock_now();
	uint64_t until;

	if (watch->burst_began == 0)
		watch->burst_began = now;
	until = watch->burst_began + BURST_MOST;
	if (until > now + BURST_QUIET)
		until = now + BURST_QUIET;
	watch_wait(watch, until > now ? until - now : 0);
}

static void
watch_readable(evutil_socket_t fd, short what, void *arg)
{
	struct watch *watch = arg;
	_Alignas(struct inotify_event) char events[EVENTS];
	ssize_t len;
	bool cares = false;

	(void)what;
	while ((len = read(fd, events, sizeof(events))) > 0) {
		const char *at = events;

		while (at < events + len) {
			const struct inotify_event *event = (const void *)at;

			cares = watch_cares(watch, event) || cares;
			at += sizeof(*event) + event->len;
		}
	}
	if (cares)
		watch_burst(watch);
}

static void
watch_close(struct watch *watch)
{
	if (watch->fd < 0)
		return;
	event_del(&watch->readable);
	close(watch->fd);
	watch->fd = -1;
	watch->place_count = 0;
}

/*
 * Watches from here on what leads to the files now.  What happens meanwhile
 * is seen by whoever looks at the files after it.
 */
static void
watch_renew(struct watch *watch)
{
	watch_close(watch);
	watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (watch->fd < 0) {
		if (!watch->complained) {
			log_warn("inotify: %s; looking every %d s instead",
			    strerror(errno), POLL_SECONDS);
		}
		watch->complained = true;
		return;
	}
	for (size_t i = 0; i < watch->file_count; i++)
		watch_file(watch, watch->files[i]);
	event_assign(&watch->readable, watch->base, watch->fd,
	    EV_READ | EV_PERSIST, watch_readable, watch);
	event_add(&watch->readable, NULL);
}

static void
watch_due(evutil_socket_t fd, short what, void *arg)
{
	struct watch *watch = arg;

	(void)fd;
	(void)what;
	watch->burst_began = 0;
	watch_renew(watch);
	watch_wait(watch,
	    (watch->fd < 0 ? POLL_SECONDS : LOOK_SECONDS) * CLOCK_SECOND);
	watch->changed(watch->context);
}

void
watch_start(struct watch *watch, struct event_base *base)
{
	watch->base = base;
	watch->fd = -1;
	watch->complained = false;
	watch->place_count = 0;
	event_assign(&watch->timer, base, -1, 0, watch_due, watch);
	watch_wait(watch, 0);
}

void
watch_stop(struct watch *watch)
{
	watch_close(watch);
	event_del(&watch->timer);
}
