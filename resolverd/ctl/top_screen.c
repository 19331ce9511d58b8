#include "ctl/top_screen.h"

#include <stdio.h>
#include <string.h>

#include "ctl/figures.h"
#include "ctl/top_panel.h"

enum {
	SMALL_ROWS = 20, /* with fewer, or fewer columns, a panel at a time */
	SMALL_COLS = 72,
	TALL_ROWS = 40,
	TABS_ROWS = 14,	 /* with fewer, panels are not listed */
	UNTIL_COLS = 50, /* with fewer, it is not told how long a mode lasts */
	STATS_COLS = 38, /* to the left of the graph */
	GRAPH_ROWS = 3,
	GRAPH_ROWS_TALL = 6,
	SIDE_MOST = 60,
	GAP = 2,
	STATS = 3, /* lines */
	LINE = 128,
};

/* Above the panels. */

/* Returns the columns that are left of it. */
static size_t
draw_clock(const struct top_screen *screen, struct canvas_pen *pen)
{
	const size_t cols = pen->area.cols;
	char text[LINE];

	snprintf(text, sizeof(text), "%s%s",
	    screen->view->paused ? "paused " : "", screen->report->time);
	if (strlen(text) + GAP > cols)
		return cols;
	canvas_move(pen, 0, cols - strlen(text));
	pen->style = screen->view->paused ? CANVAS_YELLOW : CANVAS_PLAIN;
	canvas_print(pen, "%s", text);
	canvas_move(pen, 0, 0);
	return cols - strlen(text) - GAP;
}

static void
write_bar(const struct top_report *report, size_t cols, char text[LINE])
{
	char dropped[FIGURES_TEXT];
	size_t len = 0;

	text[0] = '\0';
	if (report->mode[0] != '\0') {
		len =
		    (size_t)snprintf(text, LINE, "  mode %.32s", report->mode);
	}
	if (report->mode_until[0] != '\0' && cols >= UNTIL_COLS) {
		len += (size_t)snprintf(text + len, LINE - len, " until %.8s",
		    report->mode_until);
	}
	if (report->dropped_recent > 0) {
		snprintf(text + len, LINE - len, "  %s not looked at",
		    figures_count(report->dropped_recent, dropped));
	}
}

static void
draw_bar(const struct top_screen *screen, struct canvas_pen *pen)
{
	const struct top_report *report = screen->report;
	size_t cols = pen->area.cols;
	char text[LINE];

	if (report != NULL)
		cols = draw_clock(screen, pen);
	pen->style = CANVAS_BOLD;
	canvas_print(pen, "resolverd");
	if (report == NULL || pen->col >= cols)
		return;
	write_bar(report, cols, text);
	pen->style = report->dropped_recent > 0 ? CANVAS_YELLOW : CANVAS_PLAIN;
	canvas_fit(pen, cols - pen->col, text);
}

static void
write_rate(const struct top_screen *screen, char text[LINE])
{
	char now[FIGURES_TEXT];
	char peak[FIGURES_TEXT];

	snprintf(text, LINE, "%s queries/s   peak %s",
	    figures_count(top_report_rate(screen->report), now),
	    figures_count(screen->history->peak, peak));
}

static void
write_cached(const struct top_screen *screen, char text[LINE])
{
	const int cached = top_report_cached(screen->report);
	char total[FIGURES_TEXT];
	char share[FIGURES_TEXT] = "-";

	if (cached >= 0)
		snprintf(share, sizeof(share), "%d %%", cached);
	snprintf(text, LINE, "cache %s   %s since %s", share,
	    figures_count(screen->report->queries, total),
	    screen->report->since);
}

static void
write_latency(const struct top_screen *screen, char text[LINE])
{
	char p50[FIGURES_TEXT];
	char p99[FIGURES_TEXT];

	snprintf(text, LINE, "p50 %s   p99 %s",
	    figures_time(screen->report->p50_us, p50),
	    figures_time(screen->report->p99_us, p99));
}

static void (*const stats[STATS])(const struct top_screen *screen,
    char text[LINE]) = {write_rate, write_cached, write_latency};

/* Figures, and the graph to the right of them. */
static void
draw_stats(const struct top_screen *screen, struct canvas *canvas, size_t rows)
{
	const struct canvas_area area = {1, 0, rows, STATS_COLS};
	const struct canvas_area graph = {1, STATS_COLS + GAP, rows,
	    canvas->cols - STATS_COLS - GAP};
	struct canvas_pen pen = canvas_pen(canvas, &area);

	for (size_t i = 0; i < STATS; i++) {
		char text[LINE];

		stats[i](screen, text);
		canvas_move(&pen, i, 0);
		pen.style = i == 0 ? CANVAS_BOLD : CANVAS_PLAIN;
		canvas_fit(&pen, STATS_COLS, text);
	}
	top_history_draw(screen->history, canvas, &graph);
}

