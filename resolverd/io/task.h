#ifndef IO_TASK_H
#define IO_TASK_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "core/query.h"
#include "io/deadline.h"
#include "io/exchange.h"

struct inquiry;
struct tcp_client;
struct udp;
struct worker;

/* Whom a parked query's answer goes to. */
struct recipient {
	struct udp *udp;   /* the listener it came in by; NULL: came by TCP */
	struct addr local; /* UDP: the address that was asked */
	struct tcp_client *client; /* TCP; used again when it has gone: */
	uint64_t serial;	   /* which of its connections it was */
	struct inquiry *inquiry;   /* neither: another thread asked */
};

/* A slot for one query while it waits for upstream servers. */
struct task {
	struct query query; /* first: the engine hands back its address */
	struct worker *worker;
	struct task *next; /* free, or not delivered */
	struct deadline deadline;
	struct recipient recipient;
	struct exchange exchanges[TRANSMISSIONS];
	unsigned undelivered_slot;
};

/* A worker's slots, touched only when they are needed. */
struct tasks {
	struct task *slots;
	size_t count;
	size_t used;	   /* slots from here on were never taken */
	struct task *free; /* the last one given back first */
};

/* slots: zeroed room for count tasks; the caller keeps it. */
void task_init(struct tasks *tasks, struct task *slots, size_t count);

/* A free slot, or NULL when all are taken. */
struct task *task_take(struct tasks *tasks, struct worker *worker);

/* Gives a slot back; its exchanges are closed and its deadline cleared. */
void task_give(struct tasks *tasks, struct task *task);

/* The task that a query is part of. */
struct task *task_of(struct query *query);

/* The task that a deadline is part of. */
struct task *task_of_deadline(struct deadline *deadline);

#endif
