#ifndef BASE_LATE_H
#define BASE_LATE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * A library that is loaded when something first needs it: it would cost every
 * start milliseconds and every process megabytes, and few need it.  Once
 * loaded it stays.  It is looked for where the loader looks at a start, and
 * what is preloaded comes before it as ever.
 */

enum { LATE_FILES = 2, LATE_WHY = 256 };

/* One function of it, and the pointer by which it is called. */
struct late_function {
	const char *name;
	void *place;
};

struct late {
	const char *name;	       /* for people, such as "ldns" */
	const char *files[LATE_FILES]; /* names of the loader's, or NULL */
	const struct late_function *functions;
	size_t function_count;
	const char *(*version)(void); /* called when it is loaded */
	const char *least;	      /* version that will do */
	pthread_mutex_t lock;
	atomic_bool loaded;
	char why[LATE_WHY]; /* of the first failure; "": there was none */
};

/*
 * Loads it unless it is there: any thread.  NULL when it is there, else a
 * clause that says why it is not, such as "ldns 1.6.17 is too old: 1.8.0 or
 * later is needed", of the first time; it stays.  The next call tries again.
 */
const char *late_load(struct late *late);

/* Why it is not there though something needs it; NULL: all is well. */
const char *late_trouble(struct late *late);

/* Its version; NULL: nothing has needed it so far. */
const char *late_version(struct late *late);

#endif
