#ifndef IO_EXCHANGE_H
#define IO_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/link.h"

struct task;
struct worker;

/* One transmission on its way, and its answer's way back; zeroed: closed. */
struct exchange {
	struct task *task;
	unsigned serial; /* which of those that the slot had in turn */
	bool open;
	bool by_link;
	struct link_question question; /* TCP and TLS */
	int fd;			       /* UDP */
};

enum exchange_result {
	EXCHANGE_SENT,	      /* it is on its way */
	EXCHANGE_UNREACHABLE, /* there is no way to the server */
	EXCHANGE_LOST,	      /* out of descriptors, ports or memory */
};

/*
 * Sends the transmission task->query.ask to its server and listens for the
 * answer, which goes to the engine by dispatch_answer.  What the slot still
 * held open is closed first.
 */
enum exchange_result exchange_start(struct task *task, uint64_t now);

/* Closes those exchanges of task whose answer would not be taken any more. */
void exchange_trim(struct task *task, uint64_t now);

/* Closes all exchanges of task. */
void exchange_cancel(struct task *task, uint64_t now);

/* A socket that waits for an answer is readable: a herd_ready_fn. */
void exchange_ready(void *arg, uint64_t now);

/* Opens a worker's links, whose questions are exchanges; their memory. */
void exchange_open_links(struct worker *worker, struct link *slots,
    struct deadline **heap);

#endif
