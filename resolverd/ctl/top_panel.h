#ifndef CTL_TOP_PANEL_H
#define CTL_TOP_PANEL_H

#include "ctl/canvas.h"
#include "ctl/top_view.h"

/* What is drawn, and onto what. */
struct top_drawing {
	const struct top_view *view;
	const struct top_report *report;
	struct canvas *canvas;
};

/* A panel: its title, and below it as many rows as there is room for. */
void top_panel_draw(const struct top_drawing *drawing, enum top_panel panel,
    const struct canvas_area *area);

/* The panels' names in a row, the one in focus marked. */
void top_panel_tabs(const struct top_drawing *drawing,
    const struct canvas_area *area);

#endif
