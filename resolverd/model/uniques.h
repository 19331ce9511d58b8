#ifndef MODEL_UNIQUES_H
#define MODEL_UNIQUES_H

#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "dns/name.h"

/* What must not stand twice in the same scope. */
struct unique {
	const void *scope;	 /* told apart by address; NULL: one for all */
	const char *text;	 /* what must differ, ... */
	const struct name *name; /* ... or a name, letter case ignored */
	const void *owner;	 /* for the report */
	struct mark mark;
	size_t order; /* set by uniques_add */
};

/* Things of one sort: all by their text, or all by their name. */
struct uniques {
	struct unique *items;
	size_t count;
	size_t size;
};

/* Room for size of them; without memory none are kept, and scratch is full. */
struct uniques uniques_for(struct arena *scratch, size_t size);

/* Keeps one; past the size, or without text and name, it is passed over. */
void uniques_add(struct uniques *uniques, const struct unique *unique);

/* Told of one that was added after its equal. */
typedef void (*uniques_fn)(const struct unique *first,
    const struct unique *second, void *arg);

/* Brings equals together and reports each but the first. */
void uniques_check(struct uniques *uniques, uniques_fn report, void *arg);

/*
 * The report of what was declared twice: the owners are texts that say what
 * it is, such as "network"; arg is the struct diag.
 */
void uniques_declared_twice(const struct unique *first,
    const struct unique *second, void *arg);

#endif
