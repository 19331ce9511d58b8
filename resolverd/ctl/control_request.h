#ifndef CTL_CONTROL_REQUEST_H
#define CTL_CONTROL_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct control_call;

/* A request is no longer, its end of line included. */
enum { CONTROL_REQUEST_MAX = 4096, CONTROL_ERROR = 256 };

/* What a request may say beside its command's name; not said: NULL, false. */
struct control_arguments {
	const char *name; /* a domain name */
	bool tree;
	bool negative;
};

/* A command that the daemon knows. */
struct control_command {
	const char *name;
	bool changes; /* something: then it is logged who gave it */
	const char *const *arguments; /* their names, ended by NULL */
	void (*run)(struct control_call *call);
};

/* The table of them. */
struct control_commands {
	const struct control_command *rows;
	size_t count;
};

struct control_request {
	struct arena arena; /* what the arguments point into */
	const struct control_command *command;
	struct control_arguments arguments;
};

/*
 * Reads a line of JSON such as {"command": "flush", "name": "example.com"},
 * which names one of the commands.  False with a sentence in error.  Either
 * way control_request_fini is due.
 */
bool control_request_read(struct control_request *request,
    const struct control_commands *commands, const char *line, size_t len,
    char error[CONTROL_ERROR]);

/* "flush, name example.com, tree" */
const char *control_request_text(const struct control_request *request,
    char *buf, size_t cap);

void control_request_fini(struct control_request *request);

#endif
