#ifndef CTL_CONTROL_LINE_H
#define CTL_CONTROL_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/json_writer.h"

struct control_call;

/* Makes the lines of a stream, one after the other, in the same memory. */
struct control_line {
	FILE *out;
	char *text;
	size_t len;
	struct json_writer writer;
};

/* False: no memory, and nothing to free. */
bool control_line_init(struct control_line *line);
void control_line_fini(struct control_line *line);

/* Begins an object, which is open. */
struct json_writer *control_line_begin(struct control_line *line);

/* Closes and sends it. */
void control_line_send(struct control_line *line, struct control_call *call);

/* Octets that who asked has not taken yet. */
size_t control_line_unread(const struct control_call *call);

#endif
