#ifndef CTL_DOCTOR_CACHE_H
#define CTL_DOCTOR_CACHE_H

#include "ctl/doctor.h"

/* Check: does the daemon say what its configuration says, and lately? */
void doctor_cache_run(struct doctor *doctor);

#endif
