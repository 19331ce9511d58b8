#ifndef CTL_EXPLAIN_H
#define CTL_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/query.h"
#include "core/snapshot.h"
#include "ctl/response.h"
#include "ctl/story.h"
#include "ctl/words.h"

/* An explanation, ready to be printed. */
struct explanation {
	struct words words;
	struct story story;
	struct response response;
	enum chasing chasing; /* as configured */
	bool at_given;
	char day[16];	    /* for which the rule was chosen */
	const char *client; /* text, or NULL */
};

/* resolverctl explain; see resolverctl(8).  Returns the exit status. */
int explain_run(int argc, char **argv);

/* The rule for CNAMEs that holds at a time, in seconds since 1970. */
enum chase_mode explain_chase(enum chasing chasing, int64_t at);

#endif
