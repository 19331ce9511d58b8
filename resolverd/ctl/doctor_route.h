#ifndef CTL_DOCTOR_ROUTE_H
#define CTL_DOCTOR_ROUTE_H

#include <stdbool.h>

#include "ctl/doctor.h"

enum { DOCTOR_DEVICE = 16 };

/* How the kernel would send something to an address. */
struct doctor_route {
	int error;  /* why it would not: an errno, or 0 */
	bool local; /* to this machine itself */
	char device[DOCTOR_DEVICE];
	struct addr gateway; /* len 0: none, the network is adjacent */
	struct addr source;  /* likewise when it does not say */
};

/*
 * Asks the kernel (rtnetlink(7), RTM_GETROUTE).  ENETUNREACH: no route;
 * EINVAL: a blackhole; EHOSTUNREACH, EACCES: one that says unreachable or
 * prohibit.
 */
void doctor_route_find(const struct addr *to, struct doctor_route *route);

/* Check: is there a way to the addresses of the name? */
void doctor_route_run(struct doctor *doctor);

/* "199.36.153.4/30" for an address of a VIP, else the address itself. */
const char *doctor_route_range(struct doctor *doctor, const struct addr *addr);

/* The addresses that a connection to the name would go to. */
const struct doctor_addrs *doctor_route_addrs(const struct doctor *doctor);

#endif
