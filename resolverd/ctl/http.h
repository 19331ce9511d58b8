#ifndef CTL_HTTP_H
#define CTL_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctl/exit_code.h"
#include "ctl/live.h"

struct event_base;
struct evconnlistener;
struct evhttp;
struct http_guards;
struct model;
struct serving;
struct standing;
struct tap;

enum { HTTP_LISTENERS = 64 };

/* What routes work on. */
struct http_context {
	struct serving *serving;
	const struct standing *standing;
	struct tap *tap;
};

/*
 * The HTTP server, in the control thread: metrics, health, a page to look at.
 * It only reads.  Begins as {0}.
 */
struct http {
	struct http_context context;
	struct evhttp *server;
	struct http_guards *guards;
	size_t count;
	int fds[HTTP_LISTENERS]; /* until there are listeners */
	struct evconnlistener *listeners[HTTP_LISTENERS];
	unsigned calls; /* under way */
	struct live live;
};

/* Binds the model's http_listen, while that may need privileges. */
enum exit_code http_open(struct http *http, const struct model *model);

/* Serves from now on; false: no memory.  context is set. */
bool http_start(struct http *http, struct event_base *base);

/* Hangs up, once no call is under way; nothing when it was not started. */
void http_stop(struct http *http);

#endif
