#include "config/json_string.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

enum {
	SURROGATE_HIGH = 0xd800,
	SURROGATE_LOW = 0xdc00,
	SURROGATE_END = 0xe000,
	UNICODE_TWO = 0x80, /* from here on two octets, and so on */
	UNICODE_THREE = 0x800,
	UNICODE_FOUR = 0x10000,
	ESCAPE_LEN = 6, /* \uXXXX */
};

/* Escapes. */

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The number in "\uXXXX" at the cursor, or -1. */
static int32_t
hex_escape(const struct json_cursor *cursor)
{
	int32_t value = 0;

	if (cursor->end - cursor->at < ESCAPE_LEN || cursor->at[0] != '\\' ||
	    cursor->at[1] != 'u')
		return -1;
	for (int i = 2; i < ESCAPE_LEN; i++) {
		const int digit = hex_value(cursor->at[i]);

		if (digit == -1)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

static const char *
unicode_escape(struct json_cursor *cursor, int32_t *out)
{
	const int32_t first = hex_escape(cursor);
	int32_t second;

	if (first == -1)
		return "four hexadecimal digits must follow \\u";
	if (first == 0)
		return "text must not contain a zero octet";
	if (first >= SURROGATE_LOW && first < SURROGATE_END)
		return "the second half of a surrogate pair stands alone";
	cursor->at += ESCAPE_LEN;
	*out = first;
	if (first < SURROGATE_HIGH || first >= SURROGATE_END)
		return NULL;
	second = hex_escape(cursor);
	if (second < SURROGATE_LOW || second >= SURROGATE_END) {
		cursor->at -= ESCAPE_LEN;
		return "the first half of a surrogate pair stands alone";
	}
	cursor->at += ESCAPE_LEN;
	*out = UNICODE_FOUR + ((first - SURROGATE_HIGH) << 10) +
	    (second - SURROGATE_LOW);
	return NULL;
}

static const char *
escape_read(struct json_cursor *cursor, int32_t *out)
{
	static const char letters[] = "\"\\/bfnrt";
	static const char meanings[] = "\"\\/\b\f\n\r\t";
	char c = '\0';
	const char *letter;

	if (cursor->end - cursor->at > 1)
		c = cursor->at[1];
	letter = c == '\0' ? NULL : strchr(letters, c);
	if (c == 'u')
		return unicode_escape(cursor, out);
	if (letter == NULL)
		return "'\\' must be followed by one of \" \\ / b f n r t u";
	*out = (unsigned char)meanings[letter - letters];
	cursor->at += 2;
	return NULL;
}

/* Writes a code point as UTF-8. */
static size_t
character_write(int32_t c, char *out)
{
	const uint32_t code = (uint32_t)c;
	const size_t len = code < UNICODE_TWO ? 1
	    : code < UNICODE_THREE	      ? 2
	    : code < UNICODE_FOUR	      ? 3
					      : 4;
	static const uint8_t marks[] = {0, 0, 0xc0, 0xe0, 0xf0};
	uint8_t octets[4];

	octets[0] = (uint8_t)(marks[len] | code >> (6 * (len - 1)));
	for (size_t i = 1; i < len; i++) {
		octets[i] =
		    (uint8_t)(0x80 | (code >> (6 * (len - 1 - i)) & 0x3f));
	}
	memcpy(out, octets, len);
	return len;
}

/* Strings. */

/* Goes over one character or escape; NULL, or what is wrong with it. */
static const char *
character_check(struct json_cursor *cursor)
{
	const unsigned char c = (unsigned char)*cursor->at;
	int32_t escaped;
	size_t len;

	if (c == '\\')
		return escape_read(cursor, &escaped);
	if (c == '\0')
		return "text must not contain a zero octet";
	if (c < ' ') {
		return "a string must not hold a control character or the "
		       "end of a line: write \\n or \\u00XX";
	}
	if (c < UNICODE_TWO) {
		cursor->at++;
		return NULL;
	}
	len = utf8_size((const uint8_t *)cursor->at,
	    (size_t)(cursor->end - cursor->at));
	if (len == 0)
		return "the text is not UTF-8 here";
	cursor->at += len;
	cursor->wide += len - 1;
	return NULL;
}

/* Goes from an opening quote to its closing one, and over what is plain. */
static const char *
string_check(struct json_cursor *cursor, bool *plain)
{
	*plain = true;
	for (cursor->at++; cursor->at < cursor->end;) {
		const char *fault;

		if (*cursor->at == '"')
			return NULL;
		if (*cursor->at == '\\')
			*plain = false;
		fault = character_check(cursor);
		if (fault != NULL)
			return fault;
	}
	return "the text ends within a string: was it cut?";
}

/* Writes what a checked string means; it never gets longer. */
static void
string_decode(const char *from, const char *end, char *out)
{
	struct json_cursor cursor = {.at = from, .end = end};

	while (cursor.at < end) {
		int32_t c = 0;

		if (*cursor.at == '\\') {
			escape_read(&cursor, &c);
			out += character_write(c, out);
		} else {
			*out++ = *cursor.at++;
		}
	}
	*out = '\0';
}

const char *
json_string_read(struct json_cursor *cursor, struct arena *arena,
    const char **text)
{
	const char *start = cursor->at + 1;
	bool plain;
	const char *fault = string_check(cursor, &plain);
	const size_t len = (size_t)(cursor->at - start);
	char *copy;

	if (fault != NULL)
		return fault;
	copy = arena == NULL ? NULL : arena_alloc(arena, len + 1);
	if (copy != NULL && plain) {
		memcpy(copy, start, len);
		copy[len] = '\0';
	} else if (copy != NULL) {
		string_decode(start, cursor->at, copy);
	}
	cursor->at++;
	*text = copy;
	return NULL;
}
