#include "ctl/canvas.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/printable.h"

enum { TEXT = 64 };

static struct canvas canvas;

/* Two rows of eight columns. */
static int
setup(void **state)
{
	(void)state;
	return canvas_init(&canvas, 2, 8) ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	canvas_fini(&canvas);
	return 0;
}

static struct canvas_pen
pen_on(size_t row, size_t col, size_t rows, size_t cols)
{
	const struct canvas_area area = {row, col, rows, cols};

	return canvas_pen(&canvas, &area);
}

static void
shows(bool utf8, const char *expected)
{
	static char *text;
	static size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	canvas_write_row(&canvas, 0, utf8, out);
	canvas_write_row(&canvas, 1, utf8, out);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void
paints(const struct canvas *before, const struct canvas_look *look,
    const char *expected)
{
	static char *text;
	static size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	canvas_paint(&canvas, before, look, out);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void
prints(const char *text, const char *expected)
{
	char buf[TEXT];

	assert_string_equal(printable_text(text, buf, sizeof(buf)), expected);
}

static void
what_a_terminal_would_obey_is_escaped(void **state)
{
	(void)state;
	prints("plain ~text", "plain ~text");
	prints("\033[2J\r\n\a", "\\027[2J\\013\\010\\007");
	prints("\x7f\x80\x9b", "\\127\\128\\155");
}

static void
utf_8_and_wide_characters_are_escaped(void **state)
{
	(void)state;
	prints("\xc3\xa9", "\\195\\169");
	prints("\xe2\x80\xa8", "\\226\\128\\168");
	prints("\xf0\x9f\x98\x80", "\\240\\159\\152\\128");
}

/* An escape that does not fit whole is not there. */
static void
text_is_cut_to_its_room(void **state)
{
	char buf[6];

	(void)state;
	assert_string_equal(printable_text("abcdefg", buf, 6), "abcde");
	assert_string_equal(printable_text("ab\033", buf, 6), "ab");
	assert_string_equal(printable_text("a\033", buf, 6), "a\\027");
	assert_string_equal(printable_text("a", buf, 1), "");
}

static void
text_is_cut_at_the_edge(void **state)
{
	struct canvas_pen pen = pen_on(0, 0, 2, 8);

	(void)state;
	canvas_print(&pen, "%s", "0123456789");
	canvas_move(&pen, 1, 6);
	canvas_print(&pen, "abc");
	canvas_move(&pen, 2, 0);
	canvas_print(&pen, "below");
	shows(true, "01234567\n      ab\n");
}

static void
area_is_cut_at_the_edge(void **state)
{
	struct canvas_pen pen = pen_on(1, 5, 9, 9);

	(void)state;
	canvas_print(&pen, "abcdef");
	canvas_move(&pen, 1, 0);
	canvas_print(&pen, "below");
	shows(true, "\n     abc\n");
}

static void
area_beyond_the_edge_is_nowhere(void **state)
{
	struct canvas_pen below = pen_on(2, 0, 1, 8);
	struct canvas_pen beside = pen_on(0, 8, 1, 8);

	(void)state;
	canvas_print(&below, "abc");
	canvas_print(&beside, "abc");
	shows(true, "\n\n");
}

static void
long_text_is_marked_as_cut(void **state)
{
	struct canvas_pen pen = pen_on(0, 0, 2, 8);

	(void)state;
	canvas_fit(&pen, 4, "abcdef");
	canvas_fit(&pen, 4, "abcd");
	canvas_move(&pen, 1, 0);
	canvas_fit(&pen, 0, "abc");
	canvas_fit(&pen, 3, "a");
	canvas_fit_right(&pen, 3, "b");
	canvas_fit_right(&pen, 2, "cde");
	shows(true,
	    "abc\xe2\x80\xa6"
	    "abcd\na    bc\xe2\x80\xa6\n");
}

static void
without_utf_8_there_are_letters(void **state)
{
	struct canvas_pen pen = pen_on(0, 0, 2, 8);

	(void)state;
	canvas_put(&pen, CANVAS_CUT);
	canvas_put(&pen, CANVAS_LINE);
	canvas_put(&pen, CANVAS_UP_1);
	canvas_put(&pen, CANVAS_UP_8);
	canvas_put(&pen, CANVAS_RIGHT_8);
	shows(false, "~-_#=\n\n");
	shows(true,
	    "\xe2\x80\xa6\xe2\x94\x80\xe2\x96\x81\xe2\x96\x88"
	    "\xe2\x96\x88\n\n");
}

static void
first_picture_is_painted_whole(void **state)
{
	const struct canvas_look look = {.utf8 = true, .colour = true};
	struct canvas_pen pen = pen_on(0, 0, 2, 8);

	(void)state;
	pen.style = CANVAS_RED;
	canvas_print(&pen, "ab");
	pen.style = CANVAS_PLAIN;
	canvas_print(&pen, "c");
	paints(NULL, &look,
	    "\033[0m\033[2J"
	    "\033[1;1H\033[0m\033[0;31mab\033[0mc\033[0m\033[K"
	    "\033[2;1H\033[0m\033[0m\033[K");
}

/* With the last column written, "erase to the end" would erase that. */
static void
full_row_is_not_erased(void **state)
{
	const struct canvas_look look = {.utf8 = true};
	struct canvas_pen pen = pen_on(0, 0, 2, 8);
	struct canvas before;

	(void)state;
	assert_true(canvas_init(&before, 2, 8));
	canvas_print(&pen, "01234567");
	paints(&before, &look, "\033[1;1H\033[0m01234567\033[0m");
	canvas_fini(&before);
}

static void
only_rows_that_changed_are_painted(void **state)
{
	const struct canvas_look look = {.utf8 = true};
	struct canvas_pen pen = pen_on(1, 0, 1, 8);
	struct canvas before;

	(void)state;
	assert_true(canvas_init(&before, 2, 8));
	paints(&before, &look, "");
	canvas_print(&pen, "x");
	paints(&before, &look, "\033[2;1H\033[0mx\033[0m\033[K");
	canvas_fini(&before);
}

static void
another_size_is_painted_anew(void **state)
{
	const struct canvas_look look = {.utf8 = true};
	struct canvas before;

	(void)state;
	assert_true(canvas_init(&before, 2, 9));
	paints(&before, &look,
	    "\033[0m\033[2J"
	    "\033[1;1H\033[0m\033[0m\033[K\033[2;1H\033[0m\033[0m\033[K");
	canvas_fini(&before);
}

static void
without_colour_only_inverse_is_left(void **state)
{
	const struct canvas_look look = {.utf8 = true};
	struct canvas_pen pen = pen_on(0, 0, 1, 8);
	struct canvas before;

	(void)state;
	assert_true(canvas_init(&before, 2, 8));
	pen.style = CANVAS_RED;
	canvas_print(&pen, "a");
	pen.style = CANVAS_INVERSE;
	canvas_print(&pen, "b");
	paints(&before, &look, "\033[1;1H\033[0ma\033[0;7mb\033[0m\033[K");
	canvas_fini(&before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_a_terminal_would_obey_is_escaped),
	    cmocka_unit_test(utf_8_and_wide_characters_are_escaped),
	    cmocka_unit_test(text_is_cut_to_its_room),
	    cmocka_unit_test_setup_teardown(text_is_cut_at_the_edge, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(area_is_cut_at_the_edge, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(area_beyond_the_edge_is_nowhere,
		setup, teardown),
	    cmocka_unit_test_setup_teardown(long_text_is_marked_as_cut, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(without_utf_8_there_are_letters,
		setup, teardown),
	    cmocka_unit_test_setup_teardown(first_picture_is_painted_whole,
		setup, teardown),
	    cmocka_unit_test_setup_teardown(full_row_is_not_erased, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(only_rows_that_changed_are_painted,
		setup, teardown),
	    cmocka_unit_test_setup_teardown(another_size_is_painted_anew, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(without_colour_only_inverse_is_left,
		setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
