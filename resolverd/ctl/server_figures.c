#include "ctl/server_figures.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

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

/* What was met before: a hash table that is never full. */
struct met {
	const void **slots; /* NULL: free */
	size_t size;	    /* a power of two */
	bool (*same)(const void *a, const void *b);
};

static bool
met_init(struct met *met, size_t count)
{
	met->size = 1;
	while (met->size <= 2 * count)
		met->size *= 2;
	met->slots = calloc(met->size, sizeof(met->slots[0]));
	return met->slots != NULL;
}

/* Whether the like of it was met; from now on it was. */
static bool
met_before(struct met *met, uint64_t hash, const void *one)
{
	size_t at = hash & (met->size - 1);

	while (met->slots[at] != NULL) {
		if (met->same(met->slots[at], one))
			return true;
		at = (at + 1) & (met->size - 1);
	}
	met->slots[at] = one;
	return false;
}

static bool
same_group(const void *a, const void *b)
{
	const struct upstream_group *one = a;
	const struct upstream_group *other = b;

	return one->id == other->id && strcmp(one->whose, other->whose) == 0;
}

static size_t
count_groups(const struct snapshot *snapshot)
{
	size_t count = 0;

	for (const struct upstream_group *group = snapshot->groups;
	     group != NULL; group = group->next)
		count++;
	return count;
}

void
server_figures_groups(const struct snapshot *snapshot,
    server_figures_group_fn fn, void *context)
{
	struct met met = {.same = same_group};

	if (!met_init(&met, count_groups(snapshot)))
		return;
	for (const struct upstream_group *group = snapshot->groups;
	     group != NULL; group = group->next) {
		/* Those of many zones may have one id. */
		const uint64_t hash = group->id ^
		    hash_bytes(&snapshot->key, group->whose,
			strlen(group->whose));

		if (!met_before(&met, hash, group))
			fn(context, group);
	}
	free(met.slots);
}

static bool
same_server(const void *a, const void *b)
{
	const struct upstream_server *one = a;
	const struct upstream_server *other = b;

	return one->carrier == other->carrier &&
	    addr_equal(&one->addr, &other->addr);
}

static size_t
count_servers(const struct snapshot *snapshot)
{
	size_t count = 0;

	for (const struct upstream_group *group = snapshot->groups;
	     group != NULL; group = group->next)
		count += group->count;
	return count;
}

void
server_figures_each(const struct snapshot *snapshot, server_figures_fn fn,
    void *context)
{
	struct met met = {.same = same_server};

	if (!met_init(&met, count_servers(snapshot)))
		return;
	for (const struct upstream_group *group = snapshot->groups;
	     group != NULL; group = group->next) {
		for (unsigned i = 0; i < group->count; i++) {
			const struct upstream_server *server =
			    &group->servers[i];

			if (!met_before(&met, upstream_fingerprint(server) >> 1,
				server))
				fn(context, group, server);
		}
	}
	free(met.slots);
}
