#include "io/deadline.h"

#include <assert.h>

void
deadline_init(struct deadlines *deadlines, struct deadline **heap, size_t cap)
{
	*deadlines = (struct deadlines){.heap = heap, .cap = cap};
}

/* The deadline at a place counted from 1. */
static struct deadline *
deadline_at(const struct deadlines *deadlines, size_t place)
{
	return deadlines->heap[place - 1];
}

static void
deadline_put(struct deadlines *deadlines, struct deadline *deadline,
    size_t place)
{
	deadlines->heap[place - 1] = deadline;
	deadline->place = place;
}

static void
deadline_rise(struct deadlines *deadlines, struct deadline *deadline)
{
	size_t place = deadline->place;

	while (place > 1) {
		struct deadline *above = deadline_at(deadlines, place / 2);

		if (above->order <= deadline->order)
			break;
		deadline_put(deadlines, above, place);
		place /= 2;
	}
	deadline_put(deadlines, deadline, place);
}

/* The earlier of the two below place, or NULL. */
static struct deadline *
deadline_below(const struct deadlines *deadlines, size_t place)
{
	const size_t left = place * 2;

	if (left > deadlines->count)
		return NULL;
	if (left < deadlines->count &&
	    deadline_at(deadlines, left + 1)->order <
		deadline_at(deadlines, left)->order)
		return deadline_at(deadlines, left + 1);
	return deadline_at(deadlines, left);
}

static void
deadline_sink(struct deadlines *deadlines, struct deadline *deadline)
{
	size_t place = deadline->place;
	struct deadline *below;

	while ((below = deadline_below(deadlines, place)) != NULL) {
		const size_t freed = below->place;

		if (deadline->order <= below->order)
			break;
		deadline_put(deadlines, below, place);
		place = freed;
	}
	deadline_put(deadlines, deadline, place);
}

void
deadline_set(struct deadlines *deadlines, struct deadline *deadline,
    uint64_t until)
{
	deadline->until = until;
	if (deadline->place == 0) {
		assert(deadlines->count < deadlines->cap);
		deadline_put(deadlines, deadline, ++deadlines->count);
	} else if (until >= deadline->order) {
		return;
	}
	deadline->order = until;
	deadline_rise(deadlines, deadline);
}

void
deadline_clear(struct deadlines *deadlines, struct deadline *deadline)
{
	struct deadline *last;

	if (deadline->place == 0)
		return;
	last = deadline_at(deadlines, deadlines->count--);
	if (last != deadline) {
		deadline_put(deadlines, last, deadline->place);
		deadline_rise(deadlines, last);
		deadline_sink(deadlines, last);
	}
	deadline->place = 0;
}

struct deadline *
deadline_first(struct deadlines *deadlines)
{
	struct deadline *first;

	while (deadlines->count > 0) {
		first = deadlines->heap[0];
		if (first->until == first->order)
			return first;
		first->order = first->until;
		deadline_sink(deadlines, first);
	}
	return NULL;
}

uint64_t
deadline_none_before(const struct deadlines *deadlines)
{
	return deadlines->count == 0 ? UINT64_MAX : deadlines->heap[0]->order;
}
