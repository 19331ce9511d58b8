#ifndef FAULTY_BEHAVIOUR_H
#define FAULTY_BEHAVIOUR_H

#include "message.h"
#include "server.h"

/*
 * What the server does with a question is said by the first label of its name,
 * a word and perhaps a number: drop-2.7.x.test.  The second label, when it is a
 * number n, makes the right address 198.18.0.0 + n; what must never be taken
 * is 203.0.113.66.
 */

struct behaviour_options {
	const char *always; /* this word instead of the label, or NULL */
	bool cookies;	    /* an answer to a cookie has a cookie */
};

void behaviour_set(const struct behaviour_options *wanted);

void behaviour_act(const struct way *way, const struct question *question);

/* Every word and what it does, for people. */
void behaviour_print(void);

#endif
