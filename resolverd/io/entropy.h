#ifndef IO_ENTROPY_H
#define IO_ENTROPY_H

#include <stddef.h>

/* Fills buf from the kernel's generator; ends the process if it has none. */
void entropy_fill(void *buf, size_t len);

#endif
