#include "ctl/control.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdlib.h>
#include <unistd.h>

#include "ctl/control_call.h"

enum { PATIENCE_SECONDS = 5, PAUSE_SECONDS = 1 };

static const struct timeval patience = {.tv_sec = PATIENCE_SECONDS};

/* Connections. */

static void
connection_close(struct control_connection *connection)
{
	struct control_call *call = connection->call;

	if (connection->stream == NULL)
		return;
	event_del(&connection->deadline);
	bufferevent_free(connection->stream);
	connection->stream = NULL;
	connection->call = NULL;
	if (call != NULL)
		control_call_leave(call);
}

static void
connection_late(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	connection_close(arg);
}

static void
connection_event(struct bufferevent *stream, short what, void *arg)
{
	(void)stream;
	(void)what;
	connection_close(arg);
}

static void
connection_sent(struct bufferevent *stream, void *arg)
{
	(void)stream;
	connection_close(arg);
}

void
control_send(struct control_connection *connection, const char *text,
    size_t len)
{
	struct bufferevent *stream = connection->stream;

	connection->call = NULL;
	connection->answered = true;
	bufferevent_disable(stream, EV_READ);
	bufferevent_setcb(stream, NULL, connection_sent, connection_event,
	    connection);
	event_add(&connection->deadline, &patience);
	if (bufferevent_write(stream, text, len) != 0 ||
	    evbuffer_get_length(bufferevent_get_output(stream)) == 0)
		connection_close(connection);
}

/* Nothing that is said during a stream matters. */
static void
connection_ignore(struct bufferevent *stream, void *arg)
{
	struct evbuffer *input = bufferevent_get_input(stream);

	(void)arg;
	evbuffer_drain(input, evbuffer_get_length(input));
}

void
control_begin_stream(struct control_connection *connection)
{
	event_del(&connection->deadline);
	bufferevent_setcb(connection->stream, connection_ignore, NULL,
	    connection_event, connection);
	/* Reading is how it is noticed that who asked has left. */
	bufferevent_enable(connection->stream, EV_READ);
}

void
control_send_more(struct control_connection *connection, const char *text,
    size_t len)
{
	struct bufferevent *stream = connection->stream;
	const size_t unread =
	    evbuffer_get_length(bufferevent_get_output(stream));

	if (connection->cut)
		return;
	if (unread + len <= CONTROL_UNREAD_MAX &&
	    bufferevent_write(stream, text, len) == 0)
		return;
	/* Not here: the command is in the midst of something. */
	connection->cut = true;
	event_active(&connection->deadline, EV_TIMEOUT, 0);
}

/* Requests. */

static void
connection_refuse(struct control_connection *connection, const char *error)
{
	struct control_call *call = control_call_new(connection);

	if (call == NULL) {
		connection_close(connection);
		return;
	}
	control_call_fail(call, "%s", error);
}

static void
connection_run(struct control_connection *connection, const char *line,
    size_t len)
{
	struct control_call *call = control_call_new(connection);

	bufferevent_disable(connection->stream, EV_READ);
	if (call == NULL) {
		connection_close(connection);
		return;
	}
	event_add(&connection->deadline, &patience);
	control_call_run(call, line, len);
}

static void
connection_readable(struct bufferevent *stream, void *arg)
{
	struct control_connection *connection = arg;
	struct evbuffer *input = bufferevent_get_input(stream);
	size_t len;
	char *line = evbuffer_readln(input, &len, EVBUFFER_EOL_LF);

	if (line != NULL && len < CONTROL_REQUEST_MAX) {
		connection_run(connection, line, len);
	} else if (line != NULL ||
	    evbuffer_get_length(input) >= CONTROL_REQUEST_MAX) {
		bufferevent_disable(stream, EV_READ);
		connection_refuse(connection,
		    "the request is longer than 4096 octets");
	}
	free(line);
}

/* Begins to listen to who has connected; false: no memory. */
static bool
connection_open(struct control_connection *connection, struct control *control,
    int fd)
{
	socklen_t len = sizeof(connection->peer);

	*connection = (struct control_connection){.control = control};
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &connection->peer, &len) !=
	    0)
		return false;
	connection->stream =
	    bufferevent_socket_new(control->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (connection->stream == NULL)
		return false;
	event_assign(&connection->deadline, control->base, -1, 0,
	    connection_late, connection);
	event_add(&connection->deadline, &patience);
	bufferevent_setcb(connection->stream, connection_readable, NULL,
	    connection_event, connection);
	/* No more of it is held than a request may have. */
	bufferevent_setwatermark(connection->stream, EV_READ, 0,
	    CONTROL_REQUEST_MAX);
	if (control_socket_allows(control->socket, &connection->peer, fd)) {
		bufferevent_enable(connection->stream, EV_READ);
	} else {
		connection_refuse(connection,
		    "that is for root, the daemon's user and the members of "
		    "group resolverd");
	}
	return true;
}

/* Listening. */

static struct control_connection *
control_free_connection(struct control *control)
{
	for (size_t i = 0; i < CONTROL_CONNECTIONS; i++) {
		if (control->connections[i].stream == NULL)
			return &control->connections[i];
	}
	return NULL;
}

/* There are too many: says so, if that can be done without waiting. */
static void
control_turn_away(int fd)
{
	static const char text[] =
	    "{\"ok\": false, \"error\": \"8 others are connected already\"}\n";

	send(fd, text, sizeof(text) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
	close(fd);
}

static void
control_accept(evutil_socket_t listener, short what, void *arg)
{
	static const struct timeval pause = {.tv_sec = PAUSE_SECONDS};
	struct control *control = arg;
	struct control_connection *connection =
	    control_free_connection(control);
	const int fd =
	    accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)what;
	if (fd < 0) {
		/* Want of descriptors would be told over and over. */
		if (errno != EAGAIN && errno != EINTR &&
		    errno != ECONNABORTED) {
			event_del(&control->listener);
			event_add(&control->pause, &pause);
		}
	} else if (connection == NULL) {
		control_turn_away(fd);
	} else if (!connection_open(connection, control, fd)) {
		close(fd);
	}
}

static void
control_resume(evutil_socket_t fd, short what, void *arg)
{
	struct control *control = arg;

	(void)fd;
	(void)what;
	event_add(&control->listener, NULL);
}

void
control_start(struct control *control, struct event_base *base)
{
	if (control->socket->fd < 0)
		return;
	control->started = true;
	control->base = base;
	event_assign(&control->listener, base, control->socket->fd,
	    EV_READ | EV_PERSIST, control_accept, control);
	event_assign(&control->pause, base, -1, 0, control_resume, control);
	event_add(&control->listener, NULL);
}

/* What can be sent without waiting is sent. */
static void
connection_end(struct control_connection *connection)
{
	static const char text[] =
	    "{\"ok\": false, \"error\": \"resolverd is stopping\"}\n";
	struct bufferevent *stream = connection->stream;
	struct evbuffer *output;

	if (stream == NULL)
		return;
	output = bufferevent_get_output(stream);
	if (!connection->answered)
		bufferevent_write(stream, text, sizeof(text) - 1);
	evbuffer_unfreeze(output, 1);
	evbuffer_write(output, bufferevent_getfd(stream));
	connection_close(connection);
}

void
control_stop(struct control *control)
{
	if (!control->started)
		return;
	control->started = false;
	event_del(&control->listener);
	event_del(&control->pause);
	for (size_t i = 0; i < CONTROL_CONNECTIONS; i++)
		connection_end(&control->connections[i]);
}
