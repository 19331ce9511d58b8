#ifndef CORE_ENGINE_H
#define CORE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/rng.h"
#include "core/cache.h"
#include "core/counters.h"
#include "core/errand.h"
#include "core/flight.h"
#include "core/limiter.h"
#include "core/mould.h"
#include "core/query.h"
#include "core/snapshot.h"
#include "core/upstream.h"

struct loop_marks;

/* What the shell must do; nothing else is asked of it. */
enum verdict {
	VERDICT_DROP,  /* say nothing, forget the query */
	VERDICT_REPLY, /* send query->out_len octets of out, forget the query */
	VERDICT_ASK,   /* send query->sent[query->ask]; call engine_timeout at
			  until */
	VERDICT_WAIT,  /* nothing to send; call engine_timeout at until */
	VERDICT_REPLY_EARLY, /* as REPLY for the client, who is then forgotten;
				as WAIT for the query, which goes on alone */
};

/* How the wait for an upstream answer ended. */
struct outcome {
	bool answered; /* with reply; else why and text */
	bool heard;    /* some server answered, if only with an error */
	struct reply reply;
	enum ede why;
	const char *why_text;
	uint8_t *scratch; /* where it ends there: each waiter begins anew */
};

/*
 * One worker's decisions: from a datagram to a datagram without I/O, heap,
 * clock or log.  Time (nanoseconds, monotonic), randomness and memory are
 * handed in.
 *
 * A query is parked after VERDICT_ASK and VERDICT_WAIT: the engine then keeps
 * a pointer to it until a later call returns VERDICT_REPLY or VERDICT_DROP for
 * it, and what it was answered from stays until the next call but engine_next.
 * A client that has gone in the meantime is the shell's business: it throws the
 * reply away.  Every call that may answer writes at most query->cap octets to
 * query->out, which the shell sets before.
 */
struct engine {
	const struct snapshot *snapshot;
	struct counters *counters;
	struct rng *rng;
	struct loop_marks *loops; /* or NULL */
	struct cache cache;
	struct upstreams upstreams;
	struct flight flight;
	struct limiter limiter;
	bool metered; /* meter is what it says of the packet at hand */
	enum limiter_verdict meter;
	unsigned sharers;	     /* engines that share each rate limit */
	struct errands errands;	     /* that the event at hand led to */
	struct arena scratch;	     /* lives for one call */
	const struct packet *packet; /* the client's message at hand */
	const struct answer_packet *incoming; /* the upstream's */
	uint64_t per_hop_at; /* when CHASING_AUTO becomes per hop */
	struct reply reply;  /* the upstream answer at hand, in scratch */
	enum ede why;	     /* why there is none, or no other answer */
	const char *why_text;
	struct outcome outcome; /* for all who waited for it */
	struct query *released; /* waiters that the last call set free */
	enum crowd_scope full;	/* why engine_evict comes: what has no room */
	struct query *finished; /* whose snapshot is still referred to */
	struct snapshot_life *retired;
	struct moulds moulds; /* last: most of it is never touched */
};

/* Memory and sources an engine works with; all outlive it. */
struct engine_parts {
	struct counters *counters;
	struct rng *rng;
	void *cache_block;
	size_t cache_size; /* at least CACHE_SIZE_MIN */
	void *scratch;
	size_t scratch_size;	    /* ENGINE_SCRATCH or more */
	const struct hash_key *key; /* the snapshots' */
	unsigned client_queries;    /* parked of one client; 0: no limit */
	unsigned group_queries;	    /* for one upstream group; likewise */
	unsigned sharers;	    /* engines that serve the same clients */
	struct loop_marks *loops; /* shared by all engines; NULL: loops are not
				     looked for */
};

enum { ENGINE_SCRATCH = 512 * 1024 };

/*
 * engine is zeroed, as a mapping is: most of it is not touched until it is
 * needed.  Takes one reference to snapshot from the caller.
 */
void engine_init(struct engine *engine, const struct engine_parts *parts,
    const struct snapshot *snapshot);

/*
 * Tells when, on the clock of `now`, 2027-01-05 begins: from then on CNAMEs
 * are followed hop by hop (the fact sheet's section 1.5).  UINT64_MAX, which
 * holds until somebody calls this, is never.
 */
void engine_set_cutover(struct engine *engine, uint64_t per_hop_at);

/* Gives its reference back; no query may be parked any more. */
void engine_fini(struct engine *engine);

/* A client's message.  query is a free slot; packet is only borrowed. */
enum verdict engine_start(struct engine *engine, struct query *query,
    const struct packet *packet, uint64_t now);

/*
 * A message that came back on transmission `slot` of a parked query.  What
 * does not match the question, or is broken, changes nothing: the verdict is
 * VERDICT_WAIT and the wait goes on.
 */
struct answer_packet {
	uint8_t *wire; /* the question in it may be written to */
	size_t len;
	unsigned slot;
};
enum verdict engine_reply(struct engine *engine, struct query *query,
    const struct answer_packet *packet, uint64_t now);

/* until has come. */
enum verdict
engine_timeout(struct engine *engine, struct query *query, uint64_t now);

/*
 * Transmission `slot` could not be delivered: the kernel said so, or the
 * server closed the connection.
 */
enum verdict engine_unreachable(struct engine *engine, struct query *query,
    unsigned slot, uint64_t now);

/*
 * The same for want of a descriptor or memory of ours: nobody's fault.  May be
 * called between any two calls; the query waits on until its until.
 */
void engine_lost(struct query *query, unsigned slot);

/*
 * The next query that the last call set free together with its own, because
 * it waited for the same answer; NULL when there is none left.  The shell
 * calls it until then after every engine_reply, engine_timeout,
 * engine_unreachable and engine_evict; first engine_peek to set out and cap.
 */
struct query *engine_peek(const struct engine *engine);
enum verdict engine_next(struct engine *engine, uint64_t now);

/*
 * The parked query that must give up its slot when all are taken (crowd.h says
 * which); NULL when none is parked.  engine_evict then answers it SERVFAIL.
 */
struct query *engine_victim(struct engine *engine);

/*
 * After a query was parked: one that must give way because its client, or its
 * upstream group, has more of them than it may; NULL: none.  The shell calls
 * engine_evict for it and asks again.
 */
struct query *engine_surplus(struct engine *engine);
enum verdict
engine_evict(struct engine *engine, struct query *query, uint64_t now);

/*
 * Starts a question of the engine's own in a free slot, which no client waits
 * for: it ends in VERDICT_DROP, at once when there is nothing to ask.  The
 * shell does so when an event was dealt with, before engine_retired, while
 * engine_has_errand.
 */
bool engine_has_errand(const struct engine *engine);
enum verdict
engine_errand(struct engine *engine, struct query *query, uint64_t now);

/*
 * Has the servers of a group asked whether they lead back here, as far as they
 * may, by errands.  For the groups of the snapshot at hand.
 */
void engine_check_loops(struct engine *engine,
    const struct upstream_group *group, uint64_t now);

/* Works with a new snapshot from now on; takes one reference to it. */
void engine_adopt(struct engine *engine, const struct snapshot *snapshot);

/*
 * A snapshot whose last reference was dropped here; the shell hands it to
 * the control thread to be freed.  NULL when there is none.  Called when an
 * event was dealt with, waiters and all.
 */
struct snapshot *engine_retired(struct engine *engine);

#endif
