#include "ctl/server_figures.h"

#include <stddef.h>

#include "core/snapshot.h"
#include "core/upstream.h"

struct server_figures
server_figures_of(const struct server_figures_source *source,
    const struct upstream_server *server)
{
	struct server_figures sum = {.questions = 0};
	bool dead = false;

	for (unsigned i = 0; i < source->count; i++) {
		const struct upstream_state *state =
		    upstream_state(&source->known[i], server);

		sum.questions += state->questions;
		sum.failures += state->failures;
		sum.answers += state->answers;
		sum.waited += state->waited;
		if (state->probe_at != 0) {
			dead = true;
		} else if (state->srtt != 0) {
			sum.up = true;
		}
	}
	sum.down = dead && !sum.up;
	return sum;
}

/* Whether it was met before: in a group before this one, or earlier in it. */
static bool
is_met(const struct snapshot *snapshot, const struct upstream_server *server)
{
	const uint32_t fingerprint = upstream_fingerprint(server);

	for (const struct upstream_group *group = snapshot->groups;
	     group != NULL; group = group->next) {
		for (unsigned i = 0; i < group->count; i++) {
			const struct upstream_server *other =
			    &group->servers[i];

			if (other == server)
				return false;
			if (upstream_fingerprint(other) == fingerprint)
				return true;
		}
	}
	return false;
}

void
server_figures_each(const struct snapshot *snapshot, server_figures_fn fn,
    void *context)
{
	for (const struct upstream_group *group = snapshot->groups;
	     group != NULL; group = group->next) {
		for (unsigned i = 0; i < group->count; i++) {
			if (!is_met(snapshot, &group->servers[i]))
				fn(context, group, &group->servers[i]);
		}
	}
}
