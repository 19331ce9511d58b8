#ifndef IO_CHORE_H
#define IO_CHORE_H

#include <stddef.h>
#include <stdint.h>

#include "core/cache.h"
#include "dns/name.h"
#include "io/mailbox.h"

struct chore;
struct upstreams;
struct worker;

enum chore_kind {
	CHORE_FIGURES, /* only report */
	CHORE_FLUSH,   /* drop what flush says, and report */
	CHORE_SERVERS, /* copy what is known of servers, and report */
};

/* What became of a chore, and how the cache stands now. */
struct cache_report {
	uint64_t flushed; /* entries that were dropped */
	uint64_t entries;
	uint64_t octets;   /* that those take */
	uint64_t size;	   /* octets of the whole cache */
	uint64_t hits;	   /* questions that it answered, and */
	uint64_t misses;   /* those that it did not, since the start */
	uint64_t negative; /* of the entries, those that say there is nothing */
	uint64_t evictions; /* entries that gave way, since the start */
};

/* It is done; called by the asker's thread, which may free it here. */
typedef void (*chore_fn)(struct chore *chore);

/*
 * Something that the control thread has a worker do with what is the worker's
 * own, between two queries.  The asker allocates it and fills the first group;
 * from chore_post on it belongs to the worker, until it comes out of the
 * asker's mailbox as MESSAGE_CHORE_DONE.  That it always does, as an inquiry
 * does.
 */
struct chore {
	struct message message; /* first: what the mailboxes carry */
	struct mailbox *asker;
	chore_fn done;
	void *context; /* the asker's own */
	enum chore_kind kind;
	struct cache_flush flush;  /* its name is name.wire, or NULL */
	struct name name;	   /* folded */
	struct upstreams *servers; /* where the copy goes */

	struct cache_report report;
};

/* What to flush; the name is copied and folded. */
void chore_set_flush(struct chore *chore, const struct cache_flush *flush);

/* Gives it to a worker; any thread that an inquiry may come from. */
void chore_post(struct chore *chore, struct worker *worker);

/* Hands a MESSAGE_CHORE_DONE to whoever asked, in the asker's thread. */
void chore_deliver(struct message *message);

/* Within the worker: a MESSAGE_CHORE came. */
void chore_run(struct worker *worker, struct message *message);

#endif
