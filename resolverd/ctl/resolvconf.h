#ifndef CTL_RESOLVCONF_H
#define CTL_RESOLVCONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/addr.h"
#include "core/upstream.h"
#include "ctl/own_addresses.h"

/* What a file such as resolv.conf(5) describes says of name servers. */
struct resolvconf {
	struct addr servers[UPSTREAM_SERVERS]; /* each once, in their order */
	size_t count;
	size_t own;	      /* left out: they are this daemon */
	bool own_first;	      /* one of those is asked before all others */
	bool network_manager; /* which says that it made the file */
};

/* Reads it; own may be empty.  Any octets are good enough. */
void resolvconf_read(FILE *file, const struct own_addresses *own,
    struct resolvconf *out);

#endif
