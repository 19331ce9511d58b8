#include "ctl/control.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

enum { PATIENCE_SECONDS = 5, PAUSE_SECONDS = 1 };

static const struct timeval patience = {.tv_sec = PATIENCE_SECONDS};

/* Connections. */

static void
connection_close(struct control_connection *connection)
{
	if (connection->stream == NULL)
		return;
	/* The call goes on; its answer is nobody's. */
	if (connection->call != NULL)
		connection->call->connection = NULL;
	connection->call = NULL;
	event_del(&connection->deadline);
	bufferevent_free(connection->stream);
	connection->stream = NULL;
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

/* From here on there is only the answer to be taken. */
static void
connection_send(struct control_connection *connection, const char *text,
    size_t len)
{
	struct bufferevent *stream = connection->stream;

	connection->call = NULL;
	bufferevent_setcb(stream, NULL, connection_sent, connection_event,
	    connection);
	event_add(&connection->deadline, &patience);
	if (len == 0 || bufferevent_write(stream, text, len) != 0)
		connection_close(connection);
}

/* Calls. */

static void
call_free(struct control_call *call)
{
	control_request_fini(&call->request);
	if (call->out != NULL)
		fclose(call->out);
	free(call->text);
	free(call);
}

/* A call with an answer of its own to write; NULL: no memory. */
static struct control_call *
call_new(struct control_connection *connection)
{
	struct control_call *call = calloc(1, sizeof(*call));

	if (call == NULL)
		return NULL;
	call->control = connection->control;
	call->out = open_memstream(&call->text, &call->len);
	if (call->out == NULL) {
		free(call);
		return NULL;
	}
	json_writer_init(&call->writer, call->out);
	call->connection = connection;
	connection->call = call;
	return call;
}

static void
call_send(struct control_call *call)
{
	fflush(call->out);
	if (call->connection != NULL)
		connection_send(call->connection, call->text, call->len);
	call_free(call);
}

struct json_writer *
control_call_writer(struct control_call *call)
{
	json_writer_object(&call->writer, NULL);
	json_writer_bool(&call->writer, "ok", true);
	return &call->writer;
}

void
control_call_end(struct control_call *call)
{
	json_writer_end(&call->writer);
	call_send(call);
}

void
control_call_fail(struct control_call *call, const char *format, ...)
{
	char text[2 * CONTROL_ERROR];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	json_writer_object(&call->writer, NULL);
	json_writer_bool(&call->writer, "ok", false);
	json_writer_text(&call->writer, "error", text);
	control_call_end(call);
}

/* Who gave an order that changes something. */
static void
call_log(const struct control_call *call)
{
	const struct ucred *peer = &call->connection->peer;
	const struct passwd *user = getpwuid(peer->uid);
	char text[2 * CONTROL_ERROR];

	log_info("control: %s; asked for by %s (uid %u, pid %d)",
	    control_request_text(&call->request, text, sizeof(text)),
	    user == NULL ? "a user without a name" : user->pw_name, peer->uid,
	    peer->pid);
}

static void
call_run(struct control_call *call, const char *line, size_t len)
{
	const struct control *control = call->control;
	char error[CONTROL_ERROR];

	if (!control_request_read(&call->request, control->commands, line, len,
		error)) {
		control_call_fail(call, "%s", error);
		return;
	}
	if (call->request.command->changes)
		call_log(call);
	call->request.command->run(call);
}

/* Requests. */

static void
connection_refuse(struct control_connection *connection, const char *error)
{
	struct control_call *call = call_new(connection);

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
	struct control_call *call = call_new(connection);

	bufferevent_disable(connection->stream, EV_READ);
	if (call == NULL) {
		connection_close(connection);
		return;
	}
	event_add(&connection->deadline, &patience);
	call_run(call, line, len);
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

void
control_stop(struct control *control)
{
	if (!control->started)
		return;
	control->started = false;
	event_del(&control->listener);
	event_del(&control->pause);
	for (size_t i = 0; i < CONTROL_CONNECTIONS; i++)
		connection_close(&control->connections[i]);
}
