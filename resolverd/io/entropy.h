#ifndef IO_ENTROPY_H
#define IO_ENTROPY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * To be called before any thread is there.  False, with errno set, when the
 * kernel has no random numbers: then there shall be no service, for guessable
 * ids are worse than none.
 */
bool entropy_open(void);

/*
 * Fills buf from the kernel's generator.  Should that fail later on, from what
 * it gave entropy_open, and the log says so once.
 */
void entropy_fill(void *buf, size_t len);

#endif
