#ifndef CTL_CONTROL_H
#define CTL_CONTROL_H

#include <event2/event_struct.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "ctl/control_socket.h"

struct bufferevent;
struct control_call;
struct control_commands;
struct event_base;

enum {
	CONTROL_CONNECTIONS = 8,
	CONTROL_UNREAD_MAX = 256 * 1024, /* octets of a stream */
};

/* Who is connected; a line comes in, a document goes out, that is all. */
struct control_connection {
	struct control *control;
	struct bufferevent *stream; /* NULL: free */
	struct event deadline;
	struct ucred peer;
	struct control_call *call; /* under way; NULL: none */
	bool answered;		   /* the rest is only to be taken */
	bool cut;		   /* did not read, will be closed */
};

/*
 * The daemon's end of the control socket, in the control thread.  Nobody has
 * more than 5 s to say what he wants, nor to take the answer; a stream lasts
 * as long as what is sent is also read.
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

/* Takes requests from now on; the first three fields are set. */
void control_start(struct control *control, struct event_base *base);

/*
 * Tells everybody that the daemon stops, and hangs up; what calls are still
 * answered is nobody's.  Nothing when it was not started.
 */
void control_stop(struct control *control);

/* For calls: the whole answer, or what a stream ends with. */
void control_send(struct control_connection *connection, const char *text,
    size_t len);

/* For calls: the answer is a stream, which has no deadline. */
void control_begin_stream(struct control_connection *connection);

/* For calls: more of it; who leaves too much unread is cut off. */
void control_send_more(struct control_connection *connection, const char *text,
    size_t len);

#endif
