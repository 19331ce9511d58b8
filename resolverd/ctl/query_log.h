#ifndef CTL_QUERY_LOG_H
#define CTL_QUERY_LOG_H

struct counters;
struct model;
struct query_log;
struct tap;

/*
 * The log of answered queries, as the configuration's query_log wants it: in
 * the control thread, from what the workers tell.  Without that key the queries
 * of networks with enable_logging go to the daemon's own log.
 */

/* Logs nothing yet; NULL when memory is short.  Counts in counters. */
struct query_log *query_log_new(struct tap *tap, struct counters *counters);

/* Writes what is left, and frees it; nothing for NULL. */
void query_log_free(struct query_log *log);

/* Another configuration holds from now on; borrowed for the call. */
void query_log_follow(struct query_log *log, const struct model *model);

/* The file was moved: begins another. */
void query_log_reopen(struct query_log *log);

#endif
