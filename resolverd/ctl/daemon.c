#include "ctl/daemon.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/log.h"
#include "ctl/activation.h"
#include "ctl/background.h"
#include "ctl/cache_file.h"
#include "ctl/control.h"
#include "ctl/control_command.h"
#include "ctl/control_socket.h"
#include "ctl/drift.h"
#include "ctl/http.h"
#include "ctl/libraries.h"
#include "ctl/listen.h"
#include "ctl/notify.h"
#include "ctl/preflight.h"
#include "ctl/privileges.h"
#include "ctl/query_log.h"
#include "ctl/reload.h"
#include "ctl/serving.h"
#include "ctl/standing.h"
#include "ctl/startup.h"
#include "ctl/tap.h"
#include "ctl/trust.h"
#include "ctl/version.h"
#include "ctl/watchdog.h"
#include "io/boot.h"
#include "io/clock.h"
#include "io/loop.h"

enum { LINGER = 3 }; /* seconds */

/* The control thread's whole. */
struct daemon {
	const struct arguments *arguments;
	struct model model;	      /* as at start */
	bool loaded;		      /* model must be freed */
	struct activation activation; /* sockets that were handed over */
	struct boot boot;
	const struct snapshot *snapshot; /* until it is in use */
	struct cache_filling filling;	 /* while workers start */
	struct serving serving;
	struct tap tap;
	struct query_log *query_log;
	struct standing standing;
	struct control_socket control_socket;
	struct control_context control_context;
	struct control control;
	struct drift drift;
	struct watchdog watchdog;
	struct http http;
	struct event_base *base;
	struct event mail;
	struct event signals;
	bool told_to_stop;
	int signal_fd;
	int parent; /* for background_report; -1: nobody waits */
};

static enum exit_code
daemon_check_libraries(struct daemon *daemon)
{
	(void)daemon;
	return libraries_check(library_rows, library_row_count)
	    ? EXIT_CODE_OK
	    : EXIT_CODE_OTHER;
}

static enum exit_code
daemon_load(struct daemon *daemon)
{
	const struct arguments *arguments = daemon->arguments;
	struct diag diag;
	enum exit_code code;

	diag_init(&diag);
	daemon->loaded = true;
	if (preflight_read(arguments, &daemon->model, &diag))
		trust_read(&daemon->model, &daemon->serving.tls, &diag);
	code = preflight_complain(arguments, &diag);
	if (code == EXIT_CODE_OK) {
		code = startup_plan(&daemon->boot, &daemon->model,
		    &daemon->activation);
	}
	if (code == EXIT_CODE_OK) {
		serving_init(&daemon->serving, &daemon->boot);
		reload_complete(&daemon->model, &daemon->serving.discovery);
		daemon->snapshot = trust_compile(&daemon->model,
		    &daemon->boot.key, daemon->serving.tls, &diag);
		if (daemon->snapshot == NULL) {
			diag_print(&diag, stderr);
			code = EXIT_CODE_MEMORY;
		}
	}
	diag_fini(&diag);
	return code;
}

static enum exit_code
daemon_listen(struct daemon *daemon)
{
	const enum exit_code code =
	    listen_open(&daemon->boot, &daemon->activation);

	activation_close(&daemon->activation);
	return code;
}

static enum exit_code
daemon_open_http(struct daemon *daemon)
{
	return http_open(&daemon->http, &daemon->model);
}

static enum exit_code
daemon_prepare_control(struct daemon *daemon)
{
	control_socket_prepare(daemon->model.control_socket.text,
	    daemon->model.user.text);
	return EXIT_CODE_OK;
}

static enum exit_code
daemon_drop_privileges(struct daemon *daemon)
{
	const char *path = daemon->arguments->config;

	if (!privileges_drop(daemon->model.user.text))
		return EXIT_CODE_OTHER;
	if (path != NULL && access(path, R_OK) != 0) {
		log_warn("%s: a reload will fail, for the user it runs as now "
			 "cannot read it: %s",
		    path, strerror(errno));
	}
	return EXIT_CODE_OK;
}

