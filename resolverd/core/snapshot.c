#include "core/snapshot.h"

#include <assert.h>

const struct snapshot *
snapshot_hold(const struct snapshot *snapshot)
{
	/* Whoever holds one reference may take another: no order is needed. */
	const unsigned before =
	    atomic_fetch_add_explicit(&snapshot->life->references, 1,
		memory_order_relaxed);

	assert(before > 0);
	return snapshot;
}

bool
snapshot_drop(const struct snapshot *snapshot)
{
	/* The last one must see what all others did before they let go. */
	const unsigned before =
	    atomic_fetch_sub_explicit(&snapshot->life->references, 1,
		memory_order_acq_rel);

	assert(before > 0);
	return before == 1;
}

bool
snapshot_allows(const struct snapshot *snapshot, const struct addr *client)
{
	for (size_t i = 0; i < snapshot->allow_count; i++) {
		if (prefix_has(&snapshot->allow[i], client))
			return true;
	}
	return false;
}

bool
snapshot_is_inbound(const struct snapshot *snapshot, const struct addr *local)
{
	for (size_t i = 0; i < snapshot->inbound_count; i++) {
		if (addr_same_host(&snapshot->inbound[i], local))
			return true;
	}
	return false;
}
