#ifndef CTL_CONTROL_FILTER_H
#define CTL_CONTROL_FILTER_H

#include <stdbool.h>

#include "ctl/tail_filter.h"

struct control_call;

/* The arguments of a command that tells of queries, for its table's row. */
#define CONTROL_FILTER_ARGUMENTS                             \
	{"name", CONTROL_TEXT}, {"client", CONTROL_TEXT},    \
	    {"type", CONTROL_TEXT}, {"rcode", CONTROL_TEXT}, \
	    {"source", CONTROL_TEXT},                        \
	{                                                    \
		"slower", CONTROL_TEXT                       \
	}

/* Reads them.  False when the call has failed for them, and is no more. */
bool control_filter_read(struct control_call *call, struct tail_filter *filter);

#endif