/* Where the log goes once nobody watches; before there are threads. */
static enum exit_code
daemon_log(struct daemon *daemon)
{
	const enum log_level level =
	    daemon->arguments->verbosity > 0 ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO;

	log_open(daemon->parent >= 0 ? LOG_SINK_SYSLOG : log_detect(), level);
	return EXIT_CODE_OK;
}

/* It has the daemon's own user, and needs umask: before there are threads. */
static enum exit_code
daemon_open_control(struct daemon *daemon)
{
	control_socket_open(&daemon->control_socket,
	    daemon->model.control_socket.text);
	return EXIT_CODE_OK;
}

static void
daemon_tell_versions(void)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (out == NULL)
		return;
	libraries_print(out);
	fclose(out);
	log_info("version %s, with %s", RESOLVERD_VERSION, text);
	free(text);
}

/* What it works with, for whoever wonders. */
static enum exit_code
daemon_describe(struct daemon *daemon)
{
	const char *path = daemon->arguments->config;
	const size_t zones = daemon->snapshot->zone_count;
	const unsigned workers = daemon->boot.workers;

	daemon_tell_versions();
	if (path == NULL) {
		log_debug("configuration: no file, the defaults and the "
			  "command line");
	} else {
		log_debug("configuration: %s", path);
	}
	log_debug("serving %zu zone%s with %u worker%s as user %s", zones,
	    zones == 1 ? "" : "s", workers, workers == 1 ? "" : "s",
	    privileges_user_name());
	return EXIT_CODE_OK;
}

static enum exit_code
daemon_open_cache(struct daemon *daemon)
{
	struct boot *boot = &daemon->boot;

	if (boot->cache_file == NULL)
		return EXIT_CODE_OK;
	cache_file_check(boot->cache_file);
	if (cache_file_open(&daemon->filling, boot->cache_file,
		daemon->snapshot)) {
		boot->fill = cache_file_fill;
		boot->fill_context = &daemon->filling;
	}
	return EXIT_CODE_OK;
}

static enum exit_code
daemon_close_cache(struct daemon *daemon)
{
	if (daemon->boot.fill != NULL)
		cache_file_close(&daemon->filling);
	daemon->boot.fill = NULL;
	return EXIT_CODE_OK;
}

static enum exit_code
daemon_start_workers(struct daemon *daemon)
{
	const struct snapshot *snapshot = daemon->snapshot;

	daemon->snapshot = NULL;
	return serving_start(&daemon->serving, &daemon->model, snapshot)
	    ? EXIT_CODE_OK
	    : EXIT_CODE_MEMORY;
}

static void
daemon_mail(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *daemon = arg;

	(void)fd;
	(void)what;
	fleet_collect(&daemon->serving.fleet);
}

static void
daemon_stop(struct daemon *daemon)
{
	daemon->told_to_stop = true;
	notify_stopping();
	log_info("stopping");
	event_base_loopbreak(daemon->base);
}

static void
daemon_reload(struct daemon *daemon)
{
	reload_run(&daemon->standing, NULL);
}

static void
daemon_statistics(struct daemon *daemon)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (out == NULL)
		return;
	for (size_t i = 0; i < counter_row_count; i++) {
		fprintf(out, "%s%s %" PRIu64, i == 0 ? "" : ", ",
		    counter_rows[i].name,
		    fleet_counter(&daemon->serving.fleet, &counter_rows[i]));
	}
	fclose(out);
	log_info("counters: %s", text);
	free(text);
}

static void
daemon_reopen(struct daemon *daemon)
{
	query_log_reopen(daemon->query_log);
}

static const struct {
	int number;
	void (*act)(struct daemon *daemon);
} signals[] = {
    {SIGHUP, daemon_reload},
    {SIGINT, daemon_stop},
    {SIGTERM, daemon_stop},
    {SIGUSR1, daemon_statistics},
    {SIGUSR2, daemon_reopen},
};

enum { SIGNALS = sizeof(signals) / sizeof(signals[0]) };

