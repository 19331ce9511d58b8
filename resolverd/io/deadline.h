#ifndef IO_DEADLINE_H
#define IO_DEADLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A moment something waits for; embedded in what waits.  Zero: not set. */
struct deadline {
	uint64_t until;
	uint64_t order; /* its rank in the heap: until, or earlier */
	size_t place;	/* in the heap, counted from 1; 0: not set */
};

/*
 * The deadlines of many, the next one first: a binary heap.  One that is put
 * off stays where it is until it comes to be the first, for most are put off
 * again and again before that.
 */
struct deadlines {
	struct deadline **heap;
	size_t count;
	size_t cap;
};

/* heap is room for cap pointers; the caller keeps it. */
void
deadline_init(struct deadlines *deadlines, struct deadline **heap, size_t cap);

/* Sets or moves a deadline. */
void deadline_set(struct deadlines *deadlines, struct deadline *deadline,
    uint64_t until);

/* Takes a deadline out; one that is not set stays so. */
void deadline_clear(struct deadlines *deadlines, struct deadline *deadline);

/* The next one, or NULL. */
struct deadline *deadline_first(struct deadlines *deadlines);

/* A time before which none comes, at no cost; UINT64_MAX: there is none. */
uint64_t deadline_none_before(const struct deadlines *deadlines);

#endif
