#ifndef CTL_DOCTOR_HTTP_H
#define CTL_DOCTOR_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "ctl/doctor.h"

enum { DOCTOR_FIELD = 256 };

/* What matters of the head of an HTTP answer. */
struct doctor_http {
	unsigned status;
	char server[DOCTOR_FIELD]; /* escaped; "": not said */
	char location[DOCTOR_FIELD];
};

/* Reads one, of any octets; false: it is no HTTP answer. */
bool doctor_http_read(struct doctor_http *http, const char *text, size_t len);

/* Check: what does the service answer, and what does that mean? */
void doctor_http_run(struct doctor *doctor);

/* Check: is the name blocked, as it is expected to be? */
void doctor_http_blocked_run(struct doctor *doctor);

#endif
