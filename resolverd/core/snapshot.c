#include "core/snapshot.h"

#include <assert.h>
#include <string.h>

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

static bool
viewer_fits(const struct viewer *viewer, const struct addr *client,
    const struct addr *local)
{
	const uint16_t port = addr_port(&viewer->local);

	if (viewer->local.len != 0 &&
	    (!addr_same_host(&viewer->local, local) ||
		(port != 0 && port != addr_port(local))))
		return false;
	return viewer->any_client || prefix_has(&viewer->client, client);
}

const struct view *
snapshot_view(const struct snapshot *snapshot, const struct addr *client,
    const struct addr *local)
{
	for (size_t i = 0; i < snapshot->viewer_count; i++) {
		if (viewer_fits(&snapshot->viewers[i], client, local))
			return &snapshot->viewers[i].view;
	}
	return &snapshot->view;
}

const struct view *
snapshot_view_named(const struct snapshot *snapshot, const char *network,
    const char *cluster)
{
	assert((network == NULL) != (cluster == NULL));
	for (size_t i = 0; i < snapshot->view_count; i++) {
		const struct view *view = &snapshot->views[i];

		if (cluster != NULL) {
			if (view->cluster_name != NULL &&
			    strcmp(view->cluster_name, cluster) == 0)
				return view;
		} else if (view->cluster == NULL &&
		    strcmp(view->network->name, network) == 0) {
			return view;
		}
	}
	return NULL;
}
