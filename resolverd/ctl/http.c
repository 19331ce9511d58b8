#include "ctl/http.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "ctl/http_access.h"
#include "ctl/http_call.h"
#include "ctl/http_guard.h"
#include "ctl/http_route.h"
#include "ctl/serving.h"
#include "io/socket.h"
#include "model/model.h"

enum {
	PAUSE = 100000,	       /* microseconds until accept is tried again */
	PATIENCE_SECONDS = 10, /* evhttp's own: the guards are stricter */
	CALLS = 64,	       /* that wait for workers */
};

/* Requests. */

static void
refuse(struct http_call *call, enum http_fault fault)
{
	http_call_fail(call, http_fault_status(fault), "%s",
	    http_fault_text(fault));
}

static void
run_route(struct http_call *call)
{
	const char *path = call->head->path;
	const struct http_route *route = http_route_find(path);

	if (route == NULL) {
		http_call_fail(call, HTTP_NOTFOUND,
		    "there is nothing at this path; the page is at /, the "
		    "metrics are at /metrics");
	} else {
		route->run(call);
	}
}

static void
requested(struct evhttp_request *request, void *arg)
{
	struct http *http = arg;
	struct evhttp_connection *connection =
	    evhttp_request_get_connection(request);
	const struct http_guard *guard =
	    http_guard_find(http->guards, connection);
	struct http_call *call =
	    guard == NULL ? NULL : http_call_new(http, request, guard);
	enum http_fault fault;

	if (call == NULL) {
		evhttp_connection_free(connection);
		return;
	}
	fault = http_access_judge(&guard->head, &guard->local,
	    &http->context.serving->model->http_hosts);
	if (fault == HTTP_FAULT_NONE && http->calls > CALLS)
		fault = HTTP_FAULT_STUCK;
	if (fault != HTTP_FAULT_NONE) {
		refuse(call, fault);
	} else {
		run_route(call);
	}
}

/* Listening. */

static void
room_changed(void *context, bool there_is)
{
	const struct http *http = context;

	for (size_t i = 0; i < http->count; i++) {
		if (there_is) {
			evconnlistener_enable(http->listeners[i]);
		} else {
			evconnlistener_disable(http->listeners[i]);
		}
	}
}

static void
listen_again(evutil_socket_t fd, short what, void *listener)
{
	(void)fd;
	(void)what;
	evconnlistener_enable(listener);
}

/* Want of descriptors would be told over and over. */
static void
accept_failed(struct evconnlistener *listener, void *arg)
{
	static const struct timeval pause = {.tv_usec = PAUSE};

	(void)arg;
	evconnlistener_disable(listener);
	event_base_once(evconnlistener_get_base(listener), -1, EV_TIMEOUT,
	    listen_again, listener, &pause);
}

static enum exit_code
open_address(struct http *http, const struct addr *addr)
{
	char text[ADDR_TEXT];
	/* Two daemons would share the port without an error. */
	const int fd =
	    socket_probe(addr, SOCK_STREAM) ? socket_tcp_listen(addr) : -1;

	if (fd < 0) {
		log_error("http_listen: %s: %s", addr_format(addr, text),
		    strerror(errno));
		return EXIT_CODE_NETWORK;
	}
	http->fds[http->count++] = fd;
	return EXIT_CODE_OK;
}

enum exit_code
http_open(struct http *http, const struct model *model)
{
	const struct model_addr *addrs = model->http_listen.items;
	enum exit_code code = EXIT_CODE_OK;

	for (size_t i = 0; i < model->http_listen.count && code == EXIT_CODE_OK;
	     i++)
		code = open_address(http, &addrs[i].addr);
	return code;
}

/* The server's own from here on. */
static bool
add_listener(struct http *http, struct event_base *base, size_t i)
{
	struct evconnlistener *listener = evconnlistener_new(base, NULL, NULL,
	    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, http->fds[i]);

	if (listener == NULL)
		return false;
	http->fds[i] = -1;
	evconnlistener_set_error_cb(listener, accept_failed);
	if (evhttp_bind_listener(http->server, listener) == NULL) {
		evconnlistener_free(listener);
		return false;
	}
	http->listeners[i] = listener;
	return true;
}

/* The guards see to all of it before; it holds should one be missing. */
static void
limit_server(struct evhttp *server)
{
	evhttp_set_max_headers_size(server, HTTP_HEAD_MAX);
	evhttp_set_max_body_size(server, 0);
	evhttp_set_timeout(server, PATIENCE_SECONDS);
	evhttp_set_allowed_methods(server, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD);
	evhttp_set_default_content_type(server, NULL);
}

bool
http_start(struct http *http, struct event_base *base)
{
	bool added = true;

	if (http->count == 0)
		return true;
	http->guards = calloc(1, sizeof(*http->guards));
	http->server = evhttp_new(base);
	if (http->guards == NULL || http->server == NULL)
		return false;
	http->guards->room = room_changed;
	http->guards->context = http;
	limit_server(http->server);
	evhttp_set_bevcb(http->server, http_guard_open, http->guards);
	evhttp_set_gencb(http->server, requested, http);
	live_start(&http->live, http->context.tap, base);
	for (size_t i = 0; i < http->count && added; i++)
		added = add_listener(http, base, i);
	return added;
}

void
http_stop(struct http *http)
{
	assert(http->calls == 0);
	live_stop(&http->live);
	if (http->guards != NULL)
		http_guard_stop(http->guards);
	if (http->server != NULL)
		evhttp_free(http->server);
	for (size_t i = 0; i < http->count; i++) {
		if (http->fds[i] >= 0)
			close(http->fds[i]);
	}
	free(http->guards);
	*http = (struct http){.count = 0};
}
