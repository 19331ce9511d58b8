#ifndef CTL_DOCTOR_REPORT_H
#define CTL_DOCTOR_REPORT_H

#include <stdio.h>

#include "ctl/doctor.h"

enum doctor_style { DOCTOR_PLAIN, DOCTOR_COLOUR };

/* For a person: a block a check, a line a finding, and a sum at the end. */
void doctor_report_print(const struct doctor *doctor, enum doctor_style style,
    FILE *out);

/* For scripts: one JSON document, which the manual describes. */
void doctor_report_json(const struct doctor *doctor, FILE *out);

/* "pass", "warn", "fail", "skip" */
const char *doctor_report_word(enum doctor_result result);

#endif
