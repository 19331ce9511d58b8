#ifndef CTL_DATE_H
#define CTL_DATE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Seconds since 1970 of "2027-01-05" (its midnight in UTC) or a time of
 * RFC 3339, "2027-01-05T08:30:00+01:00"; false when it is neither.
 */
bool date_parse(const char *text, int64_t *out);

enum { DATE_TEXT = 32, DATE_SPAN = 64 };

/* "2027-01-05T08:30:00Z" */
const char *date_format(int64_t at, char buf[DATE_TEXT]);

/* How long that many seconds are: "15m", "1d 2h 3s", "0s". */
const char *date_span(uint64_t seconds, char buf[DATE_SPAN]);

#endif
