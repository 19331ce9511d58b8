#ifndef CTL_LIBRARIES_H
#define CTL_LIBRARIES_H

#include <stdbool.h>
#include <stdio.h>

/* A library that is loaded at the start, whatever the build had seen. */
struct library {
	const char *name;
	const char *(*version)(void);
	const char *least; /* that will do */
};

extern const struct library library_rows[];
extern const size_t library_row_count;

/* Whether a version comes before another, by its numbers between dots. */
bool libraries_is_older(const char *version, const char *other);

/* Logs each that is too old; false when there is one. */
bool libraries_check(const struct library *rows, size_t count);

/* Prints names and versions, with commas between. */
void libraries_print(FILE *out);

#endif
