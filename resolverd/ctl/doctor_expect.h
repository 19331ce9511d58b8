#ifndef CTL_DOCTOR_EXPECT_H
#define CTL_DOCTOR_EXPECT_H

#include "ctl/doctor.h"

/*
 * Reads the configuration and has an engine of its own resolve the name, as
 * resolverctl explain does: what a daemon without a past would answer.  What
 * is wrong with the file goes to stderr.  Takes threads that are gone at the
 * end.
 */
void doctor_expect_run(struct doctor *doctor);

#endif
