#ifndef CTL_FLEET_H
#define CTL_FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/counters.h"
#include "core/snapshot.h"
#include "io/chore.h"
#include "io/latency.h"
#include "io/mailbox.h"

struct boot;
struct inquiry;
struct upstreams;
struct worker;

/* All workers, as the control thread sees them. */
struct fleet {
	struct worker **workers;
	struct message **stops;	  /* made at start: ending must not fail */
	unsigned count;		  /* of the workers that run */
	struct counters counters; /* the control thread's own */
	const struct snapshot *snapshot; /* in use: one reference */
	struct mailbox inbox;		 /* retired snapshots come here */
	bool open;
	bool ended;
};

/*
 * Starts boot->workers workers with snapshot, whose reference passes to them.
 * False after a log line; then none is left running, and the snapshot gone.
 */
bool fleet_start(struct fleet *fleet, const struct boot *boot,
    const struct snapshot *snapshot);

/*
 * Has all workers answer from snapshot, whose reference passes to them.
 * False when there is no memory: then nothing changed and snapshot is gone.
 */
bool fleet_publish(struct fleet *fleet, const struct snapshot *snapshot);

/*
 * Gives the control thread's reference back, and frees what nobody refers to
 * then; nothing for NULL.
 */
void fleet_drop(const struct snapshot *snapshot);

/*
 * Asks one of the workers; the answer comes to inquiry->answered out of
 * fleet_collect or, at the latest, fleet_stop.
 */
void fleet_ask(struct fleet *fleet, struct inquiry *inquiry);

/*
 * Frees the snapshots that came back and delivers answered inquiries, whose
 * number it returns; to be called when inbox is readable.
 */
size_t fleet_collect(struct fleet *fleet);

/*
 * What all workers report together; called once, in the control thread, out
 * of fleet_collect or, at the latest, fleet_stop.
 */
typedef void (
    *fleet_report_fn)(void *context, const struct cache_report *report);

/*
 * Has all workers drop entries of their caches; flush and its name are copied.
 * False when there is no memory: then done is not called.
 */
bool fleet_flush(struct fleet *fleet, const struct cache_flush *flush,
    fleet_report_fn done, void *context);

/* Has them only report. */
bool fleet_figures(struct fleet *fleet, fleet_report_fn done, void *context);

/* Likewise what each of `count` workers knows of servers, as copies. */
typedef void (
    *fleet_servers_fn)(void *context, struct upstreams *known, unsigned count);
bool fleet_servers(struct fleet *fleet, fleet_servers_fn done, void *context);

/* The sum of a counter over all workers and the control thread. */
uint64_t
fleet_counter(const struct fleet *fleet, const struct counter_row *row);

/* The sum of one origin's latencies over all workers. */
struct latency_figures
fleet_latency(const struct fleet *fleet, enum origin origin);

/* Likewise what clients ask, by the places in struct traffic. */
uint64_t fleet_traffic(const struct fleet *fleet, size_t transport,
    size_t family, size_t type);

/*
 * Ends all workers; what they had stays to be looked at, fleet_save included.
 * Nothing when not started.
 */
void fleet_end(struct fleet *fleet);

/* Saves the caches of workers that have ended, if boot says where. */
void fleet_save(const struct fleet *fleet, const struct boot *boot);

/* Ends all workers and frees what they had; nothing when not started. */
void fleet_stop(struct fleet *fleet);

#endif
