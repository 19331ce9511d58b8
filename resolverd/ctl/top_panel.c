#include "ctl/top_panel.h"

#include <stdio.h>
#include <string.h>

#include "ctl/figures.h"
#include "ctl/source_style.h"

enum {
	PERCENT = 100,
	BAR_COLS = 10,
	SECOND_MS = 1000,
	TITLE_TEXT = 96,
	GAP = 1, /* between columns */
};

static const char *const titles[TOP_PANELS] = {
    [TOP_NAMES] = "Names",
    [TOP_CLIENTS] = "Clients",
    [TOP_SLOWEST] = "Slowest",
    [TOP_SOURCES] = "Sources",
    [TOP_RCODES] = "Rcodes",
    [TOP_TYPES] = "Types",
};

/* A row on its way to the canvas. */
struct line {
	const struct top_report *report;
	const struct top_row *row;
	struct canvas_pen *pen;
};

/* Columns: each writes what a row has in it, within `cols`. */

static void
put_count(const struct line *line, size_t cols)
{
	char figures[FIGURES_TEXT];
	char text[FIGURES_TEXT + 1];

	/* As in resolverctl(8): at most so many. */
	snprintf(text, sizeof(text), "%s%s", line->row->error > 0 ? "~" : "",
	    figures_count(line->row->count, figures));
	canvas_fit_right(line->pen, cols, text);
}

static void
put_rate(const struct line *line, size_t cols)
{
	const uint64_t interval = line->report->interval_ms;
	const uint64_t recent = line->row->recent;
	char text[FIGURES_TEXT];

	figures_count(interval == 0 ? recent : recent * SECOND_MS / interval,
	    text);
	canvas_fit_right(line->pen, cols, text);
}

static unsigned
share_of(const struct line *line, unsigned whole)
{
	const uint64_t queries = line->report->queries;
	const uint64_t count = line->row->count;

	if (queries == 0 || count > queries)
		return queries == 0 ? 0 : whole;
	return (unsigned)((double)count / (double)queries * whole);
}

static void
put_share(const struct line *line, size_t cols)
{
	char text[FIGURES_TEXT];

	snprintf(text, sizeof(text), "%u %%", share_of(line, PERCENT));
	canvas_fit_right(line->pen, cols, text);
}

static void
put_bar(const struct line *line, size_t cols)
{
	const enum canvas_style before = line->pen->style;
	const size_t end = line->pen->col + cols;
	unsigned eighths =
	    share_of(line, (unsigned)cols * (unsigned)CANVAS_EIGHTHS);

	line->pen->style = CANVAS_GREEN;
	while (eighths > 0) {
		const unsigned here =
		    eighths < CANVAS_EIGHTHS ? eighths : CANVAS_EIGHTHS;

		canvas_put(line->pen, (uint8_t)(CANVAS_RIGHT_1 + here - 1));
		eighths -= here;
	}
	line->pen->col = end;
	line->pen->style = before;
}

static void
put_latency(const struct line *line, size_t cols)
{
	char text[FIGURES_TEXT];

	canvas_fit_right(line->pen, cols, figures_time(line->row->count, text));
}

static void
put_time(const struct line *line, size_t cols)
{
	canvas_fit_right(line->pen, cols, line->row->time);
}

static void
put_source(const struct line *line, size_t cols)
{
	const enum canvas_style before = line->pen->style;

	line->pen->style = source_style(line->row->source);
	canvas_fit(line->pen, cols, line->row->source);
	line->pen->style = before;
}

static void
put_type(const struct line *line, size_t cols)
{
	canvas_fit(line->pen, cols, line->row->type);
}

/* In the order of the screen; the text comes before them, and has the rest. */
struct column {
	const char *title;
	size_t cols;
	size_t least; /* columns of the panel that leave room for it */
	void (*put)(const struct line *line, size_t cols);
};

/* Names and clients want the room that words can spare. */
static const struct column of_keys[] = {
    {"", BAR_COLS, 84, put_bar},
    {"share", 5, 60, put_share},
    {"now/s", 7, 36, put_rate},
    {"count", 10, 0, put_count},
};

static const struct column of_words[] = {
    {"", BAR_COLS, 50, put_bar},
    {"share", 5, 22, put_share},
    {"now/s", 7, 36, put_rate},
    {"count", 10, 0, put_count},
};

static const struct column of_queries[] = {
    {"type", 7, 36, put_type},
    {"source", 8, 46, put_source},
    {"time", 8, 60, put_time},
    {"latency", 7, 0, put_latency},
};

struct columns {
	const struct column *rows;
	size_t count;
};

#define COLUMNS(table)                                    \
	{                                                 \
		table, sizeof(table) / sizeof((table)[0]) \
	}

static const struct columns columns[TOP_PANELS] = {
    [TOP_NAMES] = COLUMNS(of_keys),
    [TOP_CLIENTS] = COLUMNS(of_keys),
    [TOP_SLOWEST] = COLUMNS(of_queries),
    [TOP_SOURCES] = COLUMNS(of_words),
    [TOP_RCODES] = COLUMNS(of_words),
    [TOP_TYPES] = COLUMNS(of_words),
};

