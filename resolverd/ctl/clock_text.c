#include "ctl/clock_text.h"

#include <ctype.h>
#include <stdio.h>
#include <time.h>

enum { DIGITS = 3 };

/* Milliseconds as three digits, 000 where they are not given. */
static void
read_fraction(const char *at, char digits[DIGITS + 1])
{
	if (*at == '.')
		at++;
	for (size_t i = 0; i < DIGITS; i++)
		digits[i] = isdigit((unsigned char)*at) ? *at++ : '0';
	digits[DIGITS] = '\0';
}

const char *
clock_text(const char *date, char buf[CLOCK_TEXT])
{
	struct tm tm = {.tm_sec = 0};
	const char *end = strptime(date, "%Y-%m-%dT%H:%M:%S", &tm);
	char digits[DIGITS + 1];
	time_t seconds;

	if (end == NULL) {
		snprintf(buf, CLOCK_TEXT, "--:--:--.---");
		return buf;
	}
	read_fraction(end, digits);
	seconds = timegm(&tm);
	localtime_r(&seconds, &tm);
	snprintf(buf + strftime(buf, CLOCK_TEXT, "%H:%M:%S", &tm), DIGITS + 2,
	    ".%s", digits);
	return buf;
}
