#ifndef CTL_HTTP_CALL_H
#define CTL_HTTP_CALL_H

#include <event2/event_struct.h>
#include <stddef.h>
#include <stdio.h>

#include "base/json_writer.h"
#include "ctl/http_head.h"

struct evhttp_request;
struct http;
struct http_guard;

/*
 * A request that is being carried out.  The route that has it ends it once, at
 * once or later; whoever asked may have gone by then, or been told that it
 * takes too long.
 */
struct http_call {
	struct http *http;
	struct evhttp_request *request; /* NULL: answered, for it was late */
	struct event late;
	const struct http_head *head; /* until the route's function returns */
	bool body_wanted;
	bool is_near; /* its client is this host */
	FILE *out;    /* the answer's body */
	char *text;
	size_t len;
	struct json_writer writer;
};

/* Longer than any question to servers takes: a worker is stuck. */
enum { HTTP_CALL_SECONDS = 6 };

#define HTTP_CALL_JSON "application/json"

enum { HTTP_CALL_BAD = 400, HTTP_CALL_UNAVAILABLE = 503 };

/* What a route does with a call. */
typedef void (*http_call_fn)(struct http_call *call);

/* Takes a request into hand; NULL: no memory. */
struct http_call *http_call_new(struct http *http,
    struct evhttp_request *request, const struct http_guard *guard);

/* A parameter of the query as text; false: it is not given, or empty. */
bool http_call_parameter(const struct http_call *call, const char *name,
    char *value, size_t cap);

/* The answer's object, which is open. */
struct json_writer *http_call_writer(struct http_call *call);

/* Sends the object with status 200, or another; forgets the call. */
void http_call_end(struct http_call *call);
void http_call_end_as(struct http_call *call, unsigned status);

/* Sends what was written to out, which is of a content type. */
void http_call_send(struct http_call *call, const char *type);

/* The same of a page that may use what a policy (CSP) says. */
void http_call_send_page(struct http_call *call, const char *policy);

/* Sends an error in place of all that. */
void http_call_fail(struct http_call *call, unsigned status, const char *format,
    ...) __attribute__((format(printf, 3, 4)));

#endif
