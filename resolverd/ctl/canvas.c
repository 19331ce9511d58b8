#include "ctl/canvas.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/printable.h"

enum { TEXT_MAX = 1024, FIRST_GLYPH = CANVAS_CUT };

/* UTF-8, and what stands for it in ASCII. */
static const struct {
	const char *utf8;
	char ascii;
} glyphs[] = {
    {"\xe2\x80\xa6", '~'},
    {"\xe2\x94\x80", '-'},
    {"\xe2\x96\x81", '_'},
    {"\xe2\x96\x82", '.'},
    {"\xe2\x96\x83", ':'},
    {"\xe2\x96\x84", '-'},
    {"\xe2\x96\x85", '='},
    {"\xe2\x96\x86", '+'},
    {"\xe2\x96\x87", '*'},
    {"\xe2\x96\x88", '#'},
    {"\xe2\x96\x8f", ' '},
    {"\xe2\x96\x8e", ' '},
    {"\xe2\x96\x8d", ' '},
    {"\xe2\x96\x8c", '='},
    {"\xe2\x96\x8b", '='},
    {"\xe2\x96\x8a", '='},
    {"\xe2\x96\x89", '='},
    {"\xe2\x96\x88", '='},
};

_Static_assert(sizeof(glyphs) / sizeof(glyphs[0]) ==
	CANVAS_RIGHT_8 - FIRST_GLYPH + 1,
    "a row a glyph");

static const char *const styles[CANVAS_STYLES] = {
    [CANVAS_PLAIN] = "0",
    [CANVAS_BOLD] = "0;1",
    [CANVAS_FAINT] = "0;2",
    [CANVAS_INVERSE] = "0;7",
    [CANVAS_RED] = "0;31",
    [CANVAS_GREEN] = "0;32",
    [CANVAS_YELLOW] = "0;33",
    [CANVAS_BLUE] = "0;34",
    [CANVAS_MAGENTA] = "0;35",
    [CANVAS_CYAN] = "0;36",
};

const char *
canvas_code(enum canvas_style style)
{
	return styles[style];
}

static const struct canvas_cell blank = {.glyph = ' ', .style = CANVAS_PLAIN};

bool
canvas_init(struct canvas *canvas, size_t rows, size_t cols)
{
	canvas->rows = rows;
	canvas->cols = cols;
	canvas->cells = calloc(rows * cols + 1, sizeof(*canvas->cells));
	if (canvas->cells == NULL)
		return false;
	canvas_clear(canvas);
	return true;
}

void
canvas_fini(struct canvas *canvas)
{
	free(canvas->cells);
	*canvas = (struct canvas){.cells = NULL};
}

void
canvas_clear(struct canvas *canvas)
{
	for (size_t i = 0; i < canvas->rows * canvas->cols; i++)
		canvas->cells[i] = blank;
}

struct canvas_area
canvas_whole(const struct canvas *canvas)
{
	return (struct canvas_area){.rows = canvas->rows, .cols = canvas->cols};
}

/* Writing. */

static size_t
clip(size_t want, size_t from, size_t end)
{
	if (from >= end)
		return 0;
	return want < end - from ? want : end - from;
}

struct canvas_pen
canvas_pen(struct canvas *canvas, const struct canvas_area *area)
{
	struct canvas_pen pen = {.canvas = canvas, .area = *area};

	pen.area.rows = clip(area->rows, area->row, canvas->rows);
	pen.area.cols = clip(area->cols, area->col, canvas->cols);
	return pen;
}

void
canvas_move(struct canvas_pen *pen, size_t row, size_t col)
{
	pen->row = row;
	pen->col = col;
}

void
canvas_put(struct canvas_pen *pen, uint8_t glyph)
{
	const struct canvas_area *area = &pen->area;

	if (pen->row < area->rows && pen->col < area->cols) {
		const size_t at = (area->row + pen->row) * pen->canvas->cols +
		    area->col + pen->col;

		pen->canvas->cells[at] = (struct canvas_cell){
		    .glyph = glyph,
		    .style = (uint8_t)pen->style,
		};
	}
	pen->col++;
}

