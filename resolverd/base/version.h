#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#include <stdbool.h>

/* Whether a version comes before another, by its numbers between dots. */
bool version_is_older(const char *version, const char *other);

#endif
