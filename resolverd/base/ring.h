#ifndef BASE_RING_H
#define BASE_RING_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* What a processor's core owns at a time: each end has lines of its own. */
enum { RING_LINE = 64 };

/*
 * Messages of any length from one thread to one other, in the order they were
 * put in, without a lock or a system call.  Each lies in one piece.  When
 * there is no room a message is not taken: whoever writes never waits.
 *
 * Positions only grow; modulo size they are places in octets.
 */
struct ring {
	/* Neither end writes these. */
	uint8_t *octets;
	size_t size;

	/* The writer's. */
	alignas(RING_LINE) atomic_size_t written;
	size_t next;	  /* where what is being written ends */
	size_t read_seen; /* read, when it was looked at last */

	/* The reader's. */
	alignas(RING_LINE) atomic_size_t read;
	size_t after;	     /* what is being looked at */
	size_t written_seen; /* written, likewise */
};

/* octets: size of them, a power of two, aligned for any object. */
void ring_init(struct ring *ring, void *octets, size_t size);

/*
 * Room for a message of len octets, aligned for any object; NULL when there is
 * none.  The reader sees it after ring_commit; without that the next call
 * gives the same room away.
 */
void *ring_reserve(struct ring *ring, size_t len);
void ring_commit(struct ring *ring);

/* The oldest message, which stays until ring_release; NULL: there is none. */
const void *ring_peek(struct ring *ring, size_t *len);
void ring_release(struct ring *ring);

#endif
