#include "ctl/control_call.h"

#include <pwd.h>
#include <stdarg.h>
#include <stdlib.h>

#include "base/log.h"
#include "ctl/control.h"

/* How a call begins and ends. */

struct control_call *
control_call_new(struct control_connection *connection)
{
	struct control_call *call = calloc(1, sizeof(*call));

	if (call == NULL)
		return NULL;
	call->control = connection->control;
	call->peer = connection->peer;
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

void
control_call_run(struct control_call *call, const char *line, size_t len)
{
	char error[CONTROL_ERROR];

	if (control_request_read(&call->request, call->control->commands, line,
		len, error)) {
		call->request.command->run(call);
	} else {
		control_call_fail(call, "%s", error);
	}
}

void
control_call_leave(struct control_call *call)
{
	/* The call goes on; its answer is nobody's. */
	call->connection = NULL;
	if (call->gone != NULL)
		call->gone(call);
}

static void
call_finish(struct control_call *call)
{
	fflush(call->out);
	if (call->connection != NULL)
		control_send(call->connection, call->text, call->len);
	control_request_fini(&call->request);
	fclose(call->out);
	free(call->text);
	free(call);
}

/* What the request says. */

const char *
control_call_text(const struct control_call *call, const char *name)
{
	return control_request_text(&call->request, name);
}

bool
control_call_flag(const struct control_call *call, const char *name)
{
	return control_request_flag(&call->request, name);
}

bool
control_call_number(const struct control_call *call, const char *name,
    uint64_t *number)
{
	return control_request_number(&call->request, name, number);
}

const char *
control_call_asker(const struct control_call *call, char buf[CONTROL_ASKER])
{
	const struct passwd *user = getpwuid(call->peer.uid);

	snprintf(buf, CONTROL_ASKER, "%.32s (uid %u, pid %d)",
	    user == NULL ? "a user without a name" : user->pw_name,
	    call->peer.uid, call->peer.pid);
	return buf;
}

void
control_call_log(const struct control_call *call)
{
	char text[2 * CONTROL_ERROR];
	char asker[CONTROL_ASKER];

	log_info("control: %s; asked for by %s",
	    control_request_describe(&call->request, text, sizeof(text)),
	    control_call_asker(call, asker));
}

/* The answer. */

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
	if (!call->streams)
		json_writer_end(&call->writer);
	call_finish(call);
}

void
control_call_fail(struct control_call *call, const char *format, ...)
{
	char text[2 * CONTROL_ERROR];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	/* In a line, for who expects a stream and reads line by line. */
	json_writer_init_line(&call->writer, call->out);
	json_writer_object(&call->writer, NULL);
	json_writer_bool(&call->writer, "ok", false);
	json_writer_text(&call->writer, "error", text);
	json_writer_end(&call->writer);
	call_finish(call);
}

void
control_call_stream(struct control_call *call,
    void (*gone)(struct control_call *call))
{
	call->streams = true;
	call->gone = gone;
	json_writer_init_line(&call->writer, call->out);
	if (call->connection != NULL)
		control_begin_stream(call->connection);
}

void
control_call_more(struct control_call *call, const char *text, size_t len)
{
	if (call->connection != NULL)
		control_send_more(call->connection, text, len);
}
