#ifndef CTL_NAMES_H
#define CTL_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
	NAMES_TEXT = 1100, /* a name with each octet as \DDD, and more */
	NAMES_TYPE = 32,
	NAMES_DEPTH = 64, /* nesting of a log entry */
};

/* A name out of a list or log. */
struct names_item {
	unsigned line;
	char name[NAMES_TEXT];
	char type[NAMES_TYPE]; /* empty: not given */
};

/*
 * Names as people have them: a list with one a line, a type behind it if any,
 * and comments from '#' on; or Cloud Logging's entries of Cloud DNS queries in
 * JSON, one a line or in an array.  Which of them it is, its first character
 * tells.  Takes the same memory whatever its length.
 */
struct names {
	FILE *file;
	unsigned line;
	bool begun;
	bool is_log;

	/* Log: what is open; the key at hand; what the entry has so far. */
	char open[NAMES_DEPTH];
	size_t depth;
	size_t name_depth; /* of the object with the name; 0: none yet */
	size_t type_depth; /* likewise */
	char key[NAMES_TYPE];
	struct names_item entry;
	bool has_objects;
	bool has_names;
};

enum names_outcome {
	NAMES_ITEM,
	NAMES_END,
	NAMES_FAULT,  /* *why says what; the next call goes on after it */
	NAMES_BROKEN, /* *why says what; nothing more can be read */
};

/* file stays the caller's. */
void names_init(struct names *names, FILE *file);

enum names_outcome
names_next(struct names *names, struct names_item *item, const char **why);

/* Of what was read so far: JSON objects, and no name in any of them. */
bool names_is_other_log(const struct names *names);

/* Who gets what a list or log has. */
struct names_taker {
	void (*take)(void *context, const struct names_item *item);
	void (*fault)(void *context, unsigned line, const char *why);
	void *context;
};

/* Hands over all of it, and all that is wrong with it. */
void names_read(FILE *file, const struct names_taker *taker);

#endif
