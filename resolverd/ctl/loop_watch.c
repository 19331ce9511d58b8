#include "ctl/loop_watch.h"

#include <event2/event.h>
#include <stdbool.h>

#include "base/log.h"
#include "core/server.h"
#include "core/snapshot.h"
#include "io/clock.h"

/* Where it is among those told of; told_count: it is not. */
static size_t
told_find(const struct loop_watch *watch, uint32_t fingerprint)
{
	size_t n = 0;

	while (n < watch->told_count && watch->told[n] != fingerprint)
		n++;
	return n;
}

/* Takes note of what has become of a server; true: that is news. */
static bool
told_change(struct loop_watch *watch, uint32_t fingerprint, bool loops)
{
	const size_t n = told_find(watch, fingerprint);

	if ((n < watch->told_count) == loops)
		return false;
	if (!loops) {
		watch->told[n] = watch->told[--watch->told_count];
	} else if (watch->told_count < LOOP_MARKS) {
		watch->told[watch->told_count++] = fingerprint;
	} else {
		return false;
	}
	return true;
}

static void
look_at_server(struct loop_watch *watch, const struct upstream_group *group,
    const struct upstream_server *server, uint64_t now)
{
	const bool loops = loop_leads_back(watch->marks, server, now);
	char text[SERVER_TEXT];

	if (!told_change(watch, upstream_fingerprint(server), loops))
		return;
	server_format(server, text);
	if (loops) {
		log_warn("loop: %s %s%s leads back to this server; it is left "
			 "out for 5 min",
		    group->what, text, group->whose);
	} else {
		log_info("loop: %s %s%s does not lead back any more",
		    group->what, text, group->whose);
	}
}

static void
loop_watch_due(evutil_socket_t fd, short what, void *arg)
{
	struct loop_watch *watch = arg;
	const uint64_t now = clock_now();

	(void)fd;
	(void)what;
	for (const struct upstream_group *group = watch->snapshot->groups;
	     group != NULL; group = group->next) {
		for (unsigned i = 0; i < group->count; i++)
			look_at_server(watch, group, &group->servers[i], now);
	}
}

void
loop_watch_start(struct loop_watch *watch, struct event_base *base,
    struct loop_marks *marks, const struct snapshot *snapshot)
{
	static const struct timeval second = {.tv_sec = 1};

	*watch = (struct loop_watch){.marks = marks, .snapshot = snapshot};
	event_assign(&watch->timer, base, -1, EV_PERSIST, loop_watch_due,
	    watch);
	event_add(&watch->timer, &second);
}

void
loop_watch_follow(struct loop_watch *watch, const struct snapshot *snapshot)
{
	watch->snapshot = snapshot;
}

void
loop_watch_stop(struct loop_watch *watch)
{
	if (watch->snapshot == NULL)
		return;
	event_del(&watch->timer);
	watch->snapshot = NULL;
}
