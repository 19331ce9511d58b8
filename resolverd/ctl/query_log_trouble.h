#ifndef CTL_QUERY_LOG_TROUBLE_H
#define CTL_QUERY_LOG_TROUBLE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What goes wrong with the query log: one line when it begins and one when it
 * is over, however many entries are lost in between, and a pause before
 * anything is tried again.  It is over when nothing has failed for a second:
 * what is too slow works now and then.
 */
struct query_log_trouble {
	const char *name; /* of what is written to; the caller's */
	bool there;
	uint64_t lost;	   /* entries since it began */
	uint64_t retry_at; /* on the daemon's clock */
	uint64_t over_at;  /* if nothing else fails before; likewise */
};

/* Something failed at `now`, for that reason. */
void query_log_trouble_note(struct query_log_trouble *trouble, uint64_t now,
    const char *why);

/* The same of what is only slow, and is tried again without a pause. */
void query_log_trouble_slow(struct query_log_trouble *trouble, uint64_t now,
    const char *why);

/* Something worked at `now`. */
void query_log_trouble_worked(struct query_log_trouble *trouble, uint64_t now);

/* Whether it is too early to try again. */
static inline bool
query_log_trouble_waits(const struct query_log_trouble *trouble, uint64_t now)
{
	return trouble->there && now < trouble->retry_at;
}

#endif
