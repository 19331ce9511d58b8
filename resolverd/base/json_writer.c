#include "base/json_writer.h"

#include <assert.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

enum { INDENT = 2, ASCII = 0x80 };

void
json_writer_init(struct json_writer *writer, FILE *out)
{
	*writer = (struct json_writer){.out = out};
}

/* A sequence of UTF-8 by its first octet (RFC 3629 section 4). */
static const struct sequence {
	uint8_t first;
	uint8_t last;
	unsigned size;
	uint8_t low; /* the least and greatest second octet */
	uint8_t high;
} sequences[] = {
    {0xc2, 0xdf, 2, 0x80, 0xbf},
    {0xe0, 0xe0, 3, 0xa0, 0xbf},
    {0xe1, 0xec, 3, 0x80, 0xbf},
    {0xed, 0xed, 3, 0x80, 0x9f},
    {0xee, 0xef, 3, 0x80, 0xbf},
    {0xf0, 0xf0, 4, 0x90, 0xbf},
    {0xf1, 0xf3, 4, 0x80, 0xbf},
    {0xf4, 0xf4, 4, 0x80, 0x8f},
};

static bool
is_sequence(const struct sequence *sequence, const uint8_t *at)
{
	if (at[0] < sequence->first || at[0] > sequence->last)
		return false;
	if (at[1] < sequence->low || at[1] > sequence->high)
		return false;
	for (unsigned i = 2; i < sequence->size; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return false;
	}
	return true;
}

/* Octets of the character at `at`, which a terminator follows; 0: broken. */
static unsigned
character_size(const uint8_t *at)
{
	if (at[0] < ASCII)
		return 1;
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
		if (is_sequence(&sequences[i], at))
			return sequences[i].size;
	}
	return 0;
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

	putc('"', out);
	while (*at != '\0') {
		const unsigned size = character_size(at);

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

static void
write_line(const struct json_writer *writer)
{
	fprintf(writer->out, "\n%*s", (int)writer->depth * INDENT, "");
}

/* What comes before any value: comma, new line, key. */
static void
begin(struct json_writer *writer, const char *key)
{
	if (writer->depth > 0) {
		bool *filled = &writer->filled[writer->depth - 1];

		if (*filled)
			putc(',', writer->out);
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
