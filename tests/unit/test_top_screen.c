/*
 * Screens as golden files, tests/top/NAME.txt, of what tests/top/report.json
 * tells.  GOLDEN=write writes the files anew; look at what it wrote.
 */
#include "ctl/top_screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/diag.h"
#include "config/json.h"
#include "ctl/top_key.h"

enum { PATH_SIZE = 64, BLOCK = 16384, CHUNK = 65536 };

static struct top_report report;
static struct top_history history;
static struct top_view view;

static char *
read_file(const char *path, size_t *len)
{
	FILE *in = fopen(path, "re");
	char *text = calloc(1, CHUNK);

	assert_non_null(text);
	*len = in == NULL ? 0 : fread(text, 1, CHUNK - 1, in);
	if (in != NULL)
		fclose(in);
	return text;
}

static void
read_report(void)
{
	struct arena arena;
	struct diag diag;
	size_t len;
	char *text = read_file("tests/top/report.json", &len);
	const struct node *answer;

	arena_init_heap(&arena, BLOCK);
	diag_init(&diag);
	answer = json_load(&(struct yaml_text){.path = "report",
			       .text = text,
			       .len = len},
	    NULL, &arena, &diag);
	assert_non_null(answer);
	top_report_init(&report);
	top_report_read(&report, answer);
	diag_fini(&diag);
	arena_fini(&arena);
	free(text);
}

/* A tide that comes and goes, the latest as in the report. */
static int
setup(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	read_report();
	history = (struct top_history){.count = 0};
	view = (struct top_view){.focus = TOP_NAMES};
	for (unsigned i = 0; i < 100; i++)
		top_history_add(&history, i % 37 * 55 + i % 5 * 20);
	top_history_add(&history, top_report_rate(&report));
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	top_report_fini(&report);
	return 0;
}

static void
press(const char *keys)
{
	for (; *keys != '\0'; keys++)
		top_view_press(&view, *keys);
}

/* What a terminal of that size shows, a line a row. */
static char *
screen_of(const struct top_screen *screen, size_t rows, size_t cols, bool utf8)
{
	static char *text;
	static size_t len;
	FILE *out = open_memstream(&text, &len);
	struct canvas canvas;

	assert_non_null(out);
	assert_true(canvas_init(&canvas, rows, cols));
	top_screen_draw(screen, &canvas);
	for (size_t i = 0; i < rows; i++)
		canvas_write_row(&canvas, i, utf8, out);
	canvas_fini(&canvas);
	fclose(out);
	return text;
}

static void
write_file(const char *path, const char *text)
{
	FILE *out = fopen(path, "we");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static void
is_as(const char *name, char *text)
{
	const char *mode = getenv("GOLDEN");
	char path[PATH_SIZE];
	char *golden;
	size_t len;

	snprintf(path, sizeof(path), "tests/top/%s.txt", name);
	if (mode != NULL && strcmp(mode, "write") == 0)
		write_file(path, text);
	golden = read_file(path, &len);
	if (strcmp(golden, text) != 0) {
		print_error("%s: expected\n%sgot\n%s", path, golden, text);
		fail();
	}
	free(golden);
	free(text);
}

static void
shows(const char *name, size_t rows, size_t cols)
{
	const struct top_screen screen = {&view, &report, &history};

	is_as(name, screen_of(&screen, rows, cols, true));
}

/* The panels. */

static void
usual_terminal_shows_all_panels(void **state)
{
	(void)state;
	shows("80x24", 24, 80);
}

static void
large_terminal_shows_more_of_each(void **state)
{
	(void)state;
	shows("200x60", 60, 200);
}

static void
small_terminal_shows_a_panel(void **state)
{
	(void)state;
	shows("40x10", 10, 40);
}

static void
narrow_terminal_shows_a_panel(void **state)
{
	(void)state;
	press("ll");
	shows("60x24-slowest", 24, 60);
}

static void
small_terminal_shows_any_panel(void **state)
{
	(void)state;
	press("lll");
	shows("40x10-sources", 10, 40);
}

static void
without_utf_8_it_is_ascii(void **state)
{
	const struct top_screen screen = {&view, &report, &history};

	(void)state;
	is_as("80x24-ascii", screen_of(&screen, 24, 80, false));
}

static void
zoomed_panel_has_all_the_room(void **state)
{
	(void)state;
	press("llz");
	shows("80x24-zoomed", 24, 80);
}

static void
filter_is_in_the_title(void **state)
{
	(void)state;
	press("s/host-3");
	shows("80x24-filter", 24, 80);
}

static void
filter_without_a_row_says_so(void **state)
{
	(void)state;
	press("/no such name\r");
	shows("40x10-filter", 10, 40);
}

static void
scrolled_panel_begins_further_down(void **state)
{
	(void)state;
	press("jjjzp");
	shows("40x10-scrolled", 10, 40);
}

static void
help_fits_the_smallest_terminal(void **state)
{
	(void)state;
	press("?");
	shows("40x10-help", 10, 40);
}

static void
what_was_not_looked_at_is_told(void **state)
{
	(void)state;
	report.dropped_recent = 4321;
	shows("80x24-dropped", 24, 80);
}

static void
before_the_first_report_it_says_so(void **state)
{
	const struct top_screen screen = {&view, NULL, &history};

	(void)state;
	is_as("40x10-first", screen_of(&screen, 10, 40, true));
}

static void
idle_daemon_has_nothing_yet(void **state)
{
	(void)state;
	history = (struct top_history){.count = 0};
	top_report_fini(&report);
	top_report_init(&report);
	top_history_add(&history, 0);
	shows("80x24-idle", 24, 80);
}

/* Any size at all is drawn, and ends where the canvas does. */
static void
every_size_can_be_drawn(void **state)
{
	const struct top_screen screen = {&view, &report, &history};

	(void)state;
	for (size_t rows = 1; rows < 50; rows++) {
		for (size_t cols = 1; cols < 130; cols++)
			free(screen_of(&screen, rows, cols, true));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(usual_terminal_shows_all_panels,
		setup, teardown),
	    cmocka_unit_test_setup_teardown(large_terminal_shows_more_of_each,
		setup, teardown),
	    cmocka_unit_test_setup_teardown(small_terminal_shows_a_panel, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(narrow_terminal_shows_a_panel,
		setup, teardown),
	    cmocka_unit_test_setup_teardown(small_terminal_shows_any_panel,
		setup, teardown),
	    cmocka_unit_test_setup_teardown(without_utf_8_it_is_ascii, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(zoomed_panel_has_all_the_room,
		setup, teardown),
	    cmocka_unit_test_setup_teardown(filter_is_in_the_title, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(filter_without_a_row_says_so, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(scrolled_panel_begins_further_down,
		setup, teardown),
	    cmocka_unit_test_setup_teardown(help_fits_the_smallest_terminal,
		setup, teardown),
	    cmocka_unit_test_setup_teardown(what_was_not_looked_at_is_told,
		setup, teardown),
	    cmocka_unit_test_setup_teardown(before_the_first_report_it_says_so,
		setup, teardown),
	    cmocka_unit_test_setup_teardown(idle_daemon_has_nothing_yet, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(every_size_can_be_drawn, setup,
		teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
