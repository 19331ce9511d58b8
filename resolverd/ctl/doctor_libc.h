#ifndef CTL_DOCTOR_LIBC_H
#define CTL_DOCTOR_LIBC_H

#include "ctl/doctor.h"

/*
 * Has a child process look the name up as programs do, for the process would
 * keep what it once read of resolv.conf, and the library knows no end of its
 * patience.  To be called while there is but one thread.
 */
void doctor_libc_ask(struct doctor *doctor);

/* Check: does libc come to what resolverd says? */
void doctor_libc_run(struct doctor *doctor);

/* Check: which family do programs try first? */
void doctor_libc_order_run(struct doctor *doctor);

#endif
