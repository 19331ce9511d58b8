#ifndef CTL_FAULT_WORDS_H
#define CTL_FAULT_WORDS_H

#include "ctl/words.h"

struct fault;

/*
 * What an injected fault does, and to whom: "30 % of the queries are answered
 * SERVFAIL".  NULL when the arena is full.
 */
const char *
fault_words_tell(const struct words *words, const struct fault *fault);

#endif
