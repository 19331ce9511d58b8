#ifndef CTL_NETWORKS_H
#define CTL_NETWORKS_H

#include <stddef.h>

#include "base/addr.h"

/*
 * What the host's interfaces say; each fills at most cap entries of out and
 * returns how many.
 */

/* The networks the host is part of, never the whole Internet. */
size_t networks_prefixes(struct prefix *out, size_t cap);

/*
 * The host's addresses of the family of `any`, with its port: what a
 * listener on every address listens on.
 */
size_t networks_addresses(const struct addr *any, struct addr *out, size_t cap);

/* Makes a prefix of an address and a netmask of its family. */
void networks_prefix(const struct addr *addr, const struct addr *mask,
    struct prefix *out);

#endif
