#include "ctl/drift.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "ctl/resolvconf.h"
#include "ctl/root_files.h"
#include "ctl/system_servers.h"
#include "io/boot.h"
#include "io/clock.h"

#define RESOLV_CONF "etc/resolv.conf"
#define DELEGATE    "etc/systemd/dns-delegate.d/resolverd.dns-delegate"
#define MANIFEST    "var/lib/resolverd/setup/manifest"

/* The files whose change may change the view. */
static const char *const files[] = {
    "/" RESOLV_CONF,
    "/run/systemd/resolve/resolv.conf",
    "/run/NetworkManager/no-stub-resolv.conf",
    "/" DELEGATE,
};

static void
read_servers(int root, const char *path, const struct own_addresses *own,
    struct resolvconf *conf)
{
	FILE *file = root_files_read(root, path);

	*conf = (struct resolvconf){0};
	if (file == NULL)
		return;
	resolvconf_read(file, own, conf);
	fclose(file);
}

/* Another is named first: whom does it ask, if it is a forwarder here? */
static void
look_behind(int root, const struct own_addresses *own,
    const struct resolvconf *conf, struct drift_view *view)
{
	const struct addr *first = &conf->servers[0];
	const char *behind = system_servers_behind(conf, first);
	struct resolvconf next = {0};
	char text[ADDR_TEXT];

	view->state = DRIFT_OTHER;
	snprintf(view->text, sizeof(view->text), "%s",
	    addr_format_host(first, text));
	if (behind == NULL)
		return;
	/* Without the slash: it is below the root directory. */
	read_servers(root, behind + 1, own, &next);
	if (next.own > 0 || root_files_exists(root, DELEGATE)) {
		view->state = DRIFT_USED;
		snprintf(view->text, sizeof(view->text),
		    "this daemon, by way of %s", text);
	}
}

static void
look_at_servers(int root, const struct own_addresses *own,
    const struct resolvconf *conf, struct drift_view *view)
{
	if (conf->own_first) {
		view->state = DRIFT_USED;
		snprintf(view->text, sizeof(view->text), "this daemon");
	} else if (conf->count == 0) {
		view->state = DRIFT_OTHER;
		snprintf(view->text, sizeof(view->text), "nobody");
	} else {
		look_behind(root, own, conf, view);
	}
}

void
drift_look(int root, const struct own_addresses *own, struct drift_view *view)
{
	struct resolvconf conf;
	char link[PATH_MAX];
	FILE *file = root_files_read(root, RESOLV_CONF);
	const bool hidden = file == NULL && errno != ENOENT;

	view->owner = resolv_owner_find(root_files_link(root, RESOLV_CONF, link,
					    sizeof(link)),
	    file);
	if (file != NULL)
		fclose(file);
	view->set_up = root_files_exists(root, MANIFEST);
	read_servers(root, RESOLV_CONF, own, &conf);
	look_at_servers(root, own, &conf, view);
	if (hidden) {
		view->state = DRIFT_UNKNOWN;
		snprintf(view->text, sizeof(view->text), "whom, is hidden");
	}
}

/* What the end of the line advises. */
static const char *
advice(const struct drift_view *view)
{
	return view->set_up
	    ? "; 'resolverctl setup' takes it back, 'setup --undo' gives it up"
	    : "";
}

/* It is asked no more, or was set up and is not asked at the start. */
static void
tell_lost(struct drift *drift)
{
	static const struct timeval later = {.tv_sec = 1};
	const struct drift_view *view = &drift->view;
	unsigned suppressed;

	if (!log_gate_open(&drift->gate, clock_now(), &suppressed)) {
		event_add(&drift->again, &later);
		return;
	}
	log_warn("resolv.conf: programs of this machine ask %s and not this "
		 "daemon: /etc/resolv.conf is as %s made it%s",
	    view->text, resolv_owner_text(view->owner), advice(view));
}

/* It may be asked again by now. */
static void
drift_again(evutil_socket_t fd, short what, void *arg)
{
	struct drift *drift = arg;

	(void)fd;
	(void)what;
	if (drift->view.state == DRIFT_OTHER)
		tell_lost(drift);
}

static void
tell(struct drift *drift, enum drift_state before)
{
	const struct drift_view *view = &drift->view;

	if (view->state == DRIFT_OTHER &&
	    (before == DRIFT_USED || view->set_up)) {
		drift->lost += before == DRIFT_USED;
		tell_lost(drift);
	} else if (view->state == DRIFT_USED && before == DRIFT_OTHER) {
		log_info("resolv.conf: programs of this machine ask %s",
		    view->text);
	} else {
		log_debug("resolv.conf: programs of this machine ask %s (made "
			  "by %s)",
		    view->text, resolv_owner_text(view->owner));
	}
}

/* Something may have changed: a watch_fn. */
static void
drift_changed(void *context)
{
	struct drift *drift = context;
	const struct drift_view before = drift->view;

	own_addresses_find(&drift->own, drift->boot->listen,
	    drift->boot->listen_count);
	drift_look(drift->root, &drift->own, &drift->view);
	if (drift->view.state != before.state) {
		drift->since = clock_date();
		tell(drift, before.state);
	} else if (strcmp(drift->view.text, before.text) == 0) {
		return;
	}
	if (drift->changed != NULL)
		drift->changed(drift->context);
}

void
drift_start(struct drift *drift, const struct boot *boot,
    struct event_base *base)
{
	*drift = (struct drift){
	    .boot = boot,
	    .root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC),
	    .watch =
		{
		    .files = files,
		    .file_count = sizeof(files) / sizeof(files[0]),
		    .changed = drift_changed,
		    .context = drift,
		},
	};
	event_assign(&drift->again, base, -1, 0, drift_again, drift);
	watch_start(&drift->watch, base);
}

void
drift_stop(struct drift *drift)
{
	if (drift->boot == NULL)
		return;
	watch_stop(&drift->watch);
	event_del(&drift->again);
	if (drift->root >= 0)
		close(drift->root);
	drift->boot = NULL;
}

const char *
drift_state_text(enum drift_state state)
{
	static const char *const texts[] = {
	    [DRIFT_UNKNOWN] = "unknown",
	    [DRIFT_USED] = "used",
	    [DRIFT_OTHER] = "other",
	};

	return texts[state];
}
