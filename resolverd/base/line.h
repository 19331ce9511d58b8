#ifndef BASE_LINE_H
#define BASE_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * A line of a log while it is written, into memory that its owner gave: fast,
 * for it is done for each query.  Too much is sticky: nothing more is taken.
 */
struct line {
	char *text; /* not terminated */
	size_t cap;
	size_t len;
	bool full;
};

static inline struct line
line_in(char *text, size_t cap)
{
	return (struct line){.text = text, .cap = cap};
}

/* Octets as they are, which are known to be harmless. */
static inline void
line_octets(struct line *line, const void *octets, size_t len)
{
	if (line->full || len > line->cap - line->len) {
		line->full = true;
		return;
	}
	if (len > 0)
		memcpy(line->text + line->len, octets, len);
	line->len += len;
}

/* A string likewise: inline, for most are constants. */
static inline void
line_put(struct line *line, const char *text)
{
	line_octets(line, text, strlen(text));
}

void line_number(struct line *line, uint64_t number);

/* A number with zeros before it, that many digits in all. */
void line_digits(struct line *line, uint64_t number, unsigned digits);

/*
 * Nanoseconds since 1970 as "2022-01-23T09:16:05.341873447Z", with as many
 * digits of a second.
 */
void line_time(struct line *line, uint64_t at, unsigned digits);

/*
 * Whatever octets as a JSON string, quotes included: what is not UTF-8 becomes
 * U+FFFD, and what could end a line, for whoever reads it, an escape.
 */
void line_json(struct line *line, const char *text, size_t len);

/*
 * Whatever octets as one word of ASCII: all but printable ones, and blanks,
 * become \xNN; "-" when there are none.
 */
void line_word(struct line *line, const char *text);

/* The same with blanks left alone, and nothing for nothing. */
void line_words(struct line *line, const char *text);

#endif
