#include "ctl/date.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { SECONDS_A_MINUTE = 60, SECONDS_AN_HOUR = 3600, YEAR_ZERO = 1900 };

/* A cursor over text; nothing else is taken once it is bad. */
struct cursor {
	const char *at;
	bool bad;
};

/* A number of exactly so many digits, at most `most`. */
static int
take_number(struct cursor *cursor, unsigned digits, int most)
{
	int number = 0;

	for (unsigned i = 0; i < digits && !cursor->bad; i++) {
		if (*cursor->at < '0' || *cursor->at > '9') {
			cursor->bad = true;
			return 0;
		}
		number = number * 10 + (*cursor->at++ - '0');
	}
	if (number > most)
		cursor->bad = true;
	return number;
}

/* One of some characters; 0: none of them. */
static char
take_one(struct cursor *cursor, const char *choice)
{
	if (cursor->bad || *cursor->at == '\0' ||
	    strchr(choice, *cursor->at) == NULL) {
		cursor->bad = true;
		return 0;
	}
	return *cursor->at++;
}

static void
take_day(struct cursor *cursor, struct tm *tm)
{
	tm->tm_year = take_number(cursor, 4, 9999) - YEAR_ZERO;
	take_one(cursor, "-");
	tm->tm_mon = take_number(cursor, 2, 12) - 1;
	take_one(cursor, "-");
	tm->tm_mday = take_number(cursor, 2, 31);
}

static void
take_time(struct cursor *cursor, struct tm *tm)
{
	tm->tm_hour = take_number(cursor, 2, 23);
	take_one(cursor, ":");
	tm->tm_min = take_number(cursor, 2, 59);
	take_one(cursor, ":");
	tm->tm_sec = take_number(cursor, 2, 59);
	if (!cursor->bad && *cursor->at == '.') {
		cursor->at++;
		take_number(cursor, 1, 9);
		cursor->at += strspn(cursor->at, "0123456789");
	}
}

/* "Z", or how many seconds ahead of UTC. */
static int
take_offset(struct cursor *cursor)
{
	const char sign = take_one(cursor, "Zz+-");
	int seconds;

	if (cursor->bad || sign == 'Z' || sign == 'z')
		return 0;
	seconds = take_number(cursor, 2, 23) * SECONDS_AN_HOUR;
	take_one(cursor, ":");
	seconds += take_number(cursor, 2, 59) * SECONDS_A_MINUTE;
	return sign == '-' ? -seconds : seconds;
}

/* Whether it is a day of the calendar: timegm takes 31 February. */
static bool
is_day(const struct tm *tm)
{
	struct tm same = *tm;

	timegm(&same);
	return same.tm_mday == tm->tm_mday && same.tm_mon == tm->tm_mon;
}

bool
date_parse(const char *text, int64_t *out)
{
	struct cursor cursor = {.at = text};
	struct tm tm = {0};
	int offset = 0;

	take_day(&cursor, &tm);
	if (!cursor.bad && *cursor.at != '\0') {
		take_one(&cursor, "Tt ");
		take_time(&cursor, &tm);
		offset = take_offset(&cursor);
	}
	if (cursor.bad || *cursor.at != '\0' || !is_day(&tm))
		return false;
	*out = (int64_t)timegm(&tm) - offset;
	return true;
}

const char *
date_format(int64_t at, char buf[DATE_TEXT])
{
	const time_t seconds = (time_t)at;
	struct tm tm;

	buf[0] = '\0';
	if (gmtime_r(&seconds, &tm) != NULL)
		strftime(buf, DATE_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return buf;
}

const char *
date_span(uint64_t seconds, char buf[DATE_SPAN])
{
	static const struct {
		uint64_t seconds;
		char letter;
	} units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
	size_t used = 0;

	if (seconds == 0)
		return "0s";
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		const uint64_t count = seconds / units[i].seconds;

		seconds %= units[i].seconds;
		if (count == 0)
			continue;
		used += (size_t)snprintf(buf + used, DATE_SPAN - used,
		    "%s%" PRIu64 "%c", used == 0 ? "" : " ", count,
		    units[i].letter);
	}
	return buf;
}
