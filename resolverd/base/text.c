#include "base/text.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* The digits at *text as a number; moves *text past them. */
static bool
digits(const char **text, uint64_t *out)
{
	uint64_t value = 0;

	if (**text < '0' || **text > '9')
		return false;
	for (; **text >= '0' && **text <= '9'; (*text)++) {
		const uint64_t digit = (uint64_t)(**text - '0');

		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, digit, &value))
			return false;
	}
	*out = value;
	return true;
}

bool
number_parse(const char *text, uint64_t lo, uint64_t hi, uint64_t *out)
{
	uint64_t value;

	if (!digits(&text, &value) || *text != '\0')
		return false;
	if (value < lo || value > hi)
		return false;
	*out = value;
	return true;
}

struct unit {
	const char *name;
	uint64_t factor;
};

static bool
number_with_unit(const char *text, const struct unit *units, size_t n,
    uint64_t *out)
{
	uint64_t value;

	if (!digits(&text, &value))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(text, units[i].name) != 0)
			continue;
		if (__builtin_mul_overflow(value, units[i].factor, &value))
			return false;
		*out = value;
		return true;
	}
	return false;
}

bool
duration_parse(const char *text, uint64_t *out_ms)
{
	static const struct unit units[] = {
	    {"", 1000},
	    {"ms", 1},
	    {"s", 1000},
	    {"m", UINT64_C(60) * 1000},
	    {"h", UINT64_C(60) * 60 * 1000},
	    {"d", UINT64_C(24) * 60 * 60 * 1000},
	};

	return number_with_unit(text, units, sizeof(units) / sizeof(units[0]),
	    out_ms);
}

bool
size_parse(const char *text, uint64_t *out)
{
	static const struct unit units[] = {
	    {"", 1},
	    {"k", UINT64_C(1) << 10},
	    {"K", UINT64_C(1) << 10},
	    {"m", UINT64_C(1) << 20},
	    {"M", UINT64_C(1) << 20},
	    {"g", UINT64_C(1) << 30},
	    {"G", UINT64_C(1) << 30},
	};

	return number_with_unit(text, units, sizeof(units) / sizeof(units[0]),
	    out);
}

enum { WORD_MAX = 63 };

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static bool
same_letter(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Whether two letters of a are the same two of b the other way round. */
static bool
swapped(const char *a, const char *b)
{
	return same_letter(a[0], b[1]) && same_letter(a[1], b[0]);
}

/* Changes, losses, additions and swaps of neighbours between two words. */
static unsigned
distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	unsigned rows[3][WORD_MAX + 1];
	unsigned *before = rows[0];
	unsigned *above = rows[1];
	unsigned *row = rows[2];

	for (size_t j = 0; j <= b_len; j++)
		above[j] = (unsigned)j;
	for (size_t i = 1; i <= a_len; i++) {
		unsigned *const spare = before;

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_len; j++) {
			const bool same = same_letter(a[i - 1], b[j - 1]);

			row[j] = least(above[j] + 1, row[j - 1] + 1);
			row[j] = least(row[j], above[j - 1] + !same);
			if (i > 1 && j > 1 && swapped(a + i - 2, b + j - 2))
				row[j] = least(row[j], before[j - 2] + 1);
		}
		before = above;
		above = row;
		row = spare;
	}
	return above[b_len];
}

const char *
text_nearest(const char *text, const char *const *list, size_t n)
{
	const size_t len = strlen(text);
	const char *nearest = NULL;
	unsigned best = WORD_MAX;

	if (len > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		const size_t other = strlen(list[i]);
		unsigned d;

		if (other > WORD_MAX)
			continue;
		d = distance(text, len, list[i], other);
		if (d < best && d <= other / 3) {
			best = d;
			nearest = list[i];
		}
	}
	return nearest;
}

/* The second octet of a control character of U+0080 to U+009F in UTF-8. */
static bool
ends_c1(unsigned char octet)
{
	return octet >= 0x80 && octet <= 0x9f;
}

/* Whether text[i] is a control character or half of one in UTF-8. */
static bool
is_control(const char *text, size_t i)
{
	const unsigned char octet = (unsigned char)text[i];

	if (octet < 0x20 || octet == 0x7f)
		return true;
	if (octet == 0xc2)
		return ends_c1((unsigned char)text[i + 1]);
	return i > 0 && (unsigned char)text[i - 1] == 0xc2 && ends_c1(octet);
}

static bool
continues_utf8(char octet)
{
	return ((unsigned char)octet & 0xc0) == 0x80;
}

/* A cut keeps escapes and UTF-8 whole: it falls on the last start of one. */
const char *
text_escape(const char *text, char *buf, size_t cap)
{
	static const char dots[] = "...";
	size_t at = 0;
	size_t cut = 0;

	assert(cap > 0);
	for (size_t i = 0; text[i] != '\0'; i++) {
		const bool control = is_control(text, i);
		const size_t need = control ? 4 : 1;

		if (at + sizeof(dots) <= cap && !continues_utf8(text[i]))
			cut = at;
		if (at + need >= cap) {
			snprintf(buf + cut, cap - cut, "%s", dots);
			return buf;
		}
		if (control) {
			snprintf(buf + at, cap - at, "\\x%02x",
			    (unsigned char)text[i]);
		} else {
			buf[at] = text[i];
		}
		at += need;
	}
	buf[at] = '\0';
	return buf;
}
