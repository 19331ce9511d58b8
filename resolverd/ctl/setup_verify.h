#ifndef CTL_SETUP_VERIFY_H
#define CTL_SETUP_VERIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "ctl/own_addresses.h"

enum { SETUP_NAMES = 8, SETUP_VERIFY_FAULT = 256 };

/* Names that programs of this machine could resolve before. */
struct setup_verify {
	const char *names[SETUP_NAMES];
	size_t count;
};

/* Finds which of the names libc resolves now; each takes 10 s at most. */
void setup_verify_before(struct setup_verify *verify, const char *const *names,
    size_t count);

/* The first of them that resolverd does not resolve; NULL: it does all. */
const char *setup_verify_daemon(const struct setup_verify *verify,
    const struct addr *address);

/* The first of them that libc does not resolve any more; NULL: all. */
const char *setup_verify_after(const struct setup_verify *verify);

/* Whether libc asks us; it may take a service a moment to have it so. */
bool setup_verify_used(int root, const struct own_addresses *own);

#endif
