#include "base/json_writer.h"

#include <assert.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "base/utf8.h"

enum { INDENT = 2 };

void
json_writer_init(struct json_writer *writer, FILE *out)
{
	*writer = (struct json_writer){.out = out};
}

void
json_writer_init_line(struct json_writer *writer, FILE *out)
{
	*writer = (struct json_writer){.out = out, .in_line = true};
}

static void
write_ascii(FILE *out, uint8_t octet)
{
	static const char named[] = "\"\\\b\f\n\r\t";
	static const char letters[] = "\"\\bfnrt";
	const char *found = octet == 0 ? NULL : strchr(named, octet);

	if (found != NULL) {
		fprintf(out, "\\%c", letters[found - named]);
	} else if (octet < ' ' || octet == 0x7f) {
		fprintf(out, "\\u%04x", octet);
	} else {
		putc(octet, out);
	}
}

static void
write_string(FILE *out, const char *text)
{
	const uint8_t *at = (const uint8_t *)text;
	const uint8_t *end = at + strlen(text);

	putc('"', out);
	while (at < end) {
		const size_t size = utf8_size(at, (size_t)(end - at));

		if (size == 0) {
			fputs("\\ufffd", out);
			at++;
		} else if (size == 1) {
			write_ascii(out, *at++);
		} else {
			fwrite(at, size, 1, out);
			at += size;
		}
	}
	putc('"', out);
}

/* Begins the next member's line, or that of a closing bracket. */
static void
write_line(const struct json_writer *writer)
{
	if (writer->in_line)
		return;
	fprintf(writer->out, "\n%*s", (int)writer->depth * INDENT, "");
}

/* What comes before any value: comma, new line, key. */
static void
begin(struct json_writer *writer, const char *key)
{
	if (writer->depth > 0) {
		bool *filled = &writer->filled[writer->depth - 1];

		if (*filled)
			fputs(writer->in_line ? ", " : ",", writer->out);
		*filled = true;
		write_line(writer);
	}
	if (key != NULL) {
		write_string(writer->out, key);
		fputs(": ", writer->out);
	}
}

static void
open_value(struct json_writer *writer, const char *key, const char brackets[3])
{
	assert(writer->depth < JSON_WRITER_DEPTH);
	begin(writer, key);
	putc(brackets[0], writer->out);
	writer->closers[writer->depth] = brackets[1];
	writer->filled[writer->depth] = false;
	writer->depth++;
}

void
json_writer_object(struct json_writer *writer, const char *key)
{
	open_value(writer, key, "{}");
}

void
json_writer_array(struct json_writer *writer, const char *key)
{
	open_value(writer, key, "[]");
}

void
json_writer_end(struct json_writer *writer)
{
	assert(writer->depth > 0);
	writer->depth--;
	if (writer->filled[writer->depth])
		write_line(writer);
	putc(writer->closers[writer->depth], writer->out);
	if (writer->depth == 0)
		putc('\n', writer->out);
}

void
json_writer_text(struct json_writer *writer, const char *key, const char *text)
{
	begin(writer, key);
	if (text == NULL) {
		fputs("null", writer->out);
	} else {
		write_string(writer->out, text);
	}
}

void
json_writer_number(struct json_writer *writer, const char *key, uint64_t number)
{
	begin(writer, key);
	fprintf(writer->out, "%" PRIu64, number);
}

void
json_writer_bool(struct json_writer *writer, const char *key, bool value)
{
	begin(writer, key);
	fputs(value ? "true" : "false", writer->out);
}
