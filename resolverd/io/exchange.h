#ifndef IO_EXCHANGE_H
#define IO_EXCHANGE_H

#include <event2/event_struct.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns/message.h"

struct task;
struct worker;

/* One framed message (RFC 1035 section 4.2.2) on its way out, then in. */
struct stream {
	struct stream *next; /* free */
	size_t len;	     /* octets to send */
	size_t done;	     /* octets sent, then octets received */
	uint8_t frame[2 + MESSAGE_MAX];
};

/* A worker's streams: one an upstream connection, touched when needed. */
struct streams {
	struct stream *slots;
	size_t count;
	size_t used; /* slots from here on were never taken */
	struct stream *free;
};

/* One transmission's socket; zeroed: closed. */
struct exchange {
	struct task *task;
	struct event event;
	struct stream *stream; /* TCP */
	int fd;
	unsigned serial; /* which of the sockets that it had in turn */
	bool open;
};

/* slots: zeroed room for count streams; the caller keeps it. */
void exchange_init(struct streams *streams, struct stream *slots, size_t count);

enum exchange_result {
	EXCHANGE_SENT,	      /* it is on its way */
	EXCHANGE_UNREACHABLE, /* the kernel knows no way to the server */
	EXCHANGE_LOST,	      /* out of descriptors, ports or memory */
};

/*
 * Sends the transmission task->query.ask to its server and listens for the
 * answer, which goes to the engine by dispatch_answer.  What the slot still
 * held open is closed first.
 */
enum exchange_result exchange_start(struct task *task);

/* Closes those exchanges of task whose answer would not be taken any more. */
void exchange_trim(struct task *task);

/* Closes all exchanges of task. */
void exchange_cancel(struct task *task);

#endif
