#include "window.h"

#include <string.h>

#define PATIENCE                                                    \
	UINT64_C(3000000000) /* nanoseconds until it counts as lost \
			      */

void
window_init(struct window *window, size_t size)
{
	memset(window, 0, sizeof(*window));
	window->idle_count = size;
	for (size_t i = 0; i < size; i++)
		window->idle[i] = (uint16_t)i;
}

struct slot *
window_ask(struct window *window, struct course *course)
{
	struct slot *slot;

	if (window->idle_count == 0 || course->now >= course->end ||
	    course->tally.sent >= course->limit)
		return NULL;
	slot = &window->slots[window->idle[--window->idle_count]];
	pattern_next(&course->pattern, &slot->ask);
	/* The place in the window, and how often it was used. */
	slot->id = (uint16_t)((slot->id / WINDOW_SIZE + 1U) * WINDOW_SIZE +
	    (unsigned)(slot - window->slots));
	put_u16(slot->ask.wire, slot->id);
	slot->sent = course->now;
	course->tally.sent++;
	return slot;
}

static void
release(struct window *window, struct slot *slot)
{
	slot->sent = 0;
	window->idle[window->idle_count++] = (uint16_t)(slot - window->slots);
}

static void
count_right(struct tally *tally, const struct slot *slot, size_t len,
    uint64_t now)
{
	const uint64_t took = (now - slot->sent) / 1000;

	tally->answered++;
	tally->asked_octets += slot->ask.len;
	tally->answer_octets += len;
	tally->latencies[took < LATENCIES ? took : LATENCIES - 1]++;
}

void
window_answer(struct window *window, struct course *course, const uint8_t *wire,
    size_t len)
{
	struct slot *slot;

	if (len < MESSAGE_HEADER) {
		course->tally.wrong++;
		return;
	}
	slot = &window->slots[get_u16(wire) % WINDOW_SIZE];
	if (slot->sent == 0 || slot->id != get_u16(wire)) {
		course->tally.strange++;
		return;
	}
	if (answer_right(wire, len, &slot->ask, course->shape)) {
		count_right(&course->tally, slot, len, course->now);
	} else {
		course->tally.wrong++;
	}
	release(window, slot);
}

void
window_reap(struct window *window, struct course *course, enum reap which)
{
	for (size_t i = 0; i < WINDOW_SIZE; i++) {
		struct slot *slot = &window->slots[i];

		if (slot->sent == 0 ||
		    (which == REAP_OLD && course->now - slot->sent < PATIENCE))
			continue;
		course->tally.lost++;
		release(window, slot);
	}
}

bool
window_idle(const struct window *window, size_t size)
{
	return window->idle_count == size;
}

unsigned
tally_quantile(const struct tally *tally, double share)
{
	const double wanted = share * (double)tally->answered;
	uint64_t count = 0;
	unsigned took = 0;

	while (took + 1 < LATENCIES) {
		count += tally->latencies[took];
		if ((double)count >= wanted)
			break;
		took++;
	}
	return took;
}
