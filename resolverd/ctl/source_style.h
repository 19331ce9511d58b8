#ifndef CTL_SOURCE_STYLE_H
#define CTL_SOURCE_STYLE_H

#include "ctl/canvas.h"

/* How who answered is shown, by its text: "rule", "zone" and so on. */
enum canvas_style source_style(const char *source);

#endif