/* The same in two rows. */
static void
draw_stats_small(const struct top_screen *screen, struct canvas *canvas)
{
	const int cached = top_report_cached(screen->report);
	const struct canvas_area area = {1, 0, 2, canvas->cols};
	struct canvas_pen pen = canvas_pen(canvas, &area);
	struct canvas_area graph = {.row = 1, .rows = 1};
	char text[LINE];
	char figures[FIGURES_TEXT];

	pen.style = CANVAS_BOLD;
	canvas_print(&pen, "%s q/s ",
	    figures_count(top_report_rate(screen->report), figures));
	graph.col = pen.col;
	graph.cols = canvas->cols > pen.col ? canvas->cols - pen.col : 0;
	top_history_draw(screen->history, canvas, &graph);
	pen.style = CANVAS_PLAIN;
	canvas_move(&pen, 1, 0);
	write_latency(screen, text);
	canvas_print(&pen, "%s", text);
	if (cached >= 0)
		canvas_print(&pen, "   cache %d %%", cached);
}

/* Below them: as many hints as there is room for. */

static void
draw_hints(struct canvas *canvas)
{
	static const char *const hints[] = {"q quit", "? help", "Tab panel",
	    "s sort", "/ filter", "p pause", "z zoom", "r count anew"};
	const struct canvas_area area = {canvas->rows - 1, 0, 1, canvas->cols};
	struct canvas_pen pen = canvas_pen(canvas, &area);

	pen.style = CANVAS_FAINT;
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
		if (pen.col + strlen(hints[i]) > canvas->cols)
			break;
		canvas_print(&pen, "%s", hints[i]);
		pen.col += GAP;
	}
}

static void
draw_help(struct canvas *canvas)
{
	static const char *const lines[] = {
	    "q                  quit",
	    "Tab, arrows        next panel",
	    "up, down, PgUp, Home  scroll",
	    "s    sort by count, rate now, name",
	    "/    only rows with a text; Esc: all",
	    "z, Enter  the panel alone, or all",
	    "p, space           pause",
	    "r                  count anew",
	    "A count of ~n is at most n.",
	    "Any key goes back.",
	};
	const struct canvas_area area = canvas_whole(canvas);
	struct canvas_pen pen = canvas_pen(canvas, &area);

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		canvas_move(&pen, i, 0);
		canvas_fit(&pen, canvas->cols, lines[i]);
	}
}

/* Panels. */

/* One above the other: a panel, and how much of the rows it gets. */
struct stack {
	enum top_panel panel;
	unsigned parts;
};

enum { STACK = 3 };

static void
draw_stack(const struct top_drawing *drawing, const struct stack stack[STACK],
    struct canvas_area area)
{
	const size_t rows = area.rows;
	unsigned whole = 0;
	size_t left = rows;

	for (size_t i = 0; i < STACK; i++)
		whole += stack[i].parts;
	for (size_t i = 0; i < STACK; i++) {
		area.rows =
		    i + 1 == STACK ? left : rows * stack[i].parts / whole;
		top_panel_draw(drawing, stack[i].panel, &area);
		area.row += area.rows;
		left -= area.rows;
	}
}

static size_t
side_cols(size_t cols)
{
	const size_t third = cols / 3;

	return third > SIDE_MOST ? SIDE_MOST : third;
}

static void
draw_panels(const struct top_drawing *drawing, const struct canvas_area *area)
{
	static const struct stack wide[STACK] = {{TOP_NAMES, 10},
	    {TOP_CLIENTS, 5}, {TOP_SLOWEST, 5}};
	static const struct stack narrow[STACK] = {{TOP_SOURCES, 8},
	    {TOP_RCODES, 6}, {TOP_TYPES, 6}};
	struct canvas_area left = *area;
	struct canvas_area right = *area;

	right.cols = side_cols(area->cols);
	right.col = area->cols - right.cols;
	left.cols = right.col - GAP;
	draw_stack(drawing, wide, left);
	draw_stack(drawing, narrow, right);
}

static void
draw_body(const struct top_screen *screen, struct canvas *canvas, size_t head)
{
	const struct top_drawing drawing = {screen->view, screen->report,
	    canvas};
	const bool small =
	    canvas->rows < SMALL_ROWS || canvas->cols < SMALL_COLS;
	struct canvas_area area = {head, 0, canvas->rows - head - 1,
	    canvas->cols};

	if (!small && !screen->view->zoomed) {
		draw_panels(&drawing, &area);
		return;
	}
	if (canvas->rows >= TABS_ROWS) {
		top_panel_tabs(&drawing, &area);
		area.row++;
		area.rows--;
	}
	top_panel_draw(&drawing, screen->view->focus, &area);
}

static void
draw_all(const struct top_screen *screen, struct canvas *canvas)
{
	const bool small =
	    canvas->rows < SMALL_ROWS || canvas->cols < SMALL_COLS;
	const size_t graph =
	    canvas->rows < TALL_ROWS ? GRAPH_ROWS : GRAPH_ROWS_TALL;

	if (small) {
		draw_stats_small(screen, canvas);
	} else {
		draw_stats(screen, canvas, graph);
	}
	draw_body(screen, canvas, small ? 3 : graph + 2);
	draw_hints(canvas);
}

void
top_screen_draw(const struct top_screen *screen, struct canvas *canvas)
{
	const struct canvas_area area = canvas_whole(canvas);
	struct canvas_pen pen = canvas_pen(canvas, &area);

	canvas_clear(canvas);
	if (screen->view->help) {
		draw_help(canvas);
		return;
	}
	draw_bar(screen, &pen);
	canvas_move(&pen, 1, 0);
	pen.style = CANVAS_FAINT;
	if (screen->report == NULL) {
		canvas_print(&pen, "counting ...");
	} else if (canvas->rows >= 6) {
		draw_all(screen, canvas);
	}
}
