#ifndef CTL_DATE_H
#define CTL_DATE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Seconds since 1970 of "2027-01-05" (its midnight in UTC) or a time of
 * RFC 3339, "2027-01-05T08:30:00+01:00"; false when it is neither.
 */
bool date_parse(const char *text, int64_t *out);

#endif
