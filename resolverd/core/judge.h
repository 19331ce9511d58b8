#ifndef CORE_JUDGE_H
#define CORE_JUDGE_H

#include <stdint.h>

#include "core/query.h"

struct engine;

/*
 * STEP_MATCH: whether engine->incoming is the answer to a transmission, and
 * what it teaches of the server.
 *
 * What does not match, or is broken, is dropped and the wait goes on; after so
 * many the question is asked over TCP, where nobody can guess at it.  A
 * datagram that matches but lacks the letter case or the cookie that its server
 * should have sent is not believed either, and the question goes over TCP at
 * once.
 */
enum { JUDGE_STRANGERS = 8 };

enum step judge_step(struct engine *engine, struct query *query, uint64_t now);

#endif
