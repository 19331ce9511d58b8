#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"

/* A place in a file; line and column count from 1, 0 means not known. */
struct mark {
	const char *file; /* borrowed: outlives the diag that names it */
	unsigned line;
	unsigned column;
};

struct diag_message;

enum diag_severity { DIAG_ERROR, DIAG_WARNING, DIAG_NOTE };

/* One of them, as diag_each shows it. */
struct diag_entry {
	enum diag_severity severity;
	struct mark mark;
	const char *text; /* control characters are escaped */
};

/* How many errors and warnings are kept, of each; later ones are counted. */
enum { DIAG_LIMIT = 20 };

/*
 * The complaints of one run over a configuration, in the order in which they
 * were found.  Owned by whoever started the run.
 */
struct diag {
	struct arena arena;
	struct diag_message *first;
	struct diag_message **last;
	size_t errors;	 /* found, kept or not */
	size_t warnings; /* likewise */
	bool
	    muted; /* the last complaint was past the limit, so are its notes */
};

void diag_init(struct diag *diag);
void diag_fini(struct diag *diag);

/*
 * Adds a complaint at mark: a lower-case sentence without a full stop, in
 * the user's words.  Always returns false, so that a decoder can return it.
 */
bool diag_error(struct diag *diag, struct mark mark, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Something that works but hurts; does not count as an error. */
void diag_warning(struct diag *diag, struct mark mark, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds to the complaint before it: where else to look, what to write. */
void diag_note(struct diag *diag, struct mark mark, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "error", "warning", "note" */
const char *diag_severity_text(enum diag_severity severity);

/* "file:line:column", without what is not known; "" without a file. */
const char *diag_mark_text(const struct mark *mark, char *buf, size_t cap);

/* Shows every complaint that was kept, in order. */
void diag_each(const struct diag *diag,
    void (*show)(void *context, const struct diag_entry *entry), void *context);

/*
 * Prints every complaint as "file:line:column: error: text"; a line or column
 * of 0 is left out, and so is a mark without a file.  Says how many more there
 * were when the limit, or want of memory, cut the list.  Control characters
 * are printed as \xNN; a text past 1,023 octets ends in "...".
 */
void diag_print(const struct diag *diag, FILE *out);

#endif
