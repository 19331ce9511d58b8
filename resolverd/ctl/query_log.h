#ifndef CTL_QUERY_LOG_H
#define CTL_QUERY_LOG_H

#include <stdbool.h>
#include <stdint.h>

struct counters;
struct model;
struct query_log;
struct tap;

/*
 * The log of answered queries, as the configuration's query_log wants it: made
 * in the control thread from what the workers tell, and written to a file in a
 * thread of its own.  Without that key the queries of networks with
 * enable_logging go to the daemon's own log.
 */

/* Logs nothing yet; NULL when memory is short.  Counts in counters. */
struct query_log *query_log_new(struct tap *tap, struct counters *counters);

/* Writes what is left, within seconds, and frees it; nothing for NULL. */
void query_log_free(struct query_log *log);

/* Another configuration holds from now on; borrowed for the call. */
void query_log_follow(struct query_log *log, const struct model *model);

/* The file was moved: another is begun soon. */
void query_log_reopen(struct query_log *log);

/* How it does, for whoever shows it. */
struct query_log_state {
	/*
	 * A path, "stdout", "journal", "log" (the daemon's own); all three are
	 * NULL when there is none.
	 */
	const char *to;
	const char *format;  /* "cloud_logging", "text" */
	const char *queries; /* "all", "policy": where enable_logging is set */
	bool failing;	     /* entries are lost at present */
	bool hangs;	     /* for a disk does not answer */
	uint64_t lost;	     /* since they are */
};

/* Texts hold until another configuration is followed. */
struct query_log_state query_log_look(const struct query_log *log);

/* Has changed called when it begins to fail, and when that is over. */
void query_log_watch(struct query_log *log, void (*changed)(void *context),
    void *context);

#endif
