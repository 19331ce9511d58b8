#ifndef CTL_ANSWERER_H
#define CTL_ANSWERER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "ctl/port_owner.h"
#include "ctl/stub.h"

/*
 * Who answers where resolverd is asked.  That somebody does is not enough: it
 * may be a stranger who got the port first.
 */
enum answerer {
	ANSWERER_RESOLVERD,
	ANSWERER_STRANGER, /* a process that is seen, and is another */
	ANSWERER_UNKNOWN,  /* does not say that he is, and is not seen */
	ANSWERER_NOBODY,
};

/* The question whose answer says it (core/identity). */
struct question answerer_question(void);

/* Whether it does. */
bool answerer_says_so(const struct stub_reply *reply);

/*
 * What comes of both: whether he says so, and who has the port; NULL when that
 * cannot be seen.  The process decides, for a forwarder such as
 * dnsmasq passes the question on to the resolverd behind it.  Who but hands a
 * container's port on, or holds it for a service, does not.
 */
enum answerer answerer_judge(bool says_so, const struct port_owner *owner);

/*
 * Asks at an address.  Unless it is resolverd's, fault tells who answers there
 * and what is to be done.
 */
enum answerer
answerer_find(const struct addr *address, char *fault, size_t cap);

#endif
