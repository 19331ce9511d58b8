#ifndef IO_INQUIRY_H
#define IO_INQUIRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "core/snapshot.h"
#include "dns/message.h"
#include "dns/name.h"
#include "io/mailbox.h"

struct inquiry;
struct query;
struct question;
struct witness;
struct worker;

/* What has become of an inquiry. */
enum inquiry_outcome {
	INQUIRY_ANSWERED, /* there is a reply, SERVFAIL and REFUSED included */
	INQUIRY_NO_VIEW,  /* the network or cluster does not exist */
	INQUIRY_DROPPED,  /* what was sent deserves no reply */
};

/* It is back; called by the asker's thread, which may free it here. */
typedef void (*inquiry_fn)(struct inquiry *inquiry);

/* Header, name, type and class, and an OPT record. */
enum { INQUIRY_QUESTION = HEADER_SIZE + NAME_SIZE + 4 + OPT_SIZE };

/*
 * A question that another thread of this process asks a worker, which answers
 * it as if it had come from a client: by the same engine, servers and cache.
 *
 * The asker allocates it, one reply's room included, so that a worker needs no
 * memory for it, and fills the first two groups; all that they point to lives
 * until it is back.  From inquiry_post on it belongs to the worker, until it
 * comes out of the asker's mailbox as MESSAGE_ANSWERED.  That it always does:
 * a worker that is stopped answers what it has (SERVFAIL), and only the thread
 * that stops a worker, or somebody that it waits for, may ask.
 */
struct inquiry {
	struct message message; /* first: what the mailboxes carry */
	struct mailbox *asker;
	inquiry_fn answered;
	void *context; /* the asker's own */

	struct addr client;
	struct addr local;   /* the address of ours that is asked */
	const char *network; /* its view instead of the client's, or NULL */
	const char *cluster; /* likewise a GKE cluster's, or NULL */
	enum chasing chasing;
	struct witness *witness; /* or NULL */
	bool own;		 /* for the daemon itself: see struct packet */
	size_t len;
	uint8_t question[INQUIRY_QUESTION];

	enum inquiry_outcome outcome;
	/* With a witness: what its events point into.  A reference that the
	 * asker must give back by snapshot_drop. */
	const struct snapshot *snapshot;
	size_t answer_len;
	uint8_t answer[MESSAGE_MAX];
};

/* Clears it, and makes it a question from this host itself. */
void inquiry_init(struct inquiry *inquiry, const struct question *question);

/* Asks a worker; any thread that the above allows. */
void inquiry_post(struct inquiry *inquiry, struct worker *worker);

/* Hands a MESSAGE_ANSWERED to whoever asked, in the asker's thread. */
void inquiry_deliver(struct message *message);

/* Within the worker: a MESSAGE_INQUIRY came. */
void
inquiry_start(struct worker *worker, struct message *message, uint64_t now);

/* Within the worker: the reply, in query->out, to one that was parked. */
void inquiry_answer(struct inquiry *inquiry, const struct query *query);

/* Within the worker: there will be no reply. */
void inquiry_drop(struct inquiry *inquiry);

#endif
