#ifndef CTL_TOP_REPORT_H
#define CTL_TOP_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct node;

/* The panels that top shows. */
enum top_panel {
	TOP_NAMES,
	TOP_CLIENTS,
	TOP_SLOWEST,
	TOP_SOURCES,
	TOP_RCODES,
	TOP_TYPES,
};
enum { TOP_PANELS = 6, TOP_ROWS = 64 };

/* A row of one; of the slowest, a query. */
struct top_row {
	const char *text;
	const char *type;   /* of a query, or NULL */
	const char *source; /* likewise */
	const char *time;   /* likewise, "02:10:01" */
	uint64_t count;	    /* of a query its latency in microseconds */
	uint64_t recent;    /* likewise 0 */
	uint64_t error;	    /* count may be too high by as much */
};

/* What the daemon told, as ctl/top_tally wrote it. */
struct top_report {
	struct arena arena; /* the texts */
	const char *time;   /* "02:10:01" */
	const char *since;
	const char *mode;	/* "": not told */
	const char *mode_until; /* "": as long as the daemon runs */
	uint64_t interval_ms;
	uint64_t queries;
	uint64_t recent;
	uint64_t dropped;
	uint64_t dropped_recent;
	uint64_t p50_us;
	uint64_t p99_us;
	size_t counts[TOP_PANELS];
	struct top_row rows[TOP_PANELS][TOP_ROWS];
};

/* Without anything: all zeros and empty texts. */
void top_report_init(struct top_report *report);
void top_report_fini(struct top_report *report);

/*
 * Takes another answer apart, in place of what was known.  What is missing in
 * it is 0, empty, or no row.
 */
void top_report_read(struct top_report *report, const struct node *answer);

/* Queries a second. */
uint64_t top_report_rate(const struct top_report *report);

/*
 * How many in a hundred of what servers know the cache knew, of late; -1 when
 * nothing of the kind was asked.
 */
int top_report_cached(const struct top_report *report);

/* "names", as in JSON. */
const char *top_panel_key(enum top_panel panel);

#endif
