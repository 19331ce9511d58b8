#include "ctl/http_guard.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "ctl/http_error.h"

static const struct timeval patience = {.tv_sec = 5};

/* For a client that closes: then nothing of the error is lost on the way. */
static const struct timeval lingering = {.tv_sec = 1};

/* Free guards. */

static struct http_guard *
guard_free(struct http_guards *guards)
{
	for (size_t i = 0; i < HTTP_GUARD_CONNECTIONS; i++) {
		if (guards->guards[i].stream == NULL)
			return &guards->guards[i];
	}
	return NULL;
}

static void
guard_leave(struct http_guard *guard)
{
	struct http_guards *guards = guard->guards;

	event_del(&guard->wake);
	guard->stream = NULL;
	guard->passed = NULL;
	if (guards->room != NULL)
		guards->room(guards->context, true);
}

/* Has evhttp end a connection that it has no request of yet. */
static void
guard_end(struct http_guard *guard)
{
	const struct http_guard was = *guard;

	guard_leave(guard);
	bufferevent_setcb(was.stream, was.read, was.write, was.event,
	    was.connection);
	was.event(was.stream, BEV_EVENT_READING | BEV_EVENT_EOF,
	    was.connection);
}

/* Refusing. */

static void
guard_drain(struct bufferevent *stream, void *arg)
{
	struct evbuffer *input = bufferevent_get_input(stream);

	(void)arg;
	evbuffer_drain(input, evbuffer_get_length(input));
}

static void
guard_broken(struct bufferevent *stream, short what, void *arg)
{
	(void)stream;
	(void)what;
	guard_end(arg);
}

static void
guard_said(struct bufferevent *stream, void *arg)
{
	struct http_guard *guard = arg;

	if (guard->stage != HTTP_GUARD_REFUSED)
		return;
	guard->stage = HTTP_GUARD_OVER;
	shutdown(bufferevent_getfd(stream), SHUT_WR);
	event_add(&guard->wake, &lingering);
}