static void
put_text(struct canvas_pen *pen, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		canvas_put(pen, (uint8_t)text[i]);
}

void
canvas_print(struct canvas_pen *pen, const char *format, ...)
{
	char text[TEXT_MAX];
	char safe[TEXT_MAX];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	printable_text(text, safe, sizeof(safe));
	put_text(pen, safe, strlen(safe));
}

void
canvas_fit(struct canvas_pen *pen, size_t cols, const char *text)
{
	const size_t end = pen->col + cols;
	char safe[TEXT_MAX];
	const size_t len = strlen(printable_text(text, safe, sizeof(safe)));

	if (len <= cols) {
		put_text(pen, safe, len);
	} else if (cols > 0) {
		put_text(pen, safe, cols - 1);
		canvas_put(pen, CANVAS_CUT);
	}
	pen->col = end;
}

void
canvas_fit_right(struct canvas_pen *pen, size_t cols, const char *text)
{
	const size_t len = strlen(text);

	if (len < cols)
		pen->col += cols - len;
	canvas_fit(pen, len < cols ? len : cols, text);
}

/* Showing. */

static const struct canvas_cell *
row_of(const struct canvas *canvas, size_t row)
{
	return canvas->cells + row * canvas->cols;
}

/* Cells up to the last that is not blank. */
static size_t
row_length(const struct canvas *canvas, size_t row)
{
	const struct canvas_cell *cells = row_of(canvas, row);
	size_t len = canvas->cols;

	while (len > 0 && cells[len - 1].glyph == ' ' &&
	    cells[len - 1].style != CANVAS_INVERSE)
		len--;
	return len;
}

static void
write_glyph(uint8_t glyph, bool utf8, FILE *out)
{
	if (glyph < FIRST_GLYPH) {
		putc(glyph, out);
	} else if (utf8) {
		fputs(glyphs[glyph - FIRST_GLYPH].utf8, out);
	} else {
		putc(glyphs[glyph - FIRST_GLYPH].ascii, out);
	}
}

void
canvas_write_row(const struct canvas *canvas, size_t row, bool utf8, FILE *out)
{
	const struct canvas_cell *cells = row_of(canvas, row);
	const size_t len = row_length(canvas, row);

	for (size_t i = 0; i < len; i++)
		write_glyph(cells[i].glyph, utf8, out);
	putc('\n', out);
}

static uint8_t
style_shown(uint8_t style, const struct canvas_look *look)
{
	return look->colour || style == CANVAS_INVERSE ? style : CANVAS_PLAIN;
}

static void
paint_row(const struct canvas *canvas, size_t row,
    const struct canvas_look *look, FILE *out)
{
	const struct canvas_cell *cells = row_of(canvas, row);
	const size_t len = row_length(canvas, row);
	uint8_t style = CANVAS_PLAIN;

	fprintf(out, "\033[%zu;1H\033[0m", row + 1);
	for (size_t i = 0; i < len; i++) {
		if (style_shown(cells[i].style, look) != style) {
			style = style_shown(cells[i].style, look);
			fprintf(out, "\033[%sm", styles[style]);
		}
		write_glyph(cells[i].glyph, look->utf8, out);
	}
	fputs("\033[0m", out);
	/* With the last column written, the cursor still stands on it. */
	if (len < canvas->cols)
		fputs("\033[K", out);
}

static bool
same_size(const struct canvas *a, const struct canvas *b)
{
	return a->rows == b->rows && a->cols == b->cols;
}

void
canvas_paint(const struct canvas *canvas, const struct canvas *before,
    const struct canvas_look *look, FILE *out)
{
	const bool anew = before == NULL || !same_size(canvas, before);
	const size_t size = canvas->cols * sizeof(*canvas->cells);

	if (anew)
		fputs("\033[0m\033[2J", out);
	for (size_t row = 0; row < canvas->rows; row++) {
		if (anew ||
		    memcmp(row_of(canvas, row), row_of(before, row), size) != 0)
			paint_row(canvas, row, look, out);
	}
}
