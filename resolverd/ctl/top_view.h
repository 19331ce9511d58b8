#ifndef CTL_TOP_VIEW_H
#define CTL_TOP_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "ctl/top_report.h"

/* What of a report a person looks at, and how: what keys change. */

enum top_sort { TOP_BY_COUNT, TOP_BY_RECENT, TOP_BY_TEXT };
enum { TOP_SORTS = 3 };

enum { TOP_FILTER = 40 };

struct top_panel_view {
	enum top_sort sort;
	size_t scroll;		 /* rows that are above */
	char filter[TOP_FILTER]; /* rows that have this in their text */
};

struct top_view {
	enum top_panel focus;
	struct top_panel_view panels[TOP_PANELS];
	bool zoomed; /* the panel in focus has all the room */
	bool paused;
	bool help;
	bool prompting; /* for a filter */
};

/* What is to be done about a key. */
enum top_effect {
	TOP_NOTHING,
	TOP_SHOW, /* the view has changed */
	TOP_REDRAW,
	TOP_RESTART, /* count anew */
	TOP_QUIT,
};

enum top_effect top_view_press(struct top_view *view, int key);

/*
 * The rows of a panel that pass its filter, in its order; they point into
 * the report.  Returns how many.
 */
size_t
top_view_rows(const struct top_view *view, const struct top_report *report,
    enum top_panel panel, const struct top_row *rows[TOP_ROWS]);

/* "count", "rate", "name"; of the slowest, "latency", "time", "name". */
const char *top_sort_text(enum top_panel panel, enum top_sort sort);

#endif