static void
daemon_signal(evutil_socket_t fd, short what, void *arg)
{
	struct signalfd_siginfo info;

	(void)what;
	if (read(fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return;
	for (size_t i = 0; i < SIGNALS; i++) {
		if (signals[i].number == (int)info.ssi_signo)
			signals[i].act(arg);
	}
}

/*
 * From here on signals wait until this thread reads them: one that comes
 * during the start is not lost, and kills nobody.
 */
static enum exit_code
daemon_catch_signals(struct daemon *daemon)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < SIGNALS; i++)
		sigaddset(&set, signals[i].number);
	signal(SIGPIPE, SIG_IGN);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	daemon->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return daemon->signal_fd < 0 ? EXIT_CODE_OTHER : EXIT_CODE_OK;
}

static enum exit_code
daemon_lacks_memory(void)
{
	log_error("start: out of memory");
	return EXIT_CODE_MEMORY;
}

static enum exit_code
daemon_open_loop(struct daemon *daemon)
{
	daemon->base = loop_new();
	if (daemon->base == NULL)
		return daemon_lacks_memory();
	event_assign(&daemon->mail, daemon->base,
	    daemon->serving.fleet.inbox.fd, EV_READ | EV_PERSIST, daemon_mail,
	    daemon);
	event_assign(&daemon->signals, daemon->base, daemon->signal_fd,
	    EV_READ | EV_PERSIST, daemon_signal, daemon);
	if (event_add(&daemon->mail, NULL) != 0 ||
	    event_add(&daemon->signals, NULL) != 0)
		return daemon_lacks_memory();
	return EXIT_CODE_OK;
}

static enum exit_code
daemon_follow(struct daemon *daemon)
{
	serving_follow(&daemon->serving, daemon->base);
	daemon->standing = (struct standing){
	    .serving = &daemon->serving,
	    .arguments = daemon->arguments,
	    .started = &daemon->model,
	    .socket = &daemon->control_socket,
	    .drift = &daemon->drift,
	};
	standing_start(&daemon->standing);
	return EXIT_CODE_OK;
}

/* What the service manager shows is no longer so. */
static void
daemon_changed(void *context)
{
	const struct daemon *daemon = context;

	standing_tell(&daemon->standing);
}

/* Another configuration is served: serving's replaced_by. */
static void
daemon_replaced(void *context, const struct model *model)
{
	struct daemon *daemon = context;

	query_log_follow(daemon->query_log, model);
}

/* With the daemon's own user, whose file it is. */
static enum exit_code
daemon_open_query_log(struct daemon *daemon)
{
	struct fleet *fleet = &daemon->serving.fleet;

	tap_start(&daemon->tap, fleet, daemon->base);
	daemon->query_log = query_log_new(&daemon->tap, &fleet->counters);
	if (daemon->query_log == NULL)
		return daemon_lacks_memory();
	query_log_follow(daemon->query_log, &daemon->model);
	query_log_watch(daemon->query_log, daemon_changed, daemon);
	daemon->standing.query_log = daemon->query_log;
	daemon->serving.replaced_by = daemon_replaced;
	daemon->serving.context = daemon;
	return EXIT_CODE_OK;
}

/* What the workers have told before they ended is logged. */
static void
daemon_close_query_log(struct daemon *daemon)
{
	fleet_end(&daemon->serving.fleet);
	if (daemon->query_log != NULL)
		tap_drain(&daemon->tap);
	daemon->standing.query_log = NULL;
	query_log_free(daemon->query_log);
	tap_stop(&daemon->tap);
}

static enum exit_code
daemon_watch_drift(struct daemon *daemon)
{
	drift_start(&daemon->drift, &daemon->boot, daemon->base);
	daemon->drift.changed = daemon_changed;
	daemon->drift.context = daemon;
	return EXIT_CODE_OK;
}

static enum exit_code
daemon_start_control(struct daemon *daemon)
{
	daemon->control_context = (struct control_context){
	    .serving = &daemon->serving,
	    .standing = &daemon->standing,
	    .tap = &daemon->tap,
	};
	daemon->control = (struct control){
	    .socket = &daemon->control_socket,
	    .commands = &control_command_table,
	    .context = &daemon->control_context,
	};
	control_start(&daemon->control, daemon->base);
	return EXIT_CODE_OK;
}

