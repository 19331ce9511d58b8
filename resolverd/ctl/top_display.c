#include "ctl/top_display.h"

#include <stdio.h>
#include <stdlib.h>

#include "ctl/terminal.h"
#include "ctl/top_key.h"
#include "ctl/top_screen.h"

void
top_display_init(struct top_display *display, bool colour)
{
	*display = (struct top_display){
	    .look = {.utf8 = terminal_utf8(), .colour = colour},
	};
	top_report_init(&display->reports[0]);
	top_report_init(&display->reports[1]);
}

void
top_display_fini(struct top_display *display)
{
	top_report_fini(&display->reports[0]);
	top_report_fini(&display->reports[1]);
	canvas_fini(&display->canvas);
}

void
top_display_take(struct top_display *display, const struct node *answer)
{
	struct top_report *report;

	if (display->view.paused)
		display->latest = 1 - display->shown;
	report = &display->reports[display->latest];
	top_report_read(report, answer);
	top_history_add(&display->history, top_report_rate(report));
	display->any = true;
}

enum top_effect
top_display_press(struct top_display *display, const char *octets, size_t len)
{
	enum top_effect effect = TOP_NOTHING;

	while (len > 0 && effect != TOP_QUIT && effect != TOP_RESTART) {
		size_t used;
		const int key = top_key_read(octets, len, &used);

		effect = top_view_press(&display->view, key);
		octets += used;
		len -= used;
		if (effect == TOP_REDRAW)
			top_display_forget(display);
	}
	if (!display->view.paused)
		display->shown = display->latest;
	if (effect == TOP_RESTART)
		display->history.peak = 0;
	return effect;
}

void
top_display_forget(struct top_display *display)
{
	display->current = false;
}

/* Writes what changes the terminal to show a canvas. */
static bool
paint(const struct top_display *display, const struct canvas *canvas)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	bool shown;

	if (out == NULL)
		return false;
	canvas_paint(canvas, display->current ? &display->canvas : NULL,
	    &display->look, out);
	fclose(out);
	shown = terminal_show(text, len);
	free(text);
	return shown;
}

bool
top_display_show(struct top_display *display)
{
	const struct top_screen screen = {
	    .view = &display->view,
	    .report = display->any ? &display->reports[display->shown] : NULL,
	    .history = &display->history,
	};
	struct canvas canvas;
	size_t rows;
	size_t cols;
	bool shown;

	terminal_size(&rows, &cols);
	if (!canvas_init(&canvas, rows, cols))
		return false;
	top_screen_draw(&screen, &canvas);
	shown = paint(display, &canvas);
	canvas_fini(&display->canvas);
	display->canvas = canvas;
	display->current = true;
	return shown;
}
