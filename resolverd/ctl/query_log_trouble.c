#include "ctl/query_log_trouble.h"

#include <inttypes.h>

#include "base/log.h"
#include "io/clock.h"

#define RETRY_AFTER CLOCK_SECOND
#define OVER_AFTER  CLOCK_SECOND

void
query_log_trouble_note(struct query_log_trouble *trouble, uint64_t now,
    const char *why)
{
	trouble->retry_at = now + RETRY_AFTER;
	query_log_trouble_slow(trouble, now, why);
}

void
query_log_trouble_slow(struct query_log_trouble *trouble, uint64_t now,
    const char *why)
{
	trouble->over_at = now + OVER_AFTER;
	if (trouble->there)
		return;
	trouble->there = true;
	trouble->lost = 0;
	log_error("query log: %s: %s; entries are lost until that changes",
	    trouble->name, why);
}

void
query_log_trouble_worked(struct query_log_trouble *trouble, uint64_t now)
{
	if (!trouble->there || now < trouble->over_at)
		return;
	trouble->there = false;
	log_info("query log: %s: is written again; %" PRIu64
		 " %s lost in the meantime",
	    trouble->name, trouble->lost,
	    trouble->lost == 1 ? "entry was" : "entries were");
}
