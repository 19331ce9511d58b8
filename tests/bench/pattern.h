#ifndef BENCH_PATTERN_H
#define BENCH_PATTERN_H

#include "message.h"

/* Which questions come one after the other. */
struct pattern {
	const struct pattern_row *row;
	struct ask asks[KIND_COUNT][3]; /* by type, to be numbered */
	uint64_t asked;
	unsigned base; /* the first of the names that are new */
	unsigned fresh;
};

/* By its name; false when there is none of that name. */
bool pattern_init(struct pattern *pattern, const char *name, unsigned base);

/* The next question, without an id. */
void pattern_next(struct pattern *pattern, struct ask *ask);

/* What there is, for people. */
extern const char pattern_names[];

#endif
