#ifndef CTL_IMPACT_REPORT_H
#define CTL_IMPACT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/json_writer.h"
#include "ctl/response.h"
#include "ctl/story.h"
#include "ctl/words.h"

/* A question's two answers, with what led to them. */
struct impact_side {
	struct story story;
	struct response response;
};

struct impact_change {
	struct words words;
	const struct impact_side *classic;
	const struct impact_side *per_hop;
};

/*
 * The hop of per_hop where another step answers than under the classic rule;
 * NULL: the rule for CNAMEs makes no difference.
 */
const struct story_hop *impact_report_hop(const struct impact_change *change);

/* Why the answer changes, in a sentence. */
const char *impact_report_reason(const struct impact_change *change);

void impact_report_text(const struct impact_change *change, FILE *out);

/* The same as an element of an array. */
void impact_report_json(const struct impact_change *change,
    struct json_writer *writer);

#endif
