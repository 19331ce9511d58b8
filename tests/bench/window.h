#ifndef BENCH_WINDOW_H
#define BENCH_WINDOW_H

#include "pattern.h"

enum {
	WINDOW_SIZE = 512,
	LATENCIES = 200000, /* of a microsecond each, the last for all above */
};

/* What became of the questions. */
struct tally {
	uint64_t sent;
	uint64_t answered; /* right */
	uint64_t wrong;
	uint64_t strange; /* of an id that was not asked, as a late answer is */
	uint64_t lost;
	uint64_t asked_octets; /* of what was answered */
	uint64_t answer_octets;
	uint32_t latencies[LATENCIES];
};

/* The microseconds below which a share of the answers came. */
unsigned tally_quantile(const struct tally *tally, double share);

struct slot {
	struct ask ask;
	uint64_t sent; /* nanoseconds; 0 while nothing is asked */
	uint16_t id;
};

/* The questions that one socket waits for. */
struct window {
	size_t idle_count;
	uint16_t idle[WINDOW_SIZE];
	struct slot slots[WINDOW_SIZE];
};

/* What all sockets have in common. */
struct course {
	struct pattern pattern;
	const struct shape *shape;
	struct tally tally;
	uint64_t limit; /* questions, at most */
	uint64_t end;	/* nanoseconds */
	uint64_t now;	/* set whenever there was something to wait for */
};

void window_init(struct window *window, size_t size);

/* The next question, to be sent now; NULL when none may be sent, since there
 * are enough on their way or it is over. */
struct slot *window_ask(struct window *window, struct course *course);

/* Takes an answer. */
void window_answer(struct window *window, struct course *course,
    const uint8_t *wire, size_t len);

enum reap { REAP_OLD, REAP_ALL };

/* Gives up what has not been answered. */
void window_reap(struct window *window, struct course *course, enum reap which);

/* Whether nothing is waited for. */
bool window_idle(const struct window *window, size_t size);

#endif
