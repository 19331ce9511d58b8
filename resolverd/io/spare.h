#ifndef IO_SPARE_H
#define IO_SPARE_H

#include <stdbool.h>

/*
 * A little memory put by for libevent, which does not survive it everywhere
 * that the heap has none: 2.1.12 frees a stream with TLS that it never made.
 */

/* Before anything else of libevent; any number of times. */
void spare_use(void);

/*
 * Whether the heap still has what a new stream takes.  When it has not there
 * should be none: what was put by is for the moment between asking and taking.
 */
bool spare_is_not_needed(void);

#endif
