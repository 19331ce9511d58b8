#include "ctl/source_style.h"

#include <string.h>

static const struct {
	const char *source;
	enum canvas_style style;
} rows[] = {
    {"rule", CANVAS_MAGENTA},
    {"zone", CANVAS_GREEN},
    {"cache", CANVAS_CYAN},
    {"stale", CANVAS_YELLOW},
    {"upstream", CANVAS_BLUE},
    {"special", CANVAS_FAINT},
    {"error", CANVAS_RED},
};

enum canvas_style
source_style(const char *source)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].source, source) == 0)
			return rows[i].style;
	}
	return CANVAS_PLAIN;
}
