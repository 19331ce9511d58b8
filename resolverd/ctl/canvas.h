#ifndef CTL_CANVAS_H
#define CTL_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * A screen before it is shown: cells of one column each, so that what does not
 * fit is cut and never wraps.
 */

enum canvas_style {
	CANVAS_PLAIN,
	CANVAS_BOLD,
	CANVAS_FAINT,
	CANVAS_INVERSE,
	CANVAS_RED,
	CANVAS_GREEN,
	CANVAS_YELLOW,
	CANVAS_BLUE,
	CANVAS_MAGENTA,
	CANVAS_CYAN,
};
enum { CANVAS_STYLES = 10 };

/* What a terminal is told it by, between ESC [ and m: "0;31" */
const char *canvas_code(enum canvas_style style);

/* Characters beyond ASCII; each has one of ASCII for who has no UTF-8. */
enum canvas_glyph {
	CANVAS_CUT = 0x80, /* there was more text */
	CANVAS_LINE,
	CANVAS_UP_1, /* an eighth of a column, from below; then two ... */
	CANVAS_UP_8 = CANVAS_UP_1 + 7,
	CANVAS_RIGHT_1, /* the same from the left */
	CANVAS_RIGHT_8 = CANVAS_RIGHT_1 + 7,
};
enum { CANVAS_EIGHTHS = 8 };

struct canvas_cell {
	uint8_t glyph; /* printable ASCII or a canvas_glyph */
	uint8_t style;
};

struct canvas {
	size_t rows;
	size_t cols;
	struct canvas_cell *cells; /* row by row */
};

/* A part of it. */
struct canvas_area {
	size_t row;
	size_t col;
	size_t rows;
	size_t cols;
};

/* Writes into an area, whose rows and columns it counts from 0. */
struct canvas_pen {
	struct canvas *canvas;
	struct canvas_area area;
	size_t row;
	size_t col;
	enum canvas_style style;
};

/* Blank.  False: no memory, and nothing to free. */
bool canvas_init(struct canvas *canvas, size_t rows, size_t cols);
void canvas_fini(struct canvas *canvas);
void canvas_clear(struct canvas *canvas);

/* All of it. */
struct canvas_area canvas_whole(const struct canvas *canvas);

/* At an area's first cell; what of the area is not on the canvas is cut. */
struct canvas_pen
canvas_pen(struct canvas *canvas, const struct canvas_area *area);
void canvas_move(struct canvas_pen *pen, size_t row, size_t col);

/* Nothing where there is no such cell; the pen goes on by one column. */
void canvas_put(struct canvas_pen *pen, uint8_t glyph);

/* As printf does, made printable; the pen goes on by as many columns. */
void canvas_print(struct canvas_pen *pen, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A text within `cols` columns, which the pen passes; CANVAS_CUT if cut. */
void canvas_fit(struct canvas_pen *pen, size_t cols, const char *text);

/* Likewise at the right end of them. */
void canvas_fit_right(struct canvas_pen *pen, size_t cols, const char *text);

/* How it is shown. */
struct canvas_look {
	bool utf8;
	bool colour; /* else no style but inverse */
};

/* A row without style and trailing blanks, and a newline. */
void
canvas_write_row(const struct canvas *canvas, size_t row, bool utf8, FILE *out);

/*
 * What makes a terminal that shows `before` show `canvas`; before NULL, or of
 * another size: what makes any show it.
 */
void canvas_paint(const struct canvas *canvas, const struct canvas *before,
    const struct canvas_look *look, FILE *out);

#endif
