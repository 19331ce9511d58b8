#ifndef CTL_TOP_SCREEN_H
#define CTL_TOP_SCREEN_H

#include "ctl/canvas.h"
#include "ctl/top_history.h"
#include "ctl/top_view.h"

/* What there is to be seen. */
struct top_screen {
	const struct top_view *view;
	const struct top_report *report; /* NULL: none has come yet */
	const struct top_history *history;
};

/*
 * Composes it on the whole canvas, whatever its size: several panels where
 * there is room, else the one in focus.
 */
void top_screen_draw(const struct top_screen *screen, struct canvas *canvas);

#endif
