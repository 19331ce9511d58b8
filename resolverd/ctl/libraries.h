#ifndef CTL_LIBRARIES_H
#define CTL_LIBRARIES_H

#include <stdbool.h>
#include <stdio.h>

/* A library that is used as it is installed, whatever the build had seen. */
struct library {
	const char *name;
	const char *(*version)(void); /* NULL: it is not loaded */
	const char *least; /* that will do; NULL: whoever loads it looks */
	const char *(*load)(void); /* NULL: it is there from the start */
};

extern const struct library library_rows[];
extern const size_t library_row_count;

/* Logs each that is too old; false when there is one. */
bool libraries_check(const struct library *rows, size_t count);

/* Prints names and versions of those that are loaded, with commas between. */
void libraries_print(FILE *out);

/* Loads those that wait until they are needed, to have them printed too. */
void libraries_load(void);

#endif
