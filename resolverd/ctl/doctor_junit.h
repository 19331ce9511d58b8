#ifndef CTL_DOCTOR_JUNIT_H
#define CTL_DOCTOR_JUNIT_H

#include <stdio.h>

#include "ctl/doctor.h"

/*
 * For continuous integration: a test suite a subject, a test case a finding.
 * A warning is a case that passes and says so in its output.
 */
void doctor_junit_print(const struct doctor *doctor, FILE *out);

#endif
