#ifndef CTL_DOCTOR_UPSTREAMS_H
#define CTL_DOCTOR_UPSTREAMS_H

#include "ctl/doctor.h"

/* Check: do the servers answer that resolverd asks? */
void doctor_upstreams_run(struct doctor *doctor);

#endif
