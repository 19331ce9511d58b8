#include "core/upstream.h"

#include <assert.h>
#include <string.h>

#include "base/rng.h"

#define US	    UINT64_C(1000)
#define MS	    UINT64_C(1000000)

/* How long a dead server is left alone: 1 s, doubled each time, to 32 s. */
#define QUIET_FIRST UINT64_C(1000000000)
enum { QUIET_DOUBLINGS = 5 };

/* Microseconds. */
enum {
	RTO_LEAST = 100000,
	RTO_MOST = 1000000,
	RTO_UNKNOWN = 400000,
	RTT_MOST = 4000000, /* a longer one belongs to an earlier question */
};

/* Ranking. */
enum {
	SAMPLES = 8, /* RFC 6298's alpha, and the share's */
	SUCCESS_ALL = 1000,
	SUCCESS_LEAST = 10,
	FAILURE_PRICE = 400000, /* microseconds: what else has to be asked */
	COST_DECAY = 128, /* a server of twice the cost: each 89th question */
};

enum { DOUBTS = 3 };

uint32_t
upstream_fingerprint(const struct upstream_server *server)
{
	const struct addr *addr = &server->addr;
	uint64_t parts[2] = {0, 0};
	uint64_t hash;

	if (addr->u.any.sa_family == AF_INET) {
		memcpy(parts, &addr->u.in4.sin_addr, sizeof(struct in_addr));
	} else {
		memcpy(parts, &addr->u.in6.sin6_addr, sizeof(struct in6_addr));
	}
	hash = parts[0] ^ (parts[1] << 29 | parts[1] >> 35);
	hash ^= (uint64_t)addr_port(addr) << 40;
	hash ^= (uint64_t)server->carrier << 60;
	/* Fibonacci hashing: the high bits depend on all others. */
	return (uint32_t)(hash * UINT64_C(0x9e3779b97f4a7c15) >> 32) | 1;
}

/* Whoever configures servers has no reason to aim at a bucket. */
static unsigned
bucket_of(const struct upstream_server *server)
{
	return (upstream_fingerprint(server) >> 16) % UPSTREAM_BUCKETS;
}

static bool
is_of(const struct upstream_state *state, const struct upstream_server *server)
{
	return state->carrier == server->carrier &&
	    addr_equal(&state->addr, &server->addr);
}

/* 1 + its index; 0: not known. */
static unsigned
state_number(const struct upstreams *upstreams,
    const struct upstream_server *server)
{
	unsigned at = upstreams->buckets[bucket_of(server)];

	while (at != 0 && !is_of(&upstreams->states[at - 1], server))
		at = upstreams->states[at - 1].next;
	return at;
}

/* NULL: not known. */
static struct upstream_state *
state_find(struct upstreams *upstreams, const struct upstream_server *server)
{
	const unsigned number = state_number(upstreams, server);

	return number == 0 ? NULL : &upstreams->states[number - 1];
}

const struct upstream_state *
upstream_known(const struct upstreams *upstreams,
    const struct upstream_server *server)
{
	const unsigned number = state_number(upstreams, server);

	return number == 0 ? NULL : &upstreams->states[number - 1];
}

/* Takes a state out of its bucket. */
static void
state_forget(struct upstreams *upstreams, const struct upstream_state *state)
{
	const struct upstream_server server = {
	    .addr = state->addr,
	    .carrier = state->carrier,
	};
	const unsigned number = 1 + (unsigned)(state - upstreams->states);
	unsigned *link = &upstreams->buckets[bucket_of(&server)];

	while (*link != number)
		link = &upstreams->states[*link - 1].next;
	*link = state->next;
}

struct upstream_state *
upstream_state(struct upstreams *upstreams,
    const struct upstream_server *server)
{
	const unsigned number = state_number(upstreams, server);
	struct upstream_state *state;
	unsigned *bucket;

	if (number != 0)
		return &upstreams->states[number - 1];
	state = &upstreams->states[upstreams->next];
	if (upstreams->count == UPSTREAM_STATES) {
		state_forget(upstreams, state);
	} else {
		upstreams->count++;
	}
	upstreams->next = (upstreams->next + 1) % UPSTREAM_STATES;
	bucket = &upstreams->buckets[bucket_of(server)];
	*state = (struct upstream_state){
	    .addr = server->addr,
	    .carrier = server->carrier,
	    .next = *bucket,
	    .success = SUCCESS_ALL,
	};
	*bucket = 1 + (unsigned)(state - upstreams->states);
	return state;
}

static bool
is_dead(const struct upstream_state *state)
{
	return state->probe_at != 0;
}

/*
 * How soon a server is asked: less is sooner.  The dead come last; an unknown
 * one first, so that it gets known.
 */
static uint64_t
rank_of(struct upstreams *upstreams, const struct upstream_group *group,
    unsigned index)
{
	const struct upstream_state *state =
	    state_find(upstreams, &group->servers[index]);
	uint64_t rank;

	if (state == NULL)
		return group->listed ? index : 0;
	rank = group->listed ? index : state->cost;
	return is_dead(state) ? rank + UINT64_C(0x100000000) : rank;
}

/* The first of those of least rank whose bit is not in skip; NULL: none. */
static const struct upstream_server *
best_of(struct upstreams *upstreams, const struct upstream_group *group,
    unsigned skip)
{
	const struct upstream_server *best = NULL;
	uint64_t least = UINT64_MAX;

	for (unsigned i = 0; i < group->count; i++) {
		uint64_t rank;

		if ((skip >> i & 1) != 0)
			continue;
		rank = rank_of(upstreams, group, i);
		if (rank >= least)
			continue;
		least = rank;
		best = &group->servers[i];
	}
	return best;
}

