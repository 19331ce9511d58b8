#ifndef CTL_QUERY_LOG_FILE_H
#define CTL_QUERY_LOG_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "ctl/query_log_trouble.h"

enum { QUERY_LOG_BUFFER = 256 * 1024 };

/*
 * Lines on their way to a file, a pipe or the standard output.  They are
 * written many at a time; a line that was begun is finished before the next
 * one, and never runs into it.  Nothing here waits for a reader; a disk may
 * hold up whoever calls: struct query_log_writer.
 */
struct query_log_file {
	const char *path;  /* NULL: the standard output */
	uint64_t max_size; /* octets; 0: as large as it gets */
	unsigned keep;	   /* full files beside it: path.1 is the newest */

	int fd; /* -1: not open */
	bool regular;
	dev_t device;
	ino_t inode;
	uint64_t size;
	uint64_t look_at;   /* when it is seen to that it is still there */
	uint64_t rotate_at; /* not before then, for it failed */

	struct query_log_trouble trouble;
	bool begun; /* buffer begins with the rest of a line */
	size_t used;
	char *buffer; /* QUERY_LOG_BUFFER octets: room, or one swapped for it */
	char room[QUERY_LOG_BUFFER];
};

/*
 * path, which the caller keeps, is opened at once, and again whenever it can't
 * be written, or is not there any more.
 */
void query_log_file_open(struct query_log_file *file, const char *path,
    uint64_t now);

/* Returns how many lines were still waiting, and are lost. */
uint64_t query_log_file_close(struct query_log_file *file);

/* Whether there is room for a line of that length. */
static inline bool
query_log_file_fits(const struct query_log_file *file, size_t len)
{
	return len <= QUERY_LOG_BUFFER - file->used;
}

/*
 * Takes a line or several, with their newlines; false when there is no room:
 * it is lost.
 */
bool query_log_file_put(struct query_log_file *file, const char *text,
    size_t len, uint64_t now);

/*
 * The same with whole lines in a buffer of the same size, while none wait here:
 * gives an empty one for it.
 */
char *
query_log_file_swap(struct query_log_file *file, char *buffer, size_t used);

/* So many were lost at `now`, before they came here: what takes them is slow.
 */
void
query_log_file_miss(struct query_log_file *file, uint64_t lines, uint64_t now);

/* Writes as much as can be; returns how many lines are done with. */
uint64_t query_log_file_flush(struct query_log_file *file, uint64_t now);

/* What is at path now is another file: somebody moved the old one. */
void query_log_file_reopen(struct query_log_file *file, uint64_t now);

#endif
