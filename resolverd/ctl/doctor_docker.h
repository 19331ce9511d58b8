#ifndef CTL_DOCTOR_DOCKER_H
#define CTL_DOCTOR_DOCKER_H

#include "ctl/doctor.h"

/* What Docker's daemon.json says of name servers. */
enum doctor_docker {
	DOCTOR_DOCKER_OK,     /* *servers are those of the key dns, if any */
	DOCTOR_DOCKER_BROKEN, /* it is no JSON object */
};

enum doctor_docker doctor_docker_read(const char *text, size_t len,
    struct arena *arena, struct doctor_addrs *servers);

/* Check: whom do containers ask? */
void doctor_docker_run(struct doctor *doctor);

#endif
