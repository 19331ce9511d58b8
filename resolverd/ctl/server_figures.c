#include "ctl/server_figures.h"

#include <stddef.h>
#include <stdlib.h>

#include "core/snapshot.h"
#include "core/upstream.h"

/* The skills that a worker has found it not to have, bits. */
static unsigned
lacks_of(const struct upstream_state *state, uint64_t now)
{
	unsigned lacks = 0;

	for (unsigned i = 0; i < UPSTREAM_SKILLS; i++) {
		if (now < state->cannot_until[i])
			lacks |= 1U << i;
	}
	return lacks;
}

static void
add_performance(struct server_figures *sum, const struct upstream_state *state)
{
	if (state->srtt == 0)
		return;
	sum->heard++;
	sum->srtt += state->srtt;
	sum->success += state->success;
}

struct server_figures
server_figures_of(const struct server_figures_source *source,
    const struct upstream_server *server)
{
	struct server_figures sum = {.questions = 0};
	bool dead = false;

	for (unsigned i = 0; i < source->count; i++) {
		const struct upstream_state *state =
		    upstream_known(&source->known[i], server);

		if (state == NULL)
			continue;
		sum.questions += state->questions;
		sum.failures += state->failures;
		sum.answers += state->answers;
		sum.waited += state->waited;
		sum.lacks |= lacks_of(state, source->now);
		add_performance(&sum, state);
		if (state->probe_at != 0) {
			dead = true;
		} else if (state->srtt != 0) {
			sum.up = true;
		}
	}
	sum.down = dead && !sum.up;
	return sum;
}

/* Each server, once: a hash table that is never full. */
struct met {
	const struct upstream_server **slots; /* NULL: free */
	size_t size;			      /* a power of two */
};

static size_t
count_servers(const struct snapshot *snapshot)
{
	size_t count = 0;

	for (const struct upstream_group *group = snapshot->groups;
	     group != NULL; group = group->next)
		count += group->count;
	return count;
}

static bool
same_server(const struct upstream_server *a, const struct upstream_server *b)
{
	return a->carrier == b->carrier && addr_equal(&a->addr, &b->addr);
}

/* Whether it was met before: in a group before this one, or earlier in it. */
static bool
is_met(struct met *met, const struct upstream_server *server)
{
	size_t at = (upstream_fingerprint(server) >> 1) & (met->size - 1);

	while (met->slots[at] != NULL) {
		if (same_server(met->slots[at], server))
			return true;
		at = (at + 1) & (met->size - 1);
	}
	met->slots[at] = server;
	return false;
}

void
server_figures_each(const struct snapshot *snapshot, server_figures_fn fn,
    void *context)
{
	const size_t count = count_servers(snapshot);
	struct met met = {.size = 1};

	while (met.size <= 2 * count)
		met.size *= 2;
	met.slots = calloc(met.size, sizeof(const struct upstream_server *));
	if (met.slots == NULL)
		return;
	for (const struct upstream_group *group = snapshot->groups;
	     group != NULL; group = group->next) {
		for (unsigned i = 0; i < group->count; i++) {
			if (!is_met(&met, &group->servers[i]))
				fn(context, group, &group->servers[i]);
		}
	}
	free(met.slots);
}
