#ifndef CTL_QUERY_LOG_THREAD_H
#define CTL_QUERY_LOG_THREAD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctl/query_log_file.h"
#include "ctl/query_log_trouble.h"
#include "ctl/query_log_writer.h"

/*
 * The other half of struct query_log_writer: the thread that writes, and what
 * it shares with the control thread.
 */

/* What is said between the threads. */
struct query_log_exchange {
	/* By the control thread. */
	struct query_log_limits limits;
	bool handed_over; /* the buffer is the thread's to empty */
	bool asked;	  /* there is something to do */
	bool reopen;
	bool end;
	bool abandoned; /* nobody waits for the end any more */
	uint64_t lost;	/* lines without room, which nobody was told of */
	uint64_t lost_at;

	/* By the thread. */
	bool ended;
	uint64_t held;	   /* lines it has taken, and not done with */
	uint64_t written;  /* lines, to be counted */
	uint64_t failed;   /* likewise */
	bool failing;	   /* its file's trouble */
	uint64_t told;	   /* lines lost since that began */
	uint64_t retry_at; /* 0: at any time */

	/* By both: when it was given what it is at; 0: it waits. */
	uint64_t since;
};

struct query_log_writer {
	/* The control thread's. */
	struct counters *counters;
	pthread_t thread;
	bool filling; /* the buffer is ours */
	bool in_vain; /* there was no room, nor will there be in this turn */
	bool broken;  /* as the thread said last: calls fail */
	uint64_t lost;
	uint64_t handed_at; /* when lines were handed over last */
	struct query_log_trouble hang;
	struct query_log_health health;

	pthread_mutex_t lock; /* never held during a call that may wait */
	pthread_cond_t work;  /* for the thread */
	pthread_cond_t done;  /* for the control thread */
	struct query_log_exchange shared;

	/* Whoever's it is: see handed_over. */
	uint64_t lines;
	size_t used;
	char *buffer; /* QUERY_LOG_BUFFER octets: room, or that of file */
	char room[QUERY_LOG_BUFFER];

	/* The thread's. */
	char *path;
	struct query_log_file file;
};

/* Writers that nobody waits for, whose threads have not ended. */
extern atomic_uint query_log_thread_abandoned;

/* Under lock: has the thread do something, once it is woken. */
void query_log_thread_ask(struct query_log_exchange *shared);

/* What it does: for pthread_create, with a writer. */
void *query_log_thread_run(void *arg);

/* The thread has ended, or never begun. */
void query_log_thread_free(struct query_log_writer *writer);

#endif
