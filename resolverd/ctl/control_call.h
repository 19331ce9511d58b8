#ifndef CTL_CONTROL_CALL_H
#define CTL_CONTROL_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>

#include "base/json_writer.h"
#include "ctl/control_request.h"

struct control;
struct control_connection;

/* Room for what control_call_asker writes. */
enum { CONTROL_ASKER = 96 };

/*
 * A request that is being carried out.  The command that has it ends it once,
 * by control_call_end or control_call_fail, at once or later; who asked may
 * have gone by then.
 */
struct control_call {
	struct control *control;
	struct control_connection *connection; /* NULL: has gone */
	struct ucred peer;		       /* who asked */
	struct control_request request;
	FILE *out;
	char *text;
	size_t len;
	struct json_writer writer;
	bool streams;
	void (*gone)(struct control_call *call);
	void *state; /* the command's own */
};

/* A call of a connection, to be run; NULL: no memory. */
struct control_call *control_call_new(struct control_connection *connection);

/*
 * Carries out a request, or answers what is wrong with it.  The call is the
 * command's from here on.
 */
void control_call_run(struct control_call *call, const char *line, size_t len);

/* The connection is no more. */
void control_call_leave(struct control_call *call);

/* What an argument of the command is; not given: NULL, false, false. */
const char *
control_call_text(const struct control_call *call, const char *name);
bool control_call_flag(const struct control_call *call, const char *name);
bool control_call_number(const struct control_call *call, const char *name,
    uint64_t *number);

/* Who gave the order: "root (uid 0, pid 4711)". */
const char *
control_call_asker(const struct control_call *call, char buf[CONTROL_ASKER]);

/* Logs an order that is about to change something, and who gave it. */
void control_call_log(const struct control_call *call);

/* The answer's object, which has "ok" in it and is open. */
struct json_writer *control_call_writer(struct control_call *call);

/* Sends the answer, or ends the stream, and forgets the call. */
void control_call_end(struct control_call *call);

/* Sends an error in its place, or as a stream's last line. */
void control_call_fail(struct control_call *call, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Makes the answer a stream of objects, a line each, which lasts until the
 * command ends the call.  gone is called, out of the event loop, when who
 * asked has left or does not read; then, or later, the command ends the call.
 */
void control_call_stream(struct control_call *call,
    void (*gone)(struct control_call *call));

/* Sends a line of the stream, its newline in it; nothing to who has gone. */
void control_call_more(struct control_call *call, const char *text, size_t len);

#endif
