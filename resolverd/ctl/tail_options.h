#ifndef CTL_TAIL_OPTIONS_H
#define CTL_TAIL_OPTIONS_H

#include <stddef.h>

#include "ctl/remote_command.h"
#include "ctl/tail_filter.h"

/* What commands that watch queries may be told; first in their own struct. */
struct tail_options {
	struct remote_options remote;
	struct tail_filter_terms terms;
};

/* The rows for it, which are the first of a command's table. */
#define TAIL_OPTION_ROWS                                                    \
	REMOTE_OPTION_ROWS,                                                 \
	    {"name", '\0', "NAME", "this name, or *.NAME: all below it",    \
		offsetof(struct tail_options, terms.name)},                 \
	    {"client", '\0', "IP", "this client, or a prefix of clients",   \
		offsetof(struct tail_options, terms.client)},               \
	    {"type", '\0', "TYPE", "this type of record",                   \
		offsetof(struct tail_options, terms.type)},                 \
	    {"rcode", '\0', "RCODE", "this outcome, such as NXDOMAIN",      \
		offsetof(struct tail_options, terms.rcode)},                \
	    {"source", '\0', "WHO",                                         \
		"rule, zone, cache, stale, upstream, "                      \
		"special or error",                                         \
		offsetof(struct tail_options, terms.source)},               \
	{                                                                   \
		"slower", '\0', "TIME", "answered no sooner, such as 10ms", \
		    offsetof(struct tail_options, terms.slower)             \
	}

/* What the daemon is told; the number is the command's own, or nothing. */
enum { TAIL_ARGUMENTS = 7 };
void tail_options_say(const struct tail_options *options,
    const struct remote_argument *number,
    struct remote_argument arguments[TAIL_ARGUMENTS]);

#endif
