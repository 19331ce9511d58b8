#ifndef CTL_TOP_DISPLAY_H
#define CTL_TOP_DISPLAY_H

#include <stdbool.h>
#include <stddef.h>

#include "ctl/canvas.h"
#include "ctl/top_history.h"
#include "ctl/top_report.h"
#include "ctl/top_view.h"

struct node;

/* top on a terminal that was taken: what it shows, and what keys do to it. */
struct top_display {
	struct top_view view;
	struct top_history history;
	struct top_report reports[2]; /* while paused the one shown stays */
	unsigned shown;
	unsigned latest;
	bool any;	      /* has come yet */
	struct canvas canvas; /* on the terminal */
	bool current;	      /* it is what the terminal shows */
	struct canvas_look look;
};

void top_display_init(struct top_display *display, bool colour);
void top_display_fini(struct top_display *display);

/* A report has come. */
void top_display_take(struct top_display *display, const struct node *answer);

/* Keys, as octets of the terminal.  What is to be done at last. */
enum top_effect
top_display_press(struct top_display *display, const char *octets, size_t len);

/* The terminal shows nothing of it any more, or has another size. */
void top_display_forget(struct top_display *display);

/* Makes the terminal show it; false when that is gone, or no memory. */
bool top_display_show(struct top_display *display);

#endif
