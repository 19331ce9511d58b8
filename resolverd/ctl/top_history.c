#include "ctl/top_history.h"

void
top_history_add(struct top_history *history, uint64_t rate)
{
	history->rates[history->count++ % TOP_HISTORY] = rate;
	if (rate > history->peak)
		history->peak = rate;
}

static size_t
kept(const struct top_history *history)
{
	return history->count < TOP_HISTORY ? history->count : TOP_HISTORY;
}

/* The latest for back 0, and so on; back is less than kept. */
static uint64_t
rate_at(const struct top_history *history, size_t back)
{
	return history->rates[(history->count - 1 - back) % TOP_HISTORY];
}

static uint64_t
greatest(const struct top_history *history, size_t count)
{
	uint64_t most = 0;

	for (size_t i = 0; i < count; i++) {
		if (rate_at(history, i) > most)
			most = rate_at(history, i);
	}
	return most;
}

/* A column of so many eighths of a cell, from below. */
static void
draw_column(struct canvas_pen *pen, size_t col, uint64_t eighths)
{
	size_t row = pen->area.rows;

	while (eighths > 0 && row > 0) {
		const uint64_t here =
		    eighths < CANVAS_EIGHTHS ? eighths : CANVAS_EIGHTHS;

		row--;
		canvas_move(pen, row, col);
		canvas_put(pen, (uint8_t)(CANVAS_UP_1 + here - 1));
		eighths -= here;
	}
}

/* Whatever is more than nothing can be seen. */
static uint64_t
height(uint64_t rate, uint64_t most, size_t rows)
{
	const uint64_t eighths = (uint64_t)((double)rate / (double)most *
	    (double)(rows * CANVAS_EIGHTHS));

	return rate > 0 && eighths == 0 ? 1 : eighths;
}

void
top_history_draw(const struct top_history *history, struct canvas *canvas,
    const struct canvas_area *area)
{
	struct canvas_pen pen = canvas_pen(canvas, area);
	const size_t cols = pen.area.cols;
	const size_t count = kept(history) < cols ? kept(history) : cols;
	const uint64_t most = greatest(history, count);

	pen.style = CANVAS_GREEN;
	for (size_t i = 0; i < count && most > 0; i++) {
		draw_column(&pen, cols - 1 - i,
		    height(rate_at(history, i), most, pen.area.rows));
	}
}
