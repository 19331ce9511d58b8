#include "core/upstream.h"

#include <assert.h>

/* How long a silent server is asked last: 1 s, doubled each time, to 32 s. */
#define QUIET_FIRST UINT64_C(1000000000)
enum { QUIET_DOUBLINGS = 5 };

/* Ranking. */
#define US UINT64_C(1000)
enum {
	RTT_MOST = 4000000, /* microseconds: what a silence counts for */
	SAMPLES = 8,
	SUCCESS_ALL = 1000,
	SUCCESS_LEAST = 10,
	COST_DECAY = 128, /* a server of twice the cost: each 89th question */
};

static const struct upstream_state *
state_find(const struct upstreams *upstreams,
    const struct upstream_server *server)
{
	for (unsigned i = 0; i < upstreams->count; i++) {
		if (addr_equal(&upstreams->states[i].addr, &server->addr))
			return &upstreams->states[i];
	}
	return NULL;
}

/* The state to write to; a server that has none takes the oldest place. */
static struct upstream_state *
state_of(struct upstreams *upstreams, const struct upstream_server *server)
{
	const struct upstream_state *known = state_find(upstreams, server);
	struct upstream_state *state;

	if (known != NULL)
		return &upstreams->states[known - upstreams->states];
	state = &upstreams->states[upstreams->next];
	*state = (struct upstream_state){.addr = server->addr};
	upstreams->next = (upstreams->next + 1) % UPSTREAM_STATES;
	if (upstreams->count < UPSTREAM_STATES)
		upstreams->count++;
	return state;
}

static bool
upstream_quiet(const struct upstreams *upstreams,
    const struct upstream_server *server, uint64_t now)
{
	const struct upstream_state *state = state_find(upstreams, server);

	return state != NULL && now < state->quiet_until;
}

/* What a success of that server costs; 0: not known yet. */
static uint32_t
cost_of(const struct upstreams *upstreams, const struct upstream_server *server)
{
	const struct upstream_state *state = state_find(upstreams, server);

	return state == NULL ? 0 : state->cost;
}

/* The cheapest server whose bit is not in skip; a quiet one for want of it. */
static const struct upstream_server *
best_of(const struct upstreams *upstreams, const struct upstream_group *group,
    unsigned skip, uint64_t now)
{
	const struct upstream_server *best = NULL;
	bool best_quiet = false;

	for (unsigned i = 0; i < group->count; i++) {
		const struct upstream_server *server = &group->servers[i];
		const bool quiet = upstream_quiet(upstreams, server, now);

		if ((skip >> i & 1) != 0)
			continue;
		if (best == NULL || (best_quiet && !quiet) ||
		    (best_quiet == quiet &&
			cost_of(upstreams, server) <
			    cost_of(upstreams, best))) {
			best = server;
			best_quiet = quiet;
		}
	}
	return best;
}

/* The first server whose bit is not in skip, one not quiet if possible. */
static const struct upstream_server *
first_of(const struct upstreams *upstreams, const struct upstream_group *group,
    unsigned skip, uint64_t now)
{
	const struct upstream_server *fallback = NULL;

	for (unsigned i = 0; i < group->count; i++) {
		const struct upstream_server *server = &group->servers[i];

		if ((skip >> i & 1) != 0)
			continue;
		if (!upstream_quiet(upstreams, server, now))
			return server;
		if (fallback == NULL)
			fallback = server;
	}
	return fallback;
}

const struct upstream_server *
upstream_pick(const struct upstreams *upstreams,
    const struct upstream_group *group, unsigned tried, unsigned failed,
    uint64_t now)
{
	const struct upstream_server *server;
	const struct upstream_server *(
	    *choose)(const struct upstreams *upstreams,
	    const struct upstream_group *group, unsigned skip, uint64_t now) =
	    group->listed ? first_of : best_of;

	assert(group->count > 0 && group->count <= UPSTREAM_SERVERS);
	server = choose(upstreams, group, tried | failed, now);
	if (server != NULL)
		return server;
	return choose(upstreams, group, failed, now);
}

void
upstream_asked(struct upstreams *upstreams, const struct upstream_group *group,
    const struct upstream_server *server)
{
	for (unsigned i = 0; i < group->count; i++) {
		struct upstream_state *state;

		if (&group->servers[i] == server ||
		    cost_of(upstreams, &group->servers[i]) == 0)
			continue;
		state = state_of(upstreams, &group->servers[i]);
		state->cost -= state->cost / COST_DECAY;
	}
}

/* One sample among many: the newest counts an eighth (RFC 6298). */
static uint32_t
smoothed(uint32_t old, uint32_t sample)
{
	return old - old / SAMPLES + sample / SAMPLES;
}

/* How long a success takes: what failures cost is time, too. */
static void
state_learn(struct upstream_state *state, uint32_t rtt, bool success)
{
	const uint32_t share = success ? SUCCESS_ALL : 0;
	uint64_t cost;

	state->success =
	    state->rtt == 0 ? share : smoothed(state->success, share);
	state->rtt = state->rtt == 0 ? rtt : smoothed(state->rtt, rtt);
	cost = (uint64_t)state->rtt * SUCCESS_ALL /
	    (state->success < SUCCESS_LEAST ? SUCCESS_LEAST : state->success);
	state->cost = cost == 0 ? 1 : (uint32_t)cost;
}

void
upstream_heard(struct upstreams *upstreams,
    const struct upstream_server *server, uint64_t rtt, bool success)
{
	struct upstream_state *state = state_of(upstreams, server);
	const uint64_t us = rtt / US;

	state->quiet_until = 0;
	state->silences = 0;
	state_learn(state,
	    us == 0		? 1
		: us > RTT_MOST ? RTT_MOST
				: (uint32_t)us,
	    success);
}

void
upstream_silent(struct upstreams *upstreams,
    const struct upstream_server *server, uint64_t now)
{
	struct upstream_state *state = state_of(upstreams, server);

	/* One silence met by many questions at a time is one silence. */
	if (now < state->quiet_until)
		return;
	state->quiet_until = now + (QUIET_FIRST << state->silences);
	if (state->silences < QUIET_DOUBLINGS)
		state->silences++;
	state_learn(state, RTT_MOST, false);
}
