#ifndef CTL_OWN_ADDRESSES_H
#define CTL_OWN_ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "model/model.h"

enum { OWN_ADDRESSES = 256 };

/* Where this daemon listens: forwarding there would go in circles. */
struct own_addresses {
	struct addr addrs[OWN_ADDRESSES];
	size_t count;
};

/*
 * Gathers them from what it listens on.  Every address (0.0.0.0 or ::) stands
 * for those that the host has at this moment.
 */
void own_addresses_find(struct own_addresses *own, const struct addr *listen,
    size_t count);

/* Whether what is sent to server comes in here. */
bool
own_addresses_has(const struct own_addresses *own, const struct addr *server);

/* Whether the kernel hands what is sent there to a process of this machine. */
bool own_addresses_is_local(const struct addr *server);

/* Logs which servers of a model are among them: they are left out. */
void own_addresses_complain(const struct own_addresses *own,
    const struct model *model);

#endif
