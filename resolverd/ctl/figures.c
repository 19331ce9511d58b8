#include "ctl/figures.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum {
	GROUP = 3,
	WHOLE_MAX = 10000000,
	THOUSAND = 1000,
	TENTHS = 10,
	TENTHS_MAX = THOUSAND * TENTHS,
};

static const char *
with_commas(uint64_t number, char buf[FIGURES_TEXT])
{
	char digits[FIGURES_TEXT];
	const size_t len =
	    (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, number);
	size_t at = 0;

	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % GROUP == 0)
			buf[at++] = ',';
		buf[at++] = digits[i];
	}
	buf[at] = '\0';
	return buf;
}

const char *
figures_count(uint64_t number, char buf[FIGURES_TEXT])
{
	static const char units[] = "MGTPE";
	const char *unit = units;
	uint64_t tenths;

	if (number < WHOLE_MAX)
		return with_commas(number, buf);
	tenths = number / (THOUSAND * (uint64_t)THOUSAND / TENTHS);
	while (tenths >= TENTHS_MAX) {
		tenths /= THOUSAND;
		unit++;
	}
	snprintf(buf, FIGURES_TEXT, "%" PRIu64 ".%" PRIu64 "%c",
	    tenths / TENTHS, tenths % TENTHS, *unit);
	return buf;
}

const char *
figures_time(uint64_t us, char buf[FIGURES_TEXT])
{
	static const char *const units[] = {"us", "ms", "s"};
	const char *const *unit = units;
	uint64_t whole = us;
	uint64_t tenth = 0;

	while (whole >= THOUSAND && unit < units + 2) {
		tenth = whole % THOUSAND / (THOUSAND / TENTHS);
		whole /= THOUSAND;
		unit++;
	}
	if (unit == units || whole >= TENTHS) {
		snprintf(buf, FIGURES_TEXT, "%" PRIu64 " %s", whole, *unit);
	} else {
		snprintf(buf, FIGURES_TEXT, "%" PRIu64 ".%" PRIu64 " %s", whole,
		    tenth, *unit);
	}
	return buf;
}
