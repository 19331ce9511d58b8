#ifndef CTL_DOCTOR_DAEMON_H
#define CTL_DOCTOR_DAEMON_H

#include "ctl/doctor.h"

/*
 * Check: is resolverd there, and if not, who is in its place?  Asks it for the
 * name, which tells later checks.
 */
void doctor_daemon_run(struct doctor *doctor);

/* Asks resolverd for the addresses of the name, and for its HTTPS records. */
void doctor_daemon_ask(struct doctor *doctor);

/* Check: does its control socket answer? */
void doctor_daemon_control_run(struct doctor *doctor);

#endif
