#ifndef CORE_ASK_H
#define CORE_ASK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/query.h"

struct engine;

/*
 * How a question goes out: over what, with what letter case and options, and
 * when something else is tried.  Each transmission has an id and a letter case
 * of its own.
 *
 * With R the time that the server's answers take at most (upstream_rto), the
 * second one follows after R, then 2 R and 4 R pass, none of them more than
 * 750 ms; the fifth comes no sooner than 2 s after the first, and then there
 * is one each 500 ms.  The sixth goes over TCP if its server was silent before.
 */
enum {
	ASK_MOST = 8,  /* transmissions of one question, whatever happens */
	ASK_EARLY = 4, /* of which in its first 2 s */
};
#define ASK_EARLY_TIME UINT64_C(2000000000)

/* Whether the question at hand may go out once more by now. */
bool ask_allowed(const struct query *query, uint64_t now);

/* Whether an answer may still come. */
bool ask_pending(const struct query *query);

/* Sends the question to server `index` of the query's group. */
enum step ask_server(struct engine *engine, struct query *query, unsigned index,
    uint64_t now);

/* The same server once more, now that transmission `slot` is over. */
enum step ask_again(struct engine *engine, struct query *query, unsigned slot,
    uint64_t now);

#endif
