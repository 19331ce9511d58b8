#ifndef CTL_SERVER_FIGURES_H
#define CTL_SERVER_FIGURES_H

#include <stdbool.h>
#include <stdint.h>

struct snapshot;
struct upstream_group;
struct upstream_server;
struct upstreams;

/* What each of count workers knows of servers, as fleet_servers tells it. */
struct server_figures_source {
	const struct upstreams *known;
	unsigned count;
	uint64_t now;
};

/* What all of them together know of one. */
struct server_figures {
	uint64_t questions; /* sent to it, since the start */
	uint64_t failures;  /* not answered, or with an error */
	uint64_t answers;   /* those that waited tells of */
	uint64_t waited;    /* ns, all answers together */
	bool up;	    /* a worker at least has it for alive */
	bool down;	    /* none has, and one at least for dead */
	unsigned heard;	    /* workers that it has answered, and their sums */
	uint64_t srtt;	    /* microseconds */
	uint64_t success;   /* per mille */
	unsigned lacks;	    /* bits by enum upstream_skill */
};

struct server_figures
server_figures_of(const struct server_figures_source *source,
    const struct upstream_server *server);

/*
 * Every group of a snapshot once: a policy's is there for each network that it
 * holds in.  None when memory is short.
 */
typedef void (*server_figures_group_fn)(void *context,
    const struct upstream_group *group);
void server_figures_groups(const struct snapshot *snapshot,
    server_figures_group_fn fn, void *context);

/*
 * Every server of a snapshot once, with the first group that has it; none when
 * memory is short.
 */
typedef void (*server_figures_fn)(void *context,
    const struct upstream_group *group, const struct upstream_server *server);
void server_figures_each(const struct snapshot *snapshot, server_figures_fn fn,
    void *context);

#endif
