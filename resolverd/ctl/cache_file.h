#ifndef CTL_CACHE_FILE_H
#define CTL_CACHE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "ctl/cache_form.h"

/*
 * Where the cache is kept over a restart.  Nothing here keeps the daemon from
 * starting or ending: what goes wrong is one line in the log.
 */

/* A file that workers' caches are filled from at the start. */
struct cache_filling {
	const char *path;
	FILE *file;
	struct cache_loading loading;
	size_t entries; /* that a worker has got */
};

/*
 * Opens the file; false when there is none, or it was warned of.  snapshot is
 * borrowed until cache_file_close.
 */
bool cache_file_open(struct cache_filling *filling, const char *path,
    const struct snapshot *snapshot);

/* Fills one worker's cache; context is the struct cache_filling. */
void cache_file_fill(void *context, struct cache *cache);

void cache_file_close(struct cache_filling *filling);

/* Warns when the file could not be written as things are. */
void cache_file_check(const char *path);

/*
 * Writes the file anew beside the old one and puts it in its place once it is
 * on the disk: whatever happens there is one or the other.
 */
void cache_file_save(const char *path, const struct cache_saving *saving);

#endif
