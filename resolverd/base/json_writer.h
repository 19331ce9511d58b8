#ifndef BASE_JSON_WRITER_H
#define BASE_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { JSON_WRITER_DEPTH = 32 };

/*
 * Writes one JSON document (RFC 8259) to a stream as it goes, a member a line,
 * or all in one line.  Members of an object have a key; elements of an array
 * have NULL for one.  Whatever the octets of a text, what comes out is valid
 * UTF-8.
 */
struct json_writer {
	FILE *out;
	bool in_line;
	unsigned depth;
	char closers[JSON_WRITER_DEPTH]; /* of what is open */
	bool filled[JSON_WRITER_DEPTH];	 /* it has a member already */
};

void json_writer_init(struct json_writer *writer, FILE *out);
void json_writer_init_line(struct json_writer *writer, FILE *out);

/* Opens an object or array, to be closed by json_writer_end. */
void json_writer_object(struct json_writer *writer, const char *key);
void json_writer_array(struct json_writer *writer, const char *key);

/* Closes what was opened last; the outermost ends with a newline. */
void json_writer_end(struct json_writer *writer);

/* A text; NULL is written as null. */
void
json_writer_text(struct json_writer *writer, const char *key, const char *text);
void json_writer_number(struct json_writer *writer, const char *key,
    uint64_t number);
void json_writer_bool(struct json_writer *writer, const char *key, bool value);

#endif
