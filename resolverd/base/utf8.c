#include "base/utf8.h"

#include <stdbool.h>

enum { ASCII = 0x80, TAIL = 0x80, TAIL_MASK = 0xc0, TAIL_BITS = 6 };

/* Characters by their first octet (RFC 3629 section 4). */
static const struct sequence {
	uint8_t first;
	uint8_t last;
	uint8_t size;
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
is_sequence(const struct sequence *sequence, const uint8_t *at, size_t left)
{
	if (at[0] < sequence->first || at[0] > sequence->last ||
	    sequence->size > left || at[1] < sequence->low ||
	    at[1] > sequence->high)
		return false;
	for (size_t i = 2; i < sequence->size; i++) {
		if ((at[i] & TAIL_MASK) != TAIL)
			return false;
	}
	return true;
}

size_t
utf8_size(const uint8_t *at, size_t left)
{
	if (left == 0)
		return 0;
	if (at[0] < ASCII)
		return 1;
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
		if (is_sequence(&sequences[i], at, left))
			return sequences[i].size;
	}
	return 0;
}

uint32_t
utf8_point(const uint8_t *at, size_t size)
{
	static const uint8_t masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t point = at[0] & masks[size];

	for (size_t i = 1; i < size; i++)
		point = point << TAIL_BITS | (at[i] & ~(uint32_t)TAIL_MASK);
	return point;
}
