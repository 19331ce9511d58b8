#ifndef CTL_DOCTOR_TCP_H
#define CTL_DOCTOR_TCP_H

#include "ctl/doctor.h"

/*
 * Check: do the addresses of the name take connections?  All are tried at
 * once, and the first that does is kept in doctor->fd.
 */
void doctor_tcp_run(struct doctor *doctor);

#endif
