#ifndef SCENARIO_EXPECT_H
#define SCENARIO_EXPECT_H

#include <stdbool.h>

#include "script.h"
#include "world.h"

/*
 * What a scenario expects of messages.  They are taken apart by ldns, which
 * shares no code with the daemon's hot path.
 */

/* "sends SERVER NAME TYPE [tcp] [do] [cd]" */
bool expect_sent(const struct action *action, const struct event *event);

/* The options of "gets" that concern one answer. */
extern const char *const expect_options[];

/* "gets RCODE option... [record]" with its section lines. */
bool expect_reply(const struct action *action, const struct event *event);

/* An answer's records in their order, as text from the heap; NULL: broken. */
char *expect_order(const struct event *event);

/* The first record alone; the same. */
char *expect_first(const struct event *event);

#endif
