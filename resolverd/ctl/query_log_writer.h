#ifndef CTL_QUERY_LOG_WRITER_H
#define CTL_QUERY_LOG_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct counters;
struct query_log_writer;

/* How large files get, and how many there are: as of struct query_log_file. */
struct query_log_limits {
	uint64_t max_size;
	unsigned keep;
};

/* How it does. */
struct query_log_health {
	bool failing;  /* lines are lost at present */
	bool hangs;    /* for a call to the disk does not come back */
	uint64_t lost; /* lines, since they are */
};

/*
 * Writes lines to a file in a thread of its own: a disk that hangs holds up
 * that thread and nobody else.  Lines gather in one buffer while the thread
 * writes from another; those that find no room are lost, and counted.  All
 * functions are the control thread's, and none waits for a disk for longer
 * than it says.
 */

/* How long a disk that is slow is given before lines are lost. */
#define QUERY_LOG_PATIENCE (CLOCK_SECOND / 4)

/* After so long one that does not come back hangs. */
#define QUERY_LOG_HANG	   CLOCK_SECOND

/*
 * Threads that hang and have been given up by query_log_writer_stop; with so
 * many no other one is begun.
 */
enum { QUERY_LOG_ABANDONED = 4 };

/*
 * Begins to; path is copied, NULL is the standard output.  Counts in counters,
 * which are the control thread's.  NULL after a log line.
 */
struct query_log_writer *query_log_writer_start(const char *path,
    const struct query_log_limits *limits, struct counters *counters);

/*
 * Writes what it has; but if that takes longer than `patience` nanoseconds, the
 * thread is left alone with what it has.  A line of the daemon's log says what
 * was lost.
 */
void query_log_writer_stop(struct query_log_writer *writer, uint64_t patience);

/* Other limits from now on. */
void query_log_writer_limit(struct query_log_writer *writer,
    const struct query_log_limits *limits);

/*
 * Takes a line, with its newline.  Waits QUERY_LOG_PATIENCE at most for room,
 * and not again until the thread has come back.
 */
void query_log_writer_put(struct query_log_writer *writer, const char *text,
    size_t len);

/*
 * To be called after some lines, and ten times a second without: has the thread
 * write what has gathered, counts what became of others, and tells of a disk
 * that hangs.
 */
void query_log_writer_turn(struct query_log_writer *writer);

/* What is at path now is another file: what waits is written there. */
void query_log_writer_reopen(struct query_log_writer *writer);

/*
 * Waits until all lines are written, or cannot be at present, and counts them;
 * false when that takes longer than `patience`.
 */
bool
query_log_writer_settle(struct query_log_writer *writer, uint64_t patience);

struct query_log_health
query_log_writer_look(const struct query_log_writer *writer);

#endif
