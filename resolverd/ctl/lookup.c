#include "ctl/lookup.h"

#include <event2/event.h>
#include <event2/event_struct.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/log.h"
#include "base/text.h"
#include "config/load.h"
#include "ctl/arguments.h"
#include "ctl/option.h"
#include "ctl/reload.h"
#include "ctl/startup.h"
#include "ctl/trust.h"
#include "io/clock.h"
#include "io/inquiry.h"
#include "io/loop.h"

enum {
	TARGETS_PATIENCE = 5,	/* seconds for names of targets */
	TARGETS_PAUSE = 100000, /* microseconds between two looks */
};

/* Reads and completes; false after printing what is wrong. */
static bool
lookup_read(struct lookup_session *session, const char *config)
{
	const struct load_overrides overrides = {0};
	struct diag diag;
	bool good;

	diag_init(&diag);
	good = load_model(config, &overrides, &session->model, &diag);
	if (!good) {
		diag_print(&diag, stderr);
		fprintf(stderr, "%zu error%s\n", diag.errors,
		    diag.errors == 1 ? "" : "s");
	}
	diag_fini(&diag);
	session->model.workers = 1;
	if (!good ||
	    startup_plan(&session->boot, &session->model,
		&(struct activation){.count = 0}) != EXIT_CODE_OK)
		return false;
	discovery_init(&session->discovery, &session->boot);
	reload_complete(&session->model, &session->discovery);
	/* It listens nowhere; so far these were addresses not to ask. */
	session->boot.listen_count = 0;
	return true;
}

/* Compiles what was read; false after a complaint. */
static bool
lookup_compile(struct lookup_session *session)
{
	struct tls *tls = NULL;
	struct diag diag;

	diag_init(&diag);
	fleet_drop(session->snapshot);
	session->snapshot = NULL;
	if (trust_read(&session->model, &tls, &diag)) {
		session->snapshot = trust_compile(&session->model,
		    &session->boot.key, tls, &diag);
	}
	tls_drop(tls);
	diag_print(&diag, stderr);
	diag_fini(&diag);
	return session->snapshot != NULL;
}

static void
targets_mail(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	fleet_collect(arg);
}

/* All are looked at together at the end. */
static void
targets_found(void *context)
{
	(void)context;
}

/* Runs the loop until each name was found, or patience ends. */
static void
targets_wait(struct lookup_session *session)
{
	const uint64_t until = clock_now() + TARGETS_PATIENCE * CLOCK_SECOND;
	const struct timeval pause = {.tv_usec = TARGETS_PAUSE};
	struct event mail;

	event_assign(&mail, session->base, session->fleet.inbox.fd,
	    EV_READ | EV_PERSIST, targets_mail, &session->fleet);
	event_add(&mail, NULL);
	while (targets_unknown(&session->targets) > 0 && clock_now() < until) {
		event_base_loopexit(session->base, &pause);
		event_base_loop(session->base, EVLOOP_ONCE);
	}
	event_del(&mail);
}

/* Looks up the targets that have names, once: they stay what they are. */
static bool
lookup_targets(struct lookup_session *session)
{
	session->base = loop_new();
	if (session->base == NULL)
		return false;
	targets_init(&session->targets, &session->fleet, session->base,
	    targets_found, NULL);
	targets_follow(&session->targets, &session->model);
	if (targets_unknown(&session->targets) == 0)
		return true;
	targets_wait(session);
	targets_tell(&session->targets, &session->model);
	return lookup_compile(session) &&
	    fleet_publish(&session->fleet, snapshot_hold(session->snapshot));
}

bool
lookup_open(struct lookup_session *session, const char *config)
{
	/* What the daemon would warn of, the explanation shows. */
	log_open(LOG_SINK_STDERR, LOG_LEVEL_ERROR);
	*session = (struct lookup_session){0};
	if (config == NULL)
		config = arguments_default_config();
	if (lookup_read(session, config) && lookup_compile(session) &&
	    fleet_start(&session->fleet, &session->boot,
		snapshot_hold(session->snapshot)) &&
	    lookup_targets(session))
		return true;
	lookup_close(session);
	return false;
}

void
lookup_close(struct lookup_session *session)
{
	targets_stop(&session->targets);
	fleet_stop(&session->fleet);
	fleet_drop(session->snapshot);
	if (session->base != NULL)
		event_base_free(session->base);
	startup_fini(&session->boot);
	model_fini(&session->model);
}

void
lookup_ask(struct lookup_session *session, struct inquiry *inquiry)
{
	fleet_ask(&session->fleet, inquiry);
}

void
lookup_wait(struct lookup_session *session)
{
	struct pollfd mail = {.fd = session->fleet.inbox.fd, .events = POLLIN};

	poll(&mail, 1, -1);
	fleet_collect(&session->fleet);
}

void
lookup_release(const struct inquiry *inquiry)
{
	fleet_drop(inquiry->snapshot);
}

/* The names there are, networks and then clusters; the caller frees it. */
static const char **
view_names(const struct snapshot *snapshot, size_t *count)
{
	const char **names = calloc(snapshot->view_count, sizeof(*names));

	*count = names == NULL ? 0 : snapshot->view_count;
	for (size_t i = 0; i < *count; i++) {
		const struct view *view = &snapshot->views[i];

		names[i] = view->cluster_name != NULL ? view->cluster_name
						      : view->network->name;
	}
	return names;
}

static void
complain_unknown(const struct snapshot *snapshot, const char *command,
    const char *name)
{
	size_t count;
	const char **names = view_names(snapshot, &count);
	const char *nearest = text_nearest(name, names, count);

	fprintf(stderr, "resolverctl %s: no network is called '%s'", command,
	    name);
	if (nearest != NULL)
		fprintf(stderr, " (did you mean '%s'?)", nearest);
	fputs("\nresolverctl: the networks and clusters are", stderr);
	for (size_t i = 0; i < count; i++)
		fprintf(stderr, "%s '%s'", i == 0 ? "" : ",", names[i]);
	fputs("\n", stderr);
	free(names);
}

bool
lookup_view(const struct lookup_session *session, const char *command,
    const char *name, struct inquiry *inquiry)
{
	const struct snapshot *snapshot = session->snapshot;

	if (snapshot_view_named(snapshot, name, NULL) != NULL) {
		inquiry->network = name;
		return true;
	}
	if (snapshot_view_named(snapshot, NULL, name) != NULL) {
		inquiry->cluster = name;
		return true;
	}
	complain_unknown(snapshot, command, name);
	return false;
}

const struct view *
lookup_view_of(const struct lookup_session *session,
    const struct inquiry *inquiry)
{
	const struct snapshot *snapshot = session->snapshot;

	if (inquiry->network == NULL && inquiry->cluster == NULL) {
		return snapshot_view(snapshot, &inquiry->client,
		    &inquiry->local);
	}
	return snapshot_view_named(snapshot, inquiry->network,
	    inquiry->cluster);
}
