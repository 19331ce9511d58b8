#ifndef CTL_DOCTOR_ADDRS_H
#define CTL_DOCTOR_ADDRS_H

#include <stdbool.h>
#include <stddef.h>

#include "ctl/doctor.h"

/* Lists of addresses, and what an address is. */

/* Where a connection to an address goes. */
enum doctor_place {
	DOCTOR_RESTRICTED, /* restricted.googleapis.com */
	DOCTOR_PRIVATE,	   /* private.googleapis.com */
	DOCTOR_OWN_VIP,	   /* what a preset of the operator's own names */
	DOCTOR_ENDPOINT,   /* Private Service Connect's */
	DOCTOR_INTERNAL,   /* of a private network */
	DOCTOR_LOOPBACK,
	DOCTOR_PUBLIC,
};

enum doctor_place doctor_addrs_place(const struct doctor_expected *expected,
    const struct addr *addr);

/* "the restricted VIP", "a public address" */
const char *doctor_addrs_place_text(enum doctor_place place);

/* Adds one unless it is there already, or there is no room. */
void doctor_addrs_add(struct doctor_addrs *addrs, const struct addr *addr);

/* Likewise the addresses of a reply's answer section. */
void doctor_addrs_add_answers(struct doctor_addrs *addrs,
    const struct response *response);

/* Whether it is there; port 0 of either stands for any. */
bool
doctor_addrs_has(const struct doctor_addrs *addrs, const struct addr *addr);

/* Whether both have the same, in whatever order. */
bool
doctor_addrs_equal(const struct doctor_addrs *a, const struct doctor_addrs *b);

/* The first IPv4 (or IPv6) ones alone. */
struct doctor_addrs
doctor_addrs_of(const struct doctor_addrs *addrs, sa_family_t family);

/* "192.0.2.1, 192.0.2.2", in the arena; "none". */
const char *
doctor_addrs_text(struct doctor *doctor, const struct doctor_addrs *addrs);

/* "192.0.2.1", "192.0.2.1:5353": port 53 is left out; in the arena. */
const char *
doctor_addrs_server_text(struct doctor *doctor, const struct addr *server);

#endif
