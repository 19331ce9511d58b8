#include "base/ring.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

/* Before each message: its length, or that the rest up to the end is void. */
struct ring_head {
	alignas(max_align_t) size_t len;
};

enum { RING_UNIT = sizeof(struct ring_head) };

#define RING_VOID SIZE_MAX

/* Octets that a message takes, its head included. */
static size_t
ring_cost(size_t len)
{
	return RING_UNIT + (len + RING_UNIT - 1) / RING_UNIT * RING_UNIT;
}

static struct ring_head *
ring_head(const struct ring *ring, size_t at)
{
	return (
	    struct ring_head *)(void *)(ring->octets + (at & (ring->size - 1)));
}

/* Octets in one piece from a position on. */
static size_t
ring_straight(const struct ring *ring, size_t at)
{
	return ring->size - (at & (ring->size - 1));
}

void
ring_init(struct ring *ring, void *octets, size_t size)
{
	assert(size >= RING_UNIT && (size & (size - 1)) == 0);
	ring->octets = octets;
	ring->size = size;
	atomic_init(&ring->written, 0);
	atomic_init(&ring->read, 0);
	ring->next = 0;
	ring->read_seen = 0;
	ring->after = 0;
	ring->written_seen = 0;
}

/* Whether everything up to a position has a place. */
static bool
ring_has_room(struct ring *ring, size_t end)
{
	if (end - ring->read_seen <= ring->size)
		return true;
	/* The reader is done with what lies there. */
	ring->read_seen =
	    atomic_load_explicit(&ring->read, memory_order_acquire);
	return end - ring->read_seen <= ring->size;
}

void *
ring_reserve(struct ring *ring, size_t len)
{
	size_t at = atomic_load_explicit(&ring->written, memory_order_relaxed);
	const size_t straight = ring_straight(ring, at);
	const size_t cost = ring_cost(len);
	const bool wraps = straight < cost;

	if (len > ring->size || cost > ring->size ||
	    !ring_has_room(ring, at + cost + (wraps ? straight : 0)))
		return NULL;
	if (wraps) {
		ring_head(ring, at)->len = RING_VOID;
		at += straight;
	}
	ring_head(ring, at)->len = len;
	ring->next = at + cost;
	return ring_head(ring, at) + 1;
}

void
ring_commit(struct ring *ring)
{
	/* What was written comes before word of it. */
	atomic_store_explicit(&ring->written, ring->next, memory_order_release);
}

const void *
ring_peek(struct ring *ring, size_t *len)
{
	size_t at = atomic_load_explicit(&ring->read, memory_order_relaxed);

	if (at == ring->written_seen) {
		ring->written_seen =
		    atomic_load_explicit(&ring->written, memory_order_acquire);
		if (at == ring->written_seen)
			return NULL;
	}
	if (ring_head(ring, at)->len == RING_VOID)
		at += ring_straight(ring, at);
	*len = ring_head(ring, at)->len;
	ring->after = at + ring_cost(*len);
	return ring_head(ring, at) + 1;
}

void
ring_release(struct ring *ring)
{
	/* It was read before the writer may use its place. */
	atomic_store_explicit(&ring->read, ring->after, memory_order_release);
}
