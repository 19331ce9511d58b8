#include "ctl/top_report.h"

#include <string.h>

#include "config/node.h"
#include "ctl/clock_text.h"
#include "ctl/remote.h"

enum { SECOND_MS = 1000, PERCENT = 100, TIME_OF_DAY = 8, BLOCK = 16384 };

static const char *const keys[TOP_PANELS] = {
    [TOP_NAMES] = "names",
    [TOP_CLIENTS] = "clients",
    [TOP_SLOWEST] = "slowest",
    [TOP_SOURCES] = "sources",
    [TOP_RCODES] = "rcodes",
    [TOP_TYPES] = "types",
};

const char *
top_panel_key(enum top_panel panel)
{
	return keys[panel];
}

/* Texts. */

static const char *
keep_text(struct top_report *report, const char *text)
{
	const char *kept =
	    text == NULL ? NULL : arena_strdup(&report->arena, text);

	return kept == NULL ? "" : kept;
}

static const char *
read_text(struct top_report *report, const struct node *map, const char *key)
{
	return keep_text(report, remote_text(map, key));
}

/* A date's time of day, without milliseconds. */
static const char *
read_time(struct top_report *report, const struct node *map, const char *key)
{
	const char *date = remote_text(map, key);
	char text[CLOCK_TEXT];

	clock_text(date == NULL ? "" : date, text);
	text[TIME_OF_DAY] = '\0';
	return keep_text(report, text);
}

/* Rows. */

static struct top_row
read_count(struct top_report *report, const struct node *node)
{
	return (struct top_row){
	    .text = read_text(report, node, "key"),
	    .count = remote_number(node, "count"),
	    .recent = remote_number(node, "recent"),
	    .error = remote_number(node, "error"),
	};
}

static struct top_row
read_query(struct top_report *report, const struct node *node)
{
	return (struct top_row){
	    .text = read_text(report, node, "name"),
	    .type = read_text(report, node, "type"),
	    .source = read_text(report, node, "source"),
	    .time = read_time(report, node, "time"),
	    .count = remote_number(node, "latency_us"),
	};
}

static void
read_rows(struct top_report *report, enum top_panel panel,
    const struct node *list)
{
	const struct node *node = list == NULL ? NULL : list->first;

	while (node != NULL && report->counts[panel] < TOP_ROWS) {
		report->rows[panel][report->counts[panel]++] =
		    panel == TOP_SLOWEST ? read_query(report, node)
					 : read_count(report, node);
		node = node->next;
	}
}

void
top_report_init(struct top_report *report)
{
	memset(report, 0, sizeof(*report));
	arena_init_heap(&report->arena, BLOCK);
	report->time = "";
	report->since = "";
	report->mode = "";
	report->mode_until = "";
}

void
top_report_fini(struct top_report *report)
{
	arena_fini(&report->arena);
}

void
top_report_read(struct top_report *report, const struct node *answer)
{
	top_report_fini(report);
	top_report_init(report);
	report->time = read_time(report, answer, "time");
	report->since = read_time(report, answer, "since");
	report->mode = read_text(report, answer, "mode");
	if (remote_text(answer, "mode_until") != NULL)
		report->mode_until = read_time(report, answer, "mode_until");
	report->interval_ms = remote_number(answer, "interval_ms");
	report->queries = remote_number(answer, "queries");
	report->recent = remote_number(answer, "recent");
	report->dropped = remote_number(answer, "dropped");
	report->dropped_recent = remote_number(answer, "dropped_recent");
	report->p50_us = remote_number(answer, "p50_us");
	report->p99_us = remote_number(answer, "p99_us");
	for (int i = 0; i < TOP_PANELS; i++)
		read_rows(report, (enum top_panel)i, node_get(answer, keys[i]));
}

uint64_t
top_report_rate(const struct top_report *report)
{
	const uint64_t recent = report->recent + report->dropped_recent;

	return report->interval_ms == 0
	    ? recent
	    : recent * SECOND_MS / report->interval_ms;
}

static uint64_t
recent_of(const struct top_report *report, const char *source)
{
	const struct top_row *rows = report->rows[TOP_SOURCES];

	for (size_t i = 0; i < report->counts[TOP_SOURCES]; i++) {
		if (strcmp(rows[i].text, source) == 0)
			return rows[i].recent;
	}
	return 0;
}

int
top_report_cached(const struct top_report *report)
{
	const uint64_t cached =
	    recent_of(report, "cache") + recent_of(report, "stale");
	const uint64_t all = cached + recent_of(report, "upstream");

	return all == 0 ? -1 : (int)(cached * PERCENT / all);
}
