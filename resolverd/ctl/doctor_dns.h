#ifndef CTL_DOCTOR_DNS_H
#define CTL_DOCTOR_DNS_H

#include "ctl/doctor.h"

/* Check: does the name have addresses, and where do they lead? */
void doctor_dns_run(struct doctor *doctor);

/* Check: do the other types, AAAA and HTTPS, lead past the addresses? */
void doctor_dns_types_run(struct doctor *doctor);

#endif
