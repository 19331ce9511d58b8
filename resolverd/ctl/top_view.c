#include "ctl/top_view.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/top_key.h"

enum { PAGE = 10 };

/* Keys. */

static struct top_panel_view *
focused(struct top_view *view)
{
	return &view->panels[view->focus];
}

static enum top_effect
press_quit(struct top_view *view)
{
	(void)view;
	return TOP_QUIT;
}

static enum top_effect
press_next(struct top_view *view)
{
	view->focus = (enum top_panel)((view->focus + 1) % TOP_PANELS);
	return TOP_SHOW;
}

static enum top_effect
press_previous(struct top_view *view)
{
	view->focus =
	    (enum top_panel)((view->focus + TOP_PANELS - 1) % TOP_PANELS);
	return TOP_SHOW;
}

static enum top_effect
scroll_up(struct top_view *view, size_t rows)
{
	size_t *scroll = &focused(view)->scroll;

	*scroll = *scroll > rows ? *scroll - rows : 0;
	return TOP_SHOW;
}

static enum top_effect
scroll_down(struct top_view *view, size_t rows)
{
	size_t *scroll = &focused(view)->scroll;

	*scroll = *scroll + rows < TOP_ROWS ? *scroll + rows : TOP_ROWS - 1;
	return TOP_SHOW;
}

static enum top_effect
press_up(struct top_view *view)
{
	return scroll_up(view, 1);
}

static enum top_effect
press_down(struct top_view *view)
{
	return scroll_down(view, 1);
}

static enum top_effect
press_page_up(struct top_view *view)
{
	return scroll_up(view, PAGE);
}

static enum top_effect
press_page_down(struct top_view *view)
{
	return scroll_down(view, PAGE);
}

static enum top_effect
press_home(struct top_view *view)
{
	return scroll_up(view, TOP_ROWS);
}

static enum top_effect
press_sort(struct top_view *view)
{
	struct top_panel_view *panel = focused(view);

	panel->sort = (enum top_sort)((panel->sort + 1) % TOP_SORTS);
	panel->scroll = 0;
	return TOP_SHOW;
}

static enum top_effect
press_pause(struct top_view *view)
{
	view->paused = !view->paused;
	return TOP_SHOW;
}

static enum top_effect
press_filter(struct top_view *view)
{
	view->prompting = true;
	return TOP_SHOW;
}

static enum top_effect
press_zoom(struct top_view *view)
{
	view->zoomed = !view->zoomed;
	return TOP_SHOW;
}

static enum top_effect
press_help(struct top_view *view)
{
	view->help = true;
	return TOP_SHOW;
}

static enum top_effect
press_restart(struct top_view *view)
{
	(void)view;
	return TOP_RESTART;
}

static enum top_effect
press_redraw(struct top_view *view)
{
	(void)view;
	return TOP_REDRAW;
}

/* Undoes what was done to the panel, the last first. */
static enum top_effect
press_escape(struct top_view *view)
{
	if (focused(view)->filter[0] != '\0') {
		focused(view)->filter[0] = '\0';
	} else {
		view->zoomed = false;
	}
	return TOP_SHOW;
}

static const struct {
	int key;
	enum top_effect (*press)(struct top_view *view);
} keys[] = {
    {'q', press_quit},
    {'Q', press_quit},
    {KEY_TAB, press_next},
    {KEY_RIGHT, press_next},
    {'l', press_next},
    {KEY_BACK_TAB, press_previous},
    {KEY_LEFT, press_previous},
    {'h', press_previous},
    {KEY_UP, press_up},
    {'k', press_up},
    {KEY_DOWN, press_down},
    {'j', press_down},
    {KEY_PAGE_UP, press_page_up},
    {KEY_PAGE_DOWN, press_page_down},
    {KEY_HOME, press_home},
    {'g', press_home},
    {'s', press_sort},
    {'p', press_pause},
    {' ', press_pause},
    {'/', press_filter},
    {'z', press_zoom},
    {KEY_ENTER, press_zoom},
    {'r', press_restart},
    {'?', press_help},
    {KEY_REDRAW, press_redraw},
    {KEY_ESCAPE, press_escape},
};

/* While a filter is typed in. */
static enum top_effect
press_in_prompt(struct top_view *view, int key)
{
	char *filter = focused(view)->filter;
	const size_t len = strlen(filter);

	focused(view)->scroll = 0;
	if (key == KEY_ENTER || key == KEY_ESCAPE) {
		view->prompting = false;
	} else if (key == KEY_ERASE && len > 0) {
		filter[len - 1] = '\0';
	} else if (key >= ' ' && key <= '~' && len + 1 < TOP_FILTER) {
		filter[len] = (char)key;
		filter[len + 1] = '\0';
	}
	if (key == KEY_ERASE_ALL || key == KEY_ESCAPE)
		filter[0] = '\0';
	return TOP_SHOW;
}

enum top_effect
top_view_press(struct top_view *view, int key)
{
	if (key == KEY_NONE)
		return TOP_NOTHING;
	if (view->prompting)
		return press_in_prompt(view, key);
	if (view->help && key != 'q' && key != 'Q') {
		view->help = false;
		return TOP_SHOW;
	}
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (keys[i].key == key)
			return keys[i].press(view);
	}
	return TOP_NOTHING;
}

/* Rows. */

/* In the daemon's order, which is by count, those that are equal stay so. */
static int
compare_rows(const struct top_row *a, const struct top_row *b)
{
	return a < b ? -1 : a > b;
}

static int
compare_recent(const void *x, const void *y)
{
	const struct top_row *a = *(const struct top_row *const *)x;
	const struct top_row *b = *(const struct top_row *const *)y;
	const int later = a->time == NULL ? 0 : strcmp(b->time, a->time);

	if (later != 0)
		return later;
	if (a->recent != b->recent)
		return a->recent < b->recent ? 1 : -1;
	return compare_rows(a, b);
}

static int
compare_text(const void *x, const void *y)
{
	const struct top_row *a = *(const struct top_row *const *)x;
	const struct top_row *b = *(const struct top_row *const *)y;
	const int order = strcmp(a->text, b->text);

	return order != 0 ? order : compare_rows(a, b);
}

static int
compare_count(const void *x, const void *y)
{
	const struct top_row *a = *(const struct top_row *const *)x;
	const struct top_row *b = *(const struct top_row *const *)y;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return compare_rows(a, b);
}

static const struct {
	const char *text;
	const char *of_queries;
	int (*compare)(const void *x, const void *y);
} sorts[TOP_SORTS] = {
    [TOP_BY_COUNT] = {"count", "latency", compare_count},
    [TOP_BY_RECENT] = {"rate", "time", compare_recent},
    [TOP_BY_TEXT] = {"name", "name", compare_text},
};

const char *
top_sort_text(enum top_panel panel, enum top_sort sort)
{
	return panel == TOP_SLOWEST ? sorts[sort].of_queries : sorts[sort].text;
}

size_t
top_view_rows(const struct top_view *view, const struct top_report *report,
    enum top_panel panel, const struct top_row *rows[TOP_ROWS])
{
	const struct top_panel_view *how = &view->panels[panel];
	size_t count = 0;

	for (size_t i = 0; i < report->counts[panel]; i++) {
		const struct top_row *row = &report->rows[panel][i];

		if (strcasestr(row->text, how->filter) != NULL)
			rows[count++] = row;
	}
	qsort(rows, count, sizeof(const struct top_row *),
	    sorts[how->sort].compare);
	return count;
}