static void
write_refusal(struct evbuffer *output, unsigned status, const char *body,
    size_t len)
{
	evbuffer_add_printf(output, "HTTP/1.1 %u %s\r\n", status,
	    http_error_word(status));
	for (const struct http_header *header = http_error_headers;
	     header->name != NULL; header++) {
		evbuffer_add_printf(output, "%s: %s\r\n", header->name,
		    header->value);
	}
	if (status == http_fault_status(HTTP_FAULT_METHOD))
		evbuffer_add_printf(output, "Allow: GET, HEAD\r\n");
	evbuffer_add_printf(output,
	    "Content-Security-Policy: " HTTP_ERROR_POLICY "\r\n"
	    "Content-Type: application/json\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    len);
	evbuffer_add(output, body, len);
}

static void
guard_refuse(struct http_guard *guard, enum http_fault fault)
{
	const unsigned status = http_fault_status(fault);
	size_t len = 0;
	char *body = http_error_body(status, http_fault_text(fault), &len);

	if (body == NULL) {
		guard_end(guard);
		return;
	}
	guard->stage = HTTP_GUARD_REFUSED;
	guard_drain(guard->stream, NULL);
	bufferevent_setcb(guard->stream, guard_drain, guard_said, guard_broken,
	    guard);
	event_add(&guard->wake, &patience);
	bufferevent_enable(guard->stream, EV_WRITE);
	write_refusal(bufferevent_get_output(guard->stream), status, body, len);
	free(body);
}

/* Reading. */

/* The head is good: from here on the connection is evhttp's. */
static void
guard_pass(struct http_guard *guard)
{
	struct bufferevent *stream = guard->stream;

	guard->stage = HTTP_GUARD_PASSED;
	bufferevent_setcb(stream, guard->read, guard->write, guard->event,
	    guard->connection);
	guard->read(stream, guard->connection);
	/* It may have been answered and gone; but nobody else's yet. */
	if (guard->stream == stream && guard->passed == NULL)
		guard_leave(guard);
}

static void
guard_readable(struct bufferevent *stream, void *arg)
{
	struct http_guard *guard = arg;
	struct evbuffer *input = bufferevent_get_input(stream);
	const size_t len = evbuffer_get_length(input);
	const char *text = (const char *)evbuffer_pullup(input, -1);
	enum http_fault fault;
	size_t size;

	if (text == NULL)
		return;
	size = http_head_find(text, len, &fault);
	if (size > HTTP_HEAD_MAX)
		fault = HTTP_FAULT_LARGE;
	if (size > 0 && fault == HTTP_FAULT_NONE) {
		memcpy(guard->text, text, size);
		guard->text[size] = '\0';
		fault = http_head_read(&guard->head, guard->text);
	}
	if (fault != HTTP_FAULT_NONE) {
		guard_refuse(guard, fault);
	} else if (size > 0) {
		guard_pass(guard);
	}
}

/* How many connections its client has, this one included. */
static unsigned
guard_crowd(const struct http_guard *guard)
{
	const struct http_guard *all = guard->guards->guards;
	unsigned count = 0;

	for (size_t i = 0; i < HTTP_GUARD_CONNECTIONS; i++) {
		if (all[i].stream != NULL &&
		    addr_same_host(&all[i].client, &guard->client))
			count++;
	}
	return count;
}

static void
read_address(int (*get)(int, struct sockaddr *, socklen_t *), int fd,
    struct addr *addr)
{
	socklen_t len = sizeof(addr->u);

	if (get(fd, &addr->u.any, &len) == 0)
		addr->len = len;
}

/* evhttp has put its socket in by now. */
static void
guard_begin(struct http_guard *guard)
{
	struct bufferevent *stream = guard->stream;
	const int fd = bufferevent_getfd(stream);

	read_address(getpeername, fd, &guard->client);
	read_address(getsockname, fd, &guard->local);
	bufferevent_getcb(stream, &guard->read, &guard->write, &guard->event,
	    &guard->connection);
	if (guard->event == NULL) { /* it has given the connection up */
		guard_leave(guard);
		return;
	}
	guard->stage = HTTP_GUARD_READING;
	bufferevent_setcb(stream, guard_readable, NULL, guard_broken, guard);
	event_add(&guard->wake, &patience);
	if (guard_crowd(guard) > HTTP_GUARD_OF_CLIENT)
		guard_refuse(guard, HTTP_FAULT_CROWD);
}

static void
guard_wake(evutil_socket_t fd, short what, void *arg)
{
	struct http_guard *guard = arg;

	(void)fd;
	(void)what;
	switch (guard->stage) {
	case HTTP_GUARD_NEW:
		guard_begin(guard);
		return;
	case HTTP_GUARD_READING:
		guard_refuse(guard, HTTP_FAULT_LATE);
		return;
	case HTTP_GUARD_PASSED:
		evhttp_connection_free(guard->passed);
		return;
	case HTTP_GUARD_REFUSED:
	case HTTP_GUARD_OVER:
		guard_end(guard);
		return;
	}
}

struct bufferevent *
http_guard_open(struct event_base *base, void *context)
{
	struct http_guards *guards = context;
	struct http_guard *guard = guard_free(guards);
	struct bufferevent *stream;

	if (guard == NULL)
		return NULL;
	stream = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
	if (stream == NULL)
		return NULL;
	*guard = (struct http_guard){.guards = guards, .stream = stream};
	/* No more is held of what a client sends. */
	bufferevent_setwatermark(stream, EV_READ, 0, HTTP_HEAD_MAX);
	event_assign(&guard->wake, base, -1, 0, guard_wake, guard);
	/* Before anything can be read, but with the socket there. */
	event_active(&guard->wake, EV_TIMEOUT, 0);
	if (guard_free(guards) == NULL && guards->room != NULL)
		guards->room(guards->context, false);
	return stream;
}

/* Answering. */

static void
guard_closed(struct evhttp_connection *connection, void *arg)
{
	(void)connection;
	guard_leave(arg);
}

struct http_guard *
http_guard_find(struct http_guards *guards,
    struct evhttp_connection *connection)
{
	const struct bufferevent *stream =
	    evhttp_connection_get_bufferevent(connection);

	for (size_t i = 0; i < HTTP_GUARD_CONNECTIONS; i++) {
		struct http_guard *guard = &guards->guards[i];

		if (guard->stream == stream &&
		    guard->stage == HTTP_GUARD_PASSED) {
			guard->passed = connection;
			event_del(&guard->wake);
			evhttp_connection_set_closecb(connection, guard_closed,
			    guard);
			return guard;
		}
	}
	return NULL;
}

void
http_guard_answered(struct http_guard *guard)
{
	event_add(&guard->wake, &patience);
}

void
http_guard_stop(struct http_guards *guards)
{
	guards->room = NULL;
	for (size_t i = 0; i < HTTP_GUARD_CONNECTIONS; i++) {
		struct http_guard *guard = &guards->guards[i];

		if (guard->stream == NULL)
			continue;
		if (guard->passed != NULL) {
			evhttp_connection_set_closecb(guard->passed, NULL,
			    NULL);
		}
		guard_leave(guard);
	}
}
