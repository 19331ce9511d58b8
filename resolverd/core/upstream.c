#include "core/upstream.h"

#include <assert.h>

/* How long a silent server is asked last: 1 s, doubled each time, to 32 s. */
#define QUIET_FIRST UINT64_C(1000000000)
enum { QUIET_DOUBLINGS = 5 };

static const struct upstream_state *
state_find(const struct upstreams *upstreams, const struct addr *server)
{
	for (unsigned i = 0; i < upstreams->count; i++) {
		if (addr_equal(&upstreams->states[i].addr, server))
			return &upstreams->states[i];
	}
	return NULL;
}

/* The state to write to; a server that has none takes the oldest place. */
static struct upstream_state *
state_of(struct upstreams *upstreams, const struct addr *server)
{
	const struct upstream_state *known = state_find(upstreams, server);
	struct upstream_state *state;

	if (known != NULL)
		return &upstreams->states[known - upstreams->states];
	state = &upstreams->states[upstreams->next];
	*state = (struct upstream_state){.addr = *server};
	upstreams->next = (upstreams->next + 1) % UPSTREAM_STATES;
	if (upstreams->count < UPSTREAM_STATES)
		upstreams->count++;
	return state;
}

static bool
upstream_quiet(const struct upstreams *upstreams, const struct addr *server,
    uint64_t now)
{
	const struct upstream_state *state = state_find(upstreams, server);

	return state != NULL && now < state->quiet_until;
}

/* The first server whose bit is not in skip, one not quiet if possible. */
static const struct addr *
first_of(const struct upstreams *upstreams, const struct upstream_group *group,
    unsigned skip, uint64_t now)
{
	const struct addr *fallback = NULL;

	for (unsigned i = 0; i < group->count; i++) {
		const struct addr *server = &group->servers[i];

		if ((skip >> i & 1) != 0)
			continue;
		if (!upstream_quiet(upstreams, server, now))
			return server;
		if (fallback == NULL)
			fallback = server;
	}
	return fallback;
}

const struct addr *
upstream_pick(const struct upstreams *upstreams,
    const struct upstream_group *group, unsigned tried, unsigned failed,
    uint64_t now)
{
	const struct addr *server;

	assert(group->count > 0 && group->count <= UPSTREAM_SERVERS);
	server = first_of(upstreams, group, tried | failed, now);
	if (server != NULL)
		return server;
	return first_of(upstreams, group, failed, now);
}

void
upstream_heard(struct upstreams *upstreams, const struct addr *server)
{
	struct upstream_state *state = state_of(upstreams, server);

	state->quiet_until = 0;
	state->silences = 0;
}

void
upstream_silent(struct upstreams *upstreams, const struct addr *server,
    uint64_t now)
{
	struct upstream_state *state = state_of(upstreams, server);

	/* One silence met by many questions at a time is one silence. */
	if (now < state->quiet_until)
		return;
	state->quiet_until = now + (QUIET_FIRST << state->silences);
	if (state->silences < QUIET_DOUBLINGS)
		state->silences++;
}
