#include "base/number_pattern.h"

#include <assert.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

enum { DIGITS_MAX = 24 };

/*
 * How many numbers from low on differ in their last places only: a power of
 * ten, none of them past high.
 */
static uint64_t
block_size(uint64_t low, uint64_t high)
{
	uint64_t block = 1;

	while (block <= low / 10 && low % (block * 10) == 0 &&
	    high - low >= block * 10 - 1)
		block *= 10;
	return block;
}

/* The last number of those from low on that one pattern has. */
static uint64_t
run_end(uint64_t low, uint64_t high)
{
	const uint64_t block = block_size(low, high);
	uint64_t end = low + (block - 1);

	for (uint64_t digit = low / block % 10;
	     digit < 9 && high - end >= block; digit++)
		end += block;
	return end;
}

/* How many of the next digits may be any. */
static size_t
free_digits(const char *from, const char *to)
{
	size_t count = 0;

	while (from[count] == '0' && to[count] == '9')
		count++;
	return count;
}

static void
write_digit(char from, char to, FILE *out)
{
	if (from == to) {
		fputc(from, out);
	} else {
		fprintf(out, "[%c-%c]", from, to);
	}
}

/* The pattern of a run, whose ends have as many digits. */
static void
write_run(uint64_t low, uint64_t high, FILE *out)
{
	char from[DIGITS_MAX];
	char to[DIGITS_MAX];

	snprintf(from, sizeof(from), "%" PRIu64, low);
	snprintf(to, sizeof(to), "%" PRIu64, high);
	assert(strlen(from) == strlen(to));
	for (size_t i = 0; from[i] != '\0'; i++) {
		const size_t count = free_digits(from + i, to + i);

		write_digit(from[i], to[i], out);
		if (count < 2)
			continue;
		fprintf(out, "{%zu}", count);
		i += count - 1;
	}
}

void
number_pattern_write(uint64_t low, uint64_t high, FILE *out)
{
	while (low <= high) {
		const uint64_t end = run_end(low, high);

		write_run(low, end, out);
		if (end == high)
			return;
		fputc('|', out);
		low = end + 1;
	}
}
