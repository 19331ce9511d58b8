#ifndef CTL_TOP_HISTORY_H
#define CTL_TOP_HISTORY_H

#include <stddef.h>
#include <stdint.h>

#include "ctl/canvas.h"

enum { TOP_HISTORY = 512 };

/* Rates of late; all zeros: none yet. */
struct top_history {
	uint64_t rates[TOP_HISTORY];
	size_t count; /* of all that there were */
	uint64_t peak;
};

void top_history_add(struct top_history *history, uint64_t rate);

/* As columns that fill the area, the latest at its right end. */
void top_history_draw(const struct top_history *history, struct canvas *canvas,
    const struct canvas_area *area);

#endif