static enum exit_code
daemon_start_http(struct daemon *daemon)
{
	daemon->http.context = (struct http_context){
	    .serving = &daemon->serving,
	    .standing = &daemon->standing,
	    .tap = &daemon->tap,
	};
	return http_start(&daemon->http, daemon->base) ? EXIT_CODE_OK
						       : daemon_lacks_memory();
}

static enum exit_code
daemon_announce(struct daemon *daemon)
{
	char line[STANDING_TEXT];

	standing_line(&daemon->standing, line);
	log_info("listening on %s", line);
	notify_ready(line);
	return EXIT_CODE_OK;
}

static enum exit_code
daemon_watch_itself(struct daemon *daemon)
{
	watchdog_start(&daemon->watchdog, daemon->base, &daemon->boot,
	    &daemon->serving.fleet);
	return EXIT_CODE_OK;
}

/* The order matters: each step relies on those before it. */
static enum exit_code (*const start_steps[])(struct daemon *daemon) = {
    daemon_catch_signals,
    daemon_check_libraries,
    daemon_load,
    daemon_listen,
    daemon_open_http,
    daemon_prepare_control,
    daemon_drop_privileges,
    daemon_log,
    daemon_open_control,
    daemon_describe,
    daemon_open_cache,
    daemon_start_workers,
    daemon_close_cache,
    daemon_open_loop,
    daemon_follow,
    daemon_watch_drift,
    daemon_open_query_log,
    daemon_start_control,
    daemon_start_http,
    daemon_announce,
    daemon_watch_itself,
};

static enum exit_code
daemon_start(struct daemon *daemon)
{
	enum exit_code code = EXIT_CODE_OK;

	for (size_t i = 0; code == EXIT_CODE_OK &&
	     i < sizeof(start_steps) / sizeof(start_steps[0]);
	     i++)
		code = start_steps[i](daemon);
	return code;
}

static void
daemon_fini(struct daemon *daemon)
{
	control_socket_close(&daemon->control_socket);
	control_stop(&daemon->control);
	standing_stop(&daemon->standing);
	daemon_close_query_log(daemon);
	serving_stop(&daemon->serving);
	drift_stop(&daemon->drift);
	http_stop(&daemon->http);
	daemon_close_cache(daemon);
	watchdog_stop(&daemon->watchdog);
	if (daemon->base != NULL) {
		event_del(&daemon->mail);
		event_del(&daemon->signals);
		event_base_free(daemon->base);
	}
	if (daemon->signal_fd >= 0)
		close(daemon->signal_fd);
	fleet_drop(daemon->snapshot);
	listen_close(&daemon->boot);
	startup_fini(&daemon->boot);
	if (daemon->loaded)
		model_fini(&daemon->model);
}

/* Who was not told to stop has failed: a service manager goes by that. */
static enum exit_code
daemon_dispatch(struct daemon *daemon)
{
	event_base_dispatch(daemon->base);
	if (daemon->told_to_stop)
		return EXIT_CODE_OK;
	log_error("the event loop ended by itself");
	return EXIT_CODE_OTHER;
}

/*
 * A port that somebody else has will not be free at once: who starts us again
 * and again shall not do that ten times a second.
 */
static void
daemon_linger(enum exit_code code)
{
	if (code == EXIT_CODE_NETWORK && notify_is_wanted())
		sleep(LINGER);
}

enum exit_code
daemon_run(const struct arguments *arguments)
{
	/* Not on the stack, which would touch all of it. */
	static struct daemon daemon;
	/* Before there is a child: what was handed over is for this pid. */
	enum exit_code code = activation_receive(&daemon.activation);

	daemon.arguments = arguments;
	daemon.control_socket.fd = -1;
	daemon.signal_fd = -1;
	daemon.parent = -1;
	if (code != EXIT_CODE_OK)
		return code;
	if (!arguments->foreground && !background_is_supervised()) {
		daemon.parent = background_start();
		if (daemon.parent < 0) {
			log_error("background: %s", strerror(errno));
			return EXIT_CODE_OTHER;
		}
	}
	code = daemon_start(&daemon);
	background_report(daemon.parent, code);
	if (code == EXIT_CODE_OK) {
		code = daemon_dispatch(&daemon);
	} else {
		daemon_linger(code);
	}
	daemon_fini(&daemon);
	return code;
}
