#ifndef CTL_HTTP_GUARD_H
#define CTL_HTTP_GUARD_H

#include <event2/bufferevent.h>
#include <event2/event_struct.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "ctl/http_head.h"

struct evhttp_connection;
struct http_guards;

enum {
	HTTP_GUARD_CONNECTIONS = 32,
	HTTP_GUARD_OF_CLIENT = 8,
};

enum http_guard_stage {
	HTTP_GUARD_NEW,	    /* evhttp has taken it a moment ago */
	HTTP_GUARD_READING, /* the head is not whole yet */
	HTTP_GUARD_PASSED,  /* it is a request, and evhttp's */
	HTTP_GUARD_REFUSED, /* an error is on its way */
	HTTP_GUARD_OVER,    /* all is said, and the client has not closed */
};

/*
 * One connection.  evhttp takes more for a request than is safe (folded
 * lines, bare line feeds, two Hosts), has a time limit for each octet but not
 * for them all, and shows errors as HTML.  So the guard stands between the
 * socket and evhttp's callbacks until a whole head was read strictly; what it
 * refuses evhttp never sees.
 */
struct http_guard {
	struct http_guards *guards;
	struct bufferevent *stream; /* NULL: free */
	enum http_guard_stage stage;
	struct event wake; /* at once, and then in time */
	struct addr client;
	struct addr local;
	/* evhttp's own callbacks, while ours are there. */
	bufferevent_data_cb read;
	bufferevent_data_cb write;
	bufferevent_event_cb event;
	void *connection;
	struct evhttp_connection *passed; /* once evhttp has a request of it */
	struct http_head head;
	char text[HTTP_HEAD_MAX + 1];
};

/* All connections, in the control thread; on the heap, for its size. */
struct http_guards {
	struct http_guard guards[HTTP_GUARD_CONNECTIONS];
	/* There is room for another connection, or no longer. */
	void (*room)(void *context, bool there_is);
	void *context;
};

/* What evhttp_set_bevcb takes, its argument being struct http_guards. */
struct bufferevent *http_guard_open(struct event_base *base, void *context);

/* Whose request came to evhttp; NULL: nobody guards it, and it gets none. */
struct http_guard *http_guard_find(struct http_guards *guards,
    struct evhttp_connection *connection);

/* The answer is on its way, for which there is a time limit too. */
void http_guard_answered(struct http_guard *guard);

/* Before evhttp_free: forgets them all. */
void http_guard_stop(struct http_guards *guards);

#endif
