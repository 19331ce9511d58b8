#ifndef CTL_CONTROL_H
#define CTL_CONTROL_H

#include <event2/event_struct.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>

#include "base/json_writer.h"
#include "ctl/control_request.h"
#include "ctl/control_socket.h"

struct bufferevent;
struct event_base;

enum { CONTROL_CONNECTIONS = 8 };

/* Who is connected; a line comes in, a document goes out, that is all. */
struct control_connection {
	struct control *control;
	struct bufferevent *stream; /* NULL: free */
	struct event deadline;
	struct ucred peer;
	struct control_call *call; /* under way; NULL: none */
};

/*
 * The daemon's end of the control socket, in the control thread.  Nobody has
 * more than 5 s to say what he wants, nor to take the answer.
 */
struct control {
	struct control_socket *socket;
	const struct control_commands *commands;
	void *context; /* the commands' */
	struct event_base *base;
	struct event listener;
	struct event pause; /* until descriptors are looked for again */
	bool started;
	struct control_connection connections[CONTROL_CONNECTIONS];
};

/*
 * A request that is being carried out.  The command that has it ends it once,
 * by control_call_end or control_call_fail, at once or later; who asked may
 * have gone by then.
 */
struct control_call {
	struct control *control;
	struct control_connection *connection; /* NULL: has gone */
	struct control_request request;
	FILE *out;
	char *text;
	size_t len;
	struct json_writer writer;
};

/* Takes requests from now on; the first three fields are set. */
void control_start(struct control *control, struct event_base *base);

/* Hangs up; nothing when it was not started. */
void control_stop(struct control *control);

/* The answer's object, which has "ok" in it and is open. */
struct json_writer *control_call_writer(struct control_call *call);

/* Sends the answer, and forgets the call. */
void control_call_end(struct control_call *call);

/* Sends an error in its place. */
void control_call_fail(struct control_call *call, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
