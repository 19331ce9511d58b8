#ifndef IO_WORKER_H
#define IO_WORKER_H

#include <event2/event_struct.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/rng.h"
#include "core/counters.h"
#include "core/engine.h"
#include "io/alarm.h"
#include "io/herd.h"
#include "io/latency.h"
#include "io/link.h"
#include "io/mailbox.h"
#include "io/qlog.h"
#include "io/task.h"
#include "io/tcp.h"
#include "io/traffic.h"

struct boot;
struct udp;

/*
 * One thread that answers, with everything it needs for itself: it shares
 * nothing but snapshots, and messages in two mailboxes.  It lies, with all of
 * its memory, in one mapping; pages that are never used cost nothing.
 */
struct worker {
	const struct boot *boot;
	size_t size; /* of the mapping, this struct included */
	struct arena memory;
	pthread_t thread;
	struct event_base *base;

	bool checks_loops; /* for all workers: the marks are common */

	struct engine engine;
	struct counters counters;
	struct latency latency;
	struct traffic traffic;
	struct qlog qlog;
	struct rng rng;
	struct log_gate inside_gate; /* trace_inside's */
	uint8_t *incoming; /* MESSAGE_MAX octets for one upstream message */
	uint8_t *outgoing; /* MESSAGE_MAX octets for one late answer */

	struct tasks tasks;
	uint64_t date_due;	  /* when the date is looked at again */
	struct task *spare;	  /* where the next query starts */
	struct task *undelivered; /* the engine must be told yet */
	struct alarm alarm;	  /* the parked queries' */
	struct links links;
	struct herd herd; /* of sockets that wait for an answer */

	struct udp *udp; /* boot->listen_count of them */
	struct tcp tcp;

	struct mailbox inbox;
	struct event mail;
	struct mailbox *outbox;	   /* the control thread's */
	struct message *envelopes; /* to send retired snapshots home in */
};

/*
 * Makes worker `index` with a reference to snapshot, which it holds for
 * itself, and starts its thread.  Retired snapshots go to outbox.  NULL with
 * errno set; then nothing is left behind.
 */
struct worker *worker_start(const struct boot *boot, unsigned index,
    const struct snapshot *snapshot, struct mailbox *outbox);

/*
 * Sends a message; each ADOPT brings the envelope in which one snapshot comes
 * back, so that a worker needs no memory for it.  Any thread.
 */
void worker_post(struct worker *worker, struct message *message);

/*
 * Waits for a worker that was sent MESSAGE_STOP to end.  Its cache and counters
 * stay as they are.
 */
void worker_join(struct worker *worker);

/*
 * Frees one that has ended, and the messages that it did not need, the stop
 * message as well.
 */
void worker_free(struct worker *worker);

/* Within the worker: sends snapshots that nobody refers to any more home. */
void worker_return_retired(struct worker *worker);

#endif
