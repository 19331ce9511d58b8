#ifndef CTL_DOCTOR_RESOLVED_H
#define CTL_DOCTOR_RESOLVED_H

#include "ctl/doctor.h"

/* Check: does systemd-resolved, where programs ask it, ask resolverd? */
void doctor_resolved_run(struct doctor *doctor);

#endif
