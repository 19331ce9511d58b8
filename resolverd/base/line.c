#include "base/line.h"

#include <time.h>

#include "base/utf8.h"

enum {
	DIGITS = 20, /* of a 64-bit number */
	NANO_DIGITS = 9,
	YEAR_ZERO = 1900,
	DELETE = 0x7f,
	C1_END = 0xa0, /* the control characters from U+0080 on end here */
	LINE_SEPARATOR = 0x2028,
	PARAGRAPH_SEPARATOR = 0x2029,
};

#define NS_PER_S UINT64_C(1000000000)

void
line_number(struct line *line, uint64_t number)
{
	char text[DIGITS];
	size_t at = sizeof(text);

	do {
		text[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	line_octets(line, text + at, sizeof(text) - at);
}

void
line_digits(struct line *line, uint64_t number, unsigned digits)
{
	char text[DIGITS];

	for (unsigned i = digits; i > 0; i--) {
		text[i - 1] = (char)('0' + number % 10);
		number /= 10;
	}
	line_octets(line, text, digits);
}

void
line_time(struct line *line, uint64_t at, unsigned digits)
{
	const time_t seconds = (time_t)(at / NS_PER_S);
	uint64_t fraction = at % NS_PER_S;
	struct tm tm;

	gmtime_r(&seconds, &tm);
	line_digits(line, (uint64_t)tm.tm_year + YEAR_ZERO, 4);
	line_octets(line, "-", 1);
	line_digits(line, (uint64_t)tm.tm_mon + 1, 2);
	line_octets(line, "-", 1);
	line_digits(line, (uint64_t)tm.tm_mday, 2);
	line_octets(line, "T", 1);
	line_digits(line, (uint64_t)tm.tm_hour, 2);
	line_octets(line, ":", 1);
	line_digits(line, (uint64_t)tm.tm_min, 2);
	line_octets(line, ":", 1);
	line_digits(line, (uint64_t)tm.tm_sec, 2);
	line_octets(line, ".", 1);
	for (unsigned i = digits; i < NANO_DIGITS; i++)
		fraction /= 10;
	line_digits(line, fraction, digits);
	line_octets(line, "Z", 1);
}

static void
hex(struct line *line, const char *prefix, uint32_t value, unsigned digits)
{
	static const char letters[] = "0123456789abcdef";

	line_put(line, prefix);
	for (unsigned i = digits; i > 0; i--)
		line_octets(line, &letters[value >> 4 * (i - 1) & 0xf], 1);
}

/* Printable, and no character that JSON or a word has a use for. */
static bool
is_plain(uint8_t octet)
{
	return octet > ' ' && octet < DELETE && octet != '"' && octet != '\\';
}

/* Octets from `at` on that need nothing done to them. */
static size_t
plain_run(const uint8_t *at, const uint8_t *end)
{
	const uint8_t *from = at;

	while (at < end && (is_plain(*at) || *at == ' '))
		at++;
	return (size_t)(at - from);
}

static void
json_ascii(struct line *line, uint8_t octet)
{
	switch (octet) {
	case '\n':
		line_put(line, "\\n");
		return;
	case '\t':
		line_put(line, "\\t");
		return;
	case '"':
		line_put(line, "\\\"");
		return;
	case '\\':
		line_put(line, "\\\\");
		return;
	default:
		hex(line, "\\u", octet, 4);
	}
}

/* A character of several octets. */
static void
json_wide(struct line *line, const uint8_t *at, size_t size)
{
	const uint32_t point = utf8_point(at, size);

	if (point < C1_END || point == LINE_SEPARATOR ||
	    point == PARAGRAPH_SEPARATOR) {
		hex(line, "\\u", point, 4);
	} else {
		line_octets(line, at, size);
	}
}

/* Writes the character at `at`, and returns its octets. */
static size_t
json_character(struct line *line, const uint8_t *at, size_t left)
{
	const size_t size = utf8_size(at, left);

	if (size == 0) {
		line_put(line, "\\ufffd");
		return 1;
	}
	if (size == 1) {
		json_ascii(line, *at);
	} else {
		json_wide(line, at, size);
	}
	return size;
}

void
line_json(struct line *line, const char *text, size_t len)
{
	const uint8_t *at = (const uint8_t *)text;
	const uint8_t *end = at + len;

	line_octets(line, "\"", 1);
	while (at < end) {
		const size_t run = plain_run(at, end);

		line_octets(line, at, run);
		at += run;
		if (at < end)
			at += json_character(line, at, (size_t)(end - at));
	}
	line_octets(line, "\"", 1);
}

static void
words(struct line *line, const char *text, bool blanks)
{
	for (; *text != '\0'; text++) {
		const uint8_t octet = (uint8_t)*text;

		/* Names are escaped already: a backslash stays what it is. */
		if (is_plain(octet) || octet == '"' || octet == '\\' ||
		    (blanks && octet == ' ')) {
			line_octets(line, text, 1);
		} else {
			hex(line, "\\x", octet, 2);
		}
	}
}

void
line_word(struct line *line, const char *text)
{
	if (text[0] == '\0') {
		line_octets(line, "-", 1);
	} else {
		words(line, text, false);
	}
}

void
line_words(struct line *line, const char *text)
{
	words(line, text, true);
}
