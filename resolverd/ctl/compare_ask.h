#ifndef CTL_COMPARE_ASK_H
#define CTL_COMPARE_ASK_H

#include <stddef.h>

#include "ctl/compare.h"
#include "dns/request.h"

/* Two servers asked the same questions, several at a time. */

enum compare_side { COMPARE_LEFT, COMPARE_RIGHT, COMPARE_SIDES };

enum compare_outcome {
	COMPARE_NOT_ASKED, /* a server never answered: no use to go on */
	COMPARE_SAME,
	COMPARE_DIFFERENT,
	COMPARE_UNANSWERED, /* by one of them at least */
};

/* A question and what came of it. */
struct compare_job {
	struct question question;
	enum compare_outcome outcome;
	const char
	    *silence[COMPARE_SIDES];   /* why there is no answer, or NULL */
	struct arena arena;	       /* of what follows, until freed */
	struct comparison *comparison; /* DIFFERENT */
};

struct compare_plan {
	struct stub sides[COMPARE_SIDES];
	unsigned rate;	      /* questions a second to each server, not 0 */
	unsigned ignored;     /* a bit for each compare_kind */
	unsigned interval_ms; /* before what differs is asked again */
};

/*
 * Asks all questions.  Where answers differ both servers are asked again after
 * the interval, and only what differs then counts.  False without threads.
 */
bool compare_ask(const struct compare_plan *plan, struct compare_job *jobs,
    size_t count);

/* Frees what the jobs hold. */
void compare_ask_free(struct compare_job *jobs, size_t count);

#endif
