#ifndef IO_HERD_H
#define IO_HERD_H

#include <event2/event_struct.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_base;

/*
 * Sockets that live for one answer each, under one event of the loop: to wait
 * for a socket costs one system call, and to let go of it none but its part in
 * closing many at a time.
 */

enum { HERD_TURN = 64 /* sockets heard before other events get their turn */ };

/*
 * A socket is readable; arg is what it was added with.  It may be called once
 * more within the turn in which the socket was given up.
 */
typedef void (*herd_ready_fn)(void *arg, uint64_t now);

struct herd {
	int epoll;
	struct event event;
	herd_ready_fn ready;
	bool hears; /* a turn is under way */
	size_t left;
	int leaving[HERD_TURN]; /* to be closed at its end */
};

/* False, with errno set, for want of a descriptor or memory. */
bool herd_open(struct herd *herd, struct event_base *base, herd_ready_fn ready);

/* Closes it; the sockets are the callers'.  A zeroed one that never opened
 * stays as it is. */
void herd_close(struct herd *herd);

/* Waits for an answer; false with errno set. */
bool herd_add(struct herd *herd, int fd, void *arg);

/* Gives a socket up that is waited for, and closes it, now or soon. */
void herd_drop(struct herd *herd, int fd);

#endif
