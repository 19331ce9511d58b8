#ifndef IO_MAILBOX_H
#define IO_MAILBOX_H

#include <stdatomic.h>
#include <stdbool.h>

struct snapshot;

enum message_kind {
	MESSAGE_ADOPT,	    /* to a worker: answer from this snapshot now */
	MESSAGE_STOP,	    /* to a worker: end */
	MESSAGE_INQUIRY,    /* to a worker: a struct inquiry, to be answered */
	MESSAGE_CHORE,	    /* to a worker: a struct chore, to be done */
	MESSAGE_RETIRED,    /* to the control thread: nobody refers to it */
	MESSAGE_ANSWERED,   /* to whoever asked: the inquiry, answered */
	MESSAGE_CHORE_DONE, /* to the control thread: the chore, done */
};

/*
 * A message owns itself: who takes it out of a mailbox has it.  The control
 * thread allocates them; a worker returns the ones it got.  An inquiry or chore
 * is part of the asker's struct and goes back to the asker.
 */
struct message {
	struct message *next;
	enum message_kind kind;
	const struct snapshot *snapshot; /* ADOPT: with one reference */
	struct snapshot *retired;	 /* RETIRED */
};

/*
 * A queue into one thread, from any number of others, without a lock.  Its
 * descriptor becomes readable when there is something to take.
 */
struct mailbox {
	_Atomic(struct message *) newest;
	int fd;
};

/* False with errno set when there is no descriptor left. */
bool mailbox_open(struct mailbox *mailbox);
void mailbox_close(struct mailbox *mailbox);

/* Puts message in and wakes the reader; any thread. */
void mailbox_post(struct mailbox *mailbox, struct message *message);

/*
 * Takes all messages out, linked by next in the order they were posted; NULL
 * when there is none.  Only the thread that owns the mailbox.
 */
struct message *mailbox_take(struct mailbox *mailbox);

#endif
