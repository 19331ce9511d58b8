#ifndef CTL_RESOLVCONF_H
#define CTL_RESOLVCONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/addr.h"
#include "core/upstream.h"

/* Addresses that are the daemon's own: forwarding there would go in circles. */
struct resolvconf_own {
	const struct addr *addrs;
	size_t count;
};

struct resolvconf {
	struct addr servers[UPSTREAM_SERVERS];
	size_t count;
	size_t own; /* name servers left out */
};

/* Reads the name servers of a file such as resolv.conf(5) describes. */
void resolvconf_read(FILE *file, const struct resolvconf_own *own,
    struct resolvconf *out);

/* Whether the host's product name is that of Google Compute Engine. */
bool resolvconf_is_gce(FILE *product_name);

/*
 * The system's name servers: those of /etc/resolv.conf, or on Compute Engine
 * the metadata server when that file leaves none.
 */
void
resolvconf_system(const struct resolvconf_own *own, struct resolvconf *out);

#endif
