#ifndef CTL_COMPARE_REPORT_H
#define CTL_COMPARE_REPORT_H

#include <stdio.h>

#include "ctl/compare_ask.h"

/* What two servers answered otherwise, for people, scripts and CI. */
struct compare_report {
	const char *servers[COMPARE_SIDES];
	const struct compare_job *jobs;
	size_t count;
};

size_t compare_report_count(const struct compare_report *report,
    enum compare_outcome outcome);

void compare_report_text(const struct compare_report *report, FILE *out);
void compare_report_json(const struct compare_report *report, FILE *out);

/* A test case a question: a difference is a failure, silence an error. */
void compare_report_junit(const struct compare_report *report, FILE *out);

#endif
