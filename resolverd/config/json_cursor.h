#ifndef CONFIG_JSON_CURSOR_H
#define CONFIG_JSON_CURSOR_H

#include <stddef.h>

/* Where a reader of JSON stands, and what a mark needs to know of it. */
struct json_cursor {
	const char *at;
	const char *end;
	const char *line_start;
	unsigned line;
	size_t wide; /* octets since line_start that go on with a character */
};

/* Begins at the text, behind a byte order mark. */
void json_cursor_init(struct json_cursor *cursor, const char *text, size_t len);

/* Characters from the beginning of the line, counted from 1. */
unsigned json_cursor_column(const struct json_cursor *cursor);

/* The octet that comes next, or -1 at the end. */
int json_cursor_peek(const struct json_cursor *cursor);

/* Goes over blanks and ends of lines. */
void json_cursor_blanks(struct json_cursor *cursor);

#endif