/* Columns that are left for the text. */
static size_t
text_cols(enum top_panel panel, size_t cols)
{
	const struct columns *all = &columns[panel];
	size_t taken = 0;

	for (size_t i = 0; i < all->count; i++) {
		if (cols >= all->rows[i].least)
			taken += all->rows[i].cols + GAP;
	}
	return cols > taken ? cols - taken : 0;
}

static enum canvas_style
style_of(enum top_panel panel, const struct top_row *row)
{
	if (panel == TOP_SOURCES)
		return source_style(row->text);
	return panel == TOP_RCODES && strcmp(row->text, "NOERROR") != 0
	    ? CANVAS_YELLOW
	    : CANVAS_PLAIN;
}

static void
draw_row(struct line *line, enum top_panel panel)
{
	const struct columns *all = &columns[panel];
	const size_t cols = line->pen->area.cols;

	line->pen->style = style_of(panel, line->row);
	canvas_fit(line->pen, text_cols(panel, cols), line->row->text);
	line->pen->style = CANVAS_PLAIN;
	for (size_t i = 0; i < all->count; i++) {
		const struct column *column = &all->rows[i];

		if (cols < column->least)
			continue;
		line->pen->col += GAP;
		column->put(line, column->cols);
	}
}

/* Titles. */

/* What it is, which rows, and in which order if that is not the usual one. */
static void
write_title(const struct top_view *view, enum top_panel panel,
    char text[TITLE_TEXT])
{
	const struct top_panel_view *how = &view->panels[panel];
	size_t len = (size_t)snprintf(text, TITLE_TEXT, "%s", titles[panel]);

	if (how->filter[0] != '\0' ||
	    (view->prompting && view->focus == panel)) {
		len += (size_t)snprintf(text + len, TITLE_TEXT - len, " /%s%s",
		    how->filter,
		    view->prompting && view->focus == panel ? "_" : "");
	}
	if (how->sort != TOP_BY_COUNT) {
		snprintf(text + len, TITLE_TEXT - len, " by %s",
		    top_sort_text(panel, how->sort));
	}
}

static void
draw_title(const struct top_view *view, enum top_panel panel,
    struct canvas_pen *pen)
{
	const struct columns *all = &columns[panel];
	const size_t cols = pen->area.cols;
	char text[TITLE_TEXT];

	pen->style = view->focus == panel ? CANVAS_INVERSE : CANVAS_BOLD;
	for (size_t i = 0; i < cols; i++)
		canvas_put(pen, ' ');
	canvas_move(pen, 0, 0);
	write_title(view, panel, text);
	canvas_fit(pen, text_cols(panel, cols), text);
	for (size_t i = 0; i < all->count; i++) {
		const struct column *column = &all->rows[i];
		const bool left =
		    column->put == put_type || column->put == put_source;

		if (cols < column->least)
			continue;
		pen->col += GAP;
		(left ? canvas_fit : canvas_fit_right)(pen, column->cols,
		    column->title);
	}
}

static void
draw_rows(const struct top_drawing *drawing, enum top_panel panel,
    struct canvas_pen *pen)
{
	const struct top_row *rows[TOP_ROWS];
	const size_t count =
	    top_view_rows(drawing->view, drawing->report, panel, rows);
	const size_t scroll = drawing->view->panels[panel].scroll;
	/* The last row stays in sight. */
	const size_t first = count > 0 && scroll >= count ? count - 1 : scroll;

	for (size_t i = first; i < count && i - first + 1 < pen->area.rows;
	     i++) {
		struct line line = {drawing->report, rows[i], pen};

		canvas_move(pen, i - first + 1, 0);
		draw_row(&line, panel);
	}
	if (count > 0 || pen->area.rows < 2)
		return;
	canvas_move(pen, 1, 0);
	pen->style = CANVAS_FAINT;
	canvas_fit(pen, pen->area.cols,
	    drawing->report->counts[panel] > 0 ? "nothing with that text"
					       : "nothing yet");
}

void
top_panel_draw(const struct top_drawing *drawing, enum top_panel panel,
    const struct canvas_area *area)
{
	struct canvas_pen pen = canvas_pen(drawing->canvas, area);

	draw_title(drawing->view, panel, &pen);
	draw_rows(drawing, panel, &pen);
}

void
top_panel_tabs(const struct top_drawing *drawing,
    const struct canvas_area *area)
{
	struct canvas_pen pen = canvas_pen(drawing->canvas, area);

	for (int i = 0; i < TOP_PANELS; i++) {
		pen.style = drawing->view->focus == (enum top_panel)i
		    ? CANVAS_BOLD
		    : CANVAS_FAINT;
		canvas_print(&pen, "%.3s", titles[i]);
		pen.col++;
	}
}
