#include "ctl/top_plain.h"

#include "ctl/figures.h"
#include "ctl/printable.h"

enum { ROWS = 10, PERCENT = 100, TEXT = 2048 };

static const char *const titles[TOP_PANELS] = {
    [TOP_NAMES] = "NAMES",
    [TOP_CLIENTS] = "CLIENTS",
    [TOP_SLOWEST] = "SLOWEST",
    [TOP_SOURCES] = "SOURCES",
    [TOP_RCODES] = "RCODES",
    [TOP_TYPES] = "TYPES",
};

static void
print_head(const struct top_report *report, FILE *out)
{
	const int cached = top_report_cached(report);
	char figures[FIGURES_TEXT];

	fprintf(out, "%s queries from %s",
	    figures_count(report->queries, figures), report->since);
	fprintf(out, " to %s, %s a second", report->time,
	    figures_count(top_report_rate(report), figures));
	if (report->dropped > 0) {
		fprintf(out, "; %s more not looked at",
		    figures_count(report->dropped, figures));
	}
	putc('\n', out);
	if (report->mode[0] != '\0')
		fprintf(out, "mode %s, ", report->mode);
	if (cached >= 0)
		fprintf(out, "cache %d %%, ", cached);
	fprintf(out, "latency p50 %s", figures_time(report->p50_us, figures));
	fprintf(out, ", p99 %s\n", figures_time(report->p99_us, figures));
}

static void
print_query(const struct top_row *row, FILE *out)
{
	char time[FIGURES_TEXT];
	char safe[TEXT];

	fprintf(out, "%10s  %-8s %-6s %s\n", figures_time(row->count, time),
	    row->source, row->type,
	    printable_text(row->text, safe, sizeof(safe)));
}

static void
print_count(const struct top_report *report, const struct top_row *row,
    FILE *out)
{
	const unsigned share = report->queries == 0
	    ? 0
	    : (unsigned)(row->count * PERCENT / report->queries);
	char count[FIGURES_TEXT];
	char safe[TEXT];

	fprintf(out, "%10s %3u %%  %s\n", figures_count(row->count, count),
	    share, printable_text(row->text, safe, sizeof(safe)));
}

static void
print_panel(const struct top_report *report, enum top_panel panel, FILE *out)
{
	const size_t count = report->counts[panel];

	if (count > 0)
		fprintf(out, "\n%s\n", titles[panel]);
	for (size_t i = 0; i < count && i < ROWS; i++) {
		const struct top_row *row = &report->rows[panel][i];

		if (panel == TOP_SLOWEST) {
			print_query(row, out);
		} else {
			print_count(report, row, out);
		}
	}
}

void
top_plain_print(const struct top_report *report, FILE *out)
{
	print_head(report, out);
	for (int i = 0; i < TOP_PANELS; i++)
		print_panel(report, (enum top_panel)i, out);
}