const struct upstream_server *
upstream_pick(struct upstreams *upstreams, const struct upstream_group *group,
    unsigned tried, unsigned failed)
{
	const struct upstream_server *server;

	assert(group->count <= UPSTREAM_SERVERS);
	server = best_of(upstreams, group, tried | failed);
	return server != NULL ? server : best_of(upstreams, group, failed);
}

void
upstream_asked(struct upstreams *upstreams, const struct upstream_group *group,
    const struct upstream_server *server)
{
	for (unsigned i = 0; i < group->count; i++) {
		struct upstream_state *state;

		if (&group->servers[i] == server)
			continue;
		state = state_find(upstreams, &group->servers[i]);
		if (state != NULL)
			state->cost -= state->cost / COST_DECAY;
	}
}

/* Puts the next probe off, for longer each time. */
static void
put_off(struct upstream_state *state, uint64_t now)
{
	state->probe_at = now + (QUIET_FIRST << state->silences);
	if (state->silences < QUIET_DOUBLINGS)
		state->silences++;
}

unsigned
upstream_probes(struct upstreams *upstreams, const struct upstream_group *group,
    uint64_t now, bool *all)
{
	unsigned due = 0;
	unsigned dead = 0;

	for (unsigned i = 0; i < group->count; i++) {
		struct upstream_state *state =
		    state_find(upstreams, &group->servers[i]);

		if (state == NULL || !is_dead(state))
			continue;
		dead++;
		if (now < state->probe_at)
			continue;
		due |= 1U << i;
		put_off(state, now);
	}
	*all = dead == group->count;
	return due;
}

/* In microseconds. */
static uint32_t
rto_of(const struct upstream_state *state)
{
	const uint32_t rto = state->srtt + 4 * state->rttvar;

	if (state->srtt == 0)
		return RTO_UNKNOWN;
	if (rto < RTO_LEAST)
		return RTO_LEAST;
	return rto > RTO_MOST ? RTO_MOST : rto;
}

uint64_t
upstream_rto(const struct upstream_state *state)
{
	return rto_of(state) * US;
}

/* RFC 6298 section 2. */
static void
learn_rtt(struct upstream_state *state, uint32_t rtt)
{
	const uint32_t off =
	    state->srtt > rtt ? state->srtt - rtt : rtt - state->srtt;

	if (state->srtt == 0) {
		state->srtt = rtt;
		state->rttvar = rtt / 2;
		return;
	}
	state->rttvar = state->rttvar - state->rttvar / 4 + off / 4;
	state->srtt = state->srtt - state->srtt / SAMPLES + rtt / SAMPLES;
}

/*
 * What a success costs: its time, and for each failure that comes before it a
 * wait.
 */
static void
learn_share(struct upstream_state *state, bool success)
{
	const uint32_t share = success ? SUCCESS_ALL : 0;
	uint64_t cost;
	uint32_t least;

	state->success =
	    state->success - state->success / SAMPLES + share / SAMPLES;
	least = state->success < SUCCESS_LEAST ? SUCCESS_LEAST : state->success;
	cost = state->srtt +
	    (uint64_t)FAILURE_PRICE * (SUCCESS_ALL - state->success) / least;
	state->cost = cost == 0 ? 1 : (uint32_t)cost;
}

void
upstream_alive(struct upstream_state *state, uint64_t now)
{
	state->heard_at = now;
	/* The outage's failures say nothing of what follows it. */
	if (is_dead(state))
		state->success = SUCCESS_ALL;
	state->probe_at = 0;
	state->silences = 0;
}

void
upstream_sent(struct upstream_state *state)
{
	state->questions++;
}

void
upstream_heard(struct upstream_state *state, uint64_t sent_at, uint64_t now,
    bool success)
{
	const uint64_t us = (now - sent_at) / US;

	upstream_alive(state, now);
	state->answers++;
	state->waited += now - sent_at;
	if (!success)
		state->failures++;
	learn_rtt(state, us == 0 ? 1 : us > RTT_MOST ? RTT_MOST : (uint32_t)us);
	learn_share(state, success);
}

void
upstream_silent(struct upstream_state *state, uint64_t sent_at, uint64_t now)
{
	state->failures++;
	if (is_dead(state))
		return;
	learn_share(state, false);
	/* Or one datagram was lost, for others came through. */
	if (state->heard_at <= sent_at)
		put_off(state, now);
}

bool
upstream_can(const struct upstream_state *state, enum upstream_skill skill,
    uint64_t now)
{
	return now >= state->cannot_until[skill];
}

void
upstream_cannot(struct upstream_state *state, enum upstream_skill skill,
    uint64_t until)
{
	state->cannot_until[skill] = until;
}

bool
upstream_doubted(struct upstream_state *state, enum upstream_skill skill,
    uint64_t now)
{
	if (++state->doubts < DOUBTS)
		return false;
	state->doubts = 0;
	upstream_cannot(state,
	    upstream_can(state, SKILL_TCP, now) ? SKILL_UDP : skill,
	    now + UPSTREAM_RUMOUR);
	return true;
}

void
upstream_trusted(struct upstream_state *state)
{
	state->doubts = 0;
}

const struct cookie *
upstream_cookie(struct upstream_state *state, struct rng *rng)
{
	uint32_t half;

	for (size_t i = 0; i < COOKIE_CLIENT && !state->has_cookie;
	     i += sizeof(half)) {
		half = rng_u32(rng);
		memcpy(state->cookie.client + i, &half, sizeof(half));
	}
	state->has_cookie = true;
	return &state->cookie;
}
