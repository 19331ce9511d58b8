#ifndef CTL_CONTROL_REQUEST_H
#define CTL_CONTROL_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct control_call;
struct node;

/* A request is no longer, its end of line included. */
enum { CONTROL_REQUEST_MAX = 4096, CONTROL_ERROR = 256 };

enum control_kind {
	CONTROL_TEXT,
	CONTROL_FLAG,	/* true or false */
	CONTROL_NUMBER, /* a whole one that fits 64 bits */
};

/* What a request may say beside its command's name. */
struct control_argument {
	const char *name;
	enum control_kind kind;
};

/* A command that the daemon knows. */
struct control_command {
	const char *name;
	const struct control_argument *arguments; /* a row without name ends */
	void (*run)(struct control_call *call);
};

/* The table of them. */
struct control_commands {
	const struct control_command *rows;
	size_t count;
};

/* One that was read: what it says is as its command's arguments are. */
struct control_request {
	struct arena arena; /* what root is in */
	const struct control_command *command;
	const struct node *root;
};

/*
 * Reads a line of JSON such as {"command": "flush", "name": "example.com"},
 * which names one of the commands.  False with a sentence in error.  Either
 * way control_request_fini is due.
 */
bool control_request_read(struct control_request *request,
    const struct control_commands *commands, const char *line, size_t len,
    char error[CONTROL_ERROR]);

/* What an argument is; not given: NULL, false, false. */
const char *
control_request_text(const struct control_request *request, const char *name);
bool
control_request_flag(const struct control_request *request, const char *name);
bool control_request_number(const struct control_request *request,
    const char *name, uint64_t *number);

/* "flush, name example.com, tree" */
const char *control_request_describe(const struct control_request *request,
    char *buf, size_t cap);

void control_request_fini(struct control_request *request);

#endif
