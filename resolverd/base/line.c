#include "base/line.h"

#include "base/utf8.h"

enum {
	DIGITS = 20, /* of a 64-bit number */
	NANO_DIGITS = 9,
	DELETE = 0x7f,
	HIGH = 0x80,
	C1_END = 0xa0, /* the control characters from U+0080 on end here */
	LINE_SEPARATOR = 0x2028,
	PARAGRAPH_SEPARATOR = 0x2029,
};

/* Seconds, and days. */
enum {
	MINUTE = 60,
	HOUR = 60 * MINUTE,
	DAY = 24 * HOUR,
	YEAR = 365,
	FIVE_MONTHS = 153, /* from March on, and from August on */
	MARCH_TO_JANUARY = 10,
	FOUR_YEARS = 4 * YEAR + 1,
	CENTURY = 25 * FOUR_YEARS - 1,
	ERA_YEARS = 400, /* after which the calendar repeats itself */
	ERA_DAYS = 4 * CENTURY + 1,
	DAYS_TO_1970 = 719468, /* from 0000-03-01 */
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

/* A day as people write it. */
struct date {
	uint64_t year;
	uint64_t month;
	uint64_t day;
};

/*
 * The date of a day that many after 1970-01-01.  The C library's way to it
 * takes a lock and looks for a time zone.  Here a year begins in March, so
 * that a leap day is its last, and months follow a line of 153 days in five.
 */
static struct date
date_of(uint64_t days)
{
	const uint64_t since = days + DAYS_TO_1970;
	const uint64_t era = since / ERA_DAYS;
	const uint64_t of_era = since % ERA_DAYS;
	const uint64_t year = (of_era - of_era / (FOUR_YEARS - 1) +
				  of_era / CENTURY - of_era / (ERA_DAYS - 1)) /
	    YEAR;
	const uint64_t of_year = of_era - (YEAR * year + year / 4 - year / 100);
	const uint64_t month = (5 * of_year + 2) / FIVE_MONTHS;
	const bool is_next = month >= MARCH_TO_JANUARY;

	return (struct date){
	    .year = era * ERA_YEARS + year + is_next,
	    .month = is_next ? month - 9 : month + 3,
	    .day = of_year - (FIVE_MONTHS * month + 2) / 5 + 1,
	};
}

void
line_time(struct line *line, uint64_t at, unsigned digits)
{
	const uint64_t seconds = at / NS_PER_S;
	const struct date date = date_of(seconds / DAY);
	uint64_t fraction = at % NS_PER_S;

	line_digits(line, date.year, 4);
	line_octets(line, "-", 1);
	line_digits(line, date.month, 2);
	line_octets(line, "-", 1);
	line_digits(line, date.day, 2);
	line_octets(line, "T", 1);
	line_digits(line, seconds % DAY / HOUR, 2);
	line_octets(line, ":", 1);
	line_digits(line, seconds % HOUR / MINUTE, 2);
	line_octets(line, ":", 1);
	line_digits(line, seconds % MINUTE, 2);
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

/* An octet in each octet of a word. */
#define EACH(octet) (UINT64_C(0x0101010101010101) * (octet))

/* Not 0 when an octet of the word is 0. */
static uint64_t
has_zero(uint64_t word)
{
	return (word - EACH(1)) & ~word & EACH(HIGH);
}

/* Whether eight octets are all plain, or blanks. */
static bool
are_plain(const uint8_t *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return ((word | (word - EACH(' '))) & EACH(HIGH)) == 0 &&
	    (has_zero(word ^ EACH('"')) | has_zero(word ^ EACH('\\')) |
		has_zero(word ^ EACH(DELETE))) == 0;
}

/* Octets from `at` on that need nothing done to them. */
static size_t
plain_run(const uint8_t *at, const uint8_t *end)
{
	const uint8_t *from = at;

	while (end - at >= (ptrdiff_t)sizeof(uint64_t) && are_plain(at))
		at += sizeof(uint64_t);
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
