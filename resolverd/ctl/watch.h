#ifndef CTL_WATCH_H
#define CTL_WATCH_H

#include <event2/event_struct.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WATCH_PLACES = 64 };

/* Some file may be another, have gone, or have come. */
typedef void (*watch_fn)(void *context);

/* What matters in a directory: one name, or with "" all that is in it. */
struct watch_place {
	int wd;
	char name[NAME_MAX + 1];
};

/*
 * Watches files by inotify, wherever symbolic links lead, and the directories
 * on the way to them, so that one which is replaced, or is not there yet, is
 * noticed.  A burst of changes is told once, when it is over or has lasted a
 * second.  For what no event tells, and where there is no inotify, it is also
 * told from time to time that something may have changed.
 */
struct watch {
	const char *const *files;
	size_t file_count;
	watch_fn changed;
	void *context;
	struct event_base *base;
	int fd;		      /* -1: there is no inotify, for now */
	bool complained;      /* of that */
	uint64_t burst_began; /* 0: there is none */
	struct event readable;
	struct event timer;
	struct watch_place places[WATCH_PLACES];
	size_t place_count;
};

/*
 * Begins; the first four fields are set, and base is the loop of the thread
 * that is to be told, for the first time at once.  A file whose name ends in a
 * slash is a directory of which every file counts.
 */
void watch_start(struct watch *watch, struct event_base *base);

/* Ends, also from within changed. */
void watch_stop(struct watch *watch);

#endif
