#include "ctl/top_view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/top_key.h"

/* Keys. */

static void
reads(const char *octets, int key, size_t used)
{
	size_t took;

	assert_int_equal(top_key_read(octets, strlen(octets), &took), key);
	assert_int_equal(took, used);
}

static void
letters_are_themselves(void **state)
{
	(void)state;
	reads("q", 'q', 1);
	reads("~x", '~', 1);
	reads("\t", KEY_TAB, 1);
	reads("\r", KEY_ENTER, 1);
	reads("\n", KEY_ENTER, 1);
	reads("\x7f", KEY_ERASE, 1);
	reads("\b", KEY_ERASE, 1);
}

static void
arrows_are_known_in_both_modes(void **state)
{
	(void)state;
	reads("\033[Aq", KEY_UP, 3);
	reads("\033OB", KEY_DOWN, 3);
	reads("\033[C", KEY_RIGHT, 3);
	reads("\033OD", KEY_LEFT, 3);
	reads("\033[5~", KEY_PAGE_UP, 4);
	reads("\033[Z", KEY_BACK_TAB, 3);
}

static void
escape_alone_is_a_key(void **state)
{
	(void)state;
	reads("\033", KEY_ESCAPE, 1);
	reads("\033q", KEY_ESCAPE, 1);
}

static void
unknown_sequences_are_passed_over_whole(void **state)
{
	(void)state;
	reads("\033[1;5Aq", KEY_NONE, 6);
	reads("\033[200~", KEY_NONE, 6);
	reads("\033[", KEY_NONE, 2);
	reads("\033[12", KEY_NONE, 4);
	reads("\033O", KEY_NONE, 2);
}

static void
what_is_no_key_is_nothing(void **state)
{
	(void)state;
	reads("\x01", KEY_NONE, 1);
	reads("\xc3\xa9", KEY_NONE, 1);
}

/* What they do. */

static enum top_effect
press(struct top_view *view, const char *keys)
{
	enum top_effect effect = TOP_NOTHING;

	for (; *keys != '\0'; keys++)
		effect = top_view_press(view, *keys);
	return effect;
}

static void
keys_go_around_the_panels(void **state)
{
	struct top_view view = {.focus = TOP_NAMES};

	(void)state;
	press(&view, "\t\t");
	assert_int_equal(view.focus, TOP_SLOWEST);
	top_view_press(&view, KEY_LEFT);
	assert_int_equal(view.focus, TOP_CLIENTS);
	top_view_press(&view, KEY_BACK_TAB);
	top_view_press(&view, KEY_BACK_TAB);
	assert_int_equal(view.focus, TOP_TYPES);
	top_view_press(&view, KEY_RIGHT);
	assert_int_equal(view.focus, TOP_NAMES);
}

static void
scrolling_stays_within_the_rows(void **state)
{
	struct top_view view = {.focus = TOP_NAMES};

	(void)state;
	top_view_press(&view, KEY_UP);
	assert_int_equal(view.panels[TOP_NAMES].scroll, 0);
	top_view_press(&view, KEY_DOWN);
	top_view_press(&view, KEY_PAGE_DOWN);
	assert_int_equal(view.panels[TOP_NAMES].scroll, 11);
	for (unsigned i = 0; i < 20; i++)
		top_view_press(&view, KEY_PAGE_DOWN);
	assert_int_equal(view.panels[TOP_NAMES].scroll, TOP_ROWS - 1);
	top_view_press(&view, KEY_HOME);
	assert_int_equal(view.panels[TOP_NAMES].scroll, 0);
}

static void
each_panel_is_sorted_by_itself(void **state)
{
	struct top_view view = {.focus = TOP_NAMES};

	(void)state;
	press(&view, "s\tss");
	assert_int_equal(view.panels[TOP_NAMES].sort, TOP_BY_RECENT);
	assert_int_equal(view.panels[TOP_CLIENTS].sort, TOP_BY_TEXT);
	press(&view, "s");
	assert_int_equal(view.panels[TOP_CLIENTS].sort, TOP_BY_COUNT);
}

static void
filter_takes_letters_that_are_keys_elsewhere(void **state)
{
	struct top_view view = {.focus = TOP_NAMES};

	(void)state;
	assert_int_equal(press(&view, "/qr?"), TOP_SHOW);
	assert_true(view.prompting);
	press(&view, "x\x7f\r");
	assert_false(view.prompting);
	assert_string_equal(view.panels[TOP_NAMES].filter, "qr?");
	press(&view, "\033");
	assert_string_equal(view.panels[TOP_NAMES].filter, "");
}

static void
escape_leaves_the_prompt_without_a_filter(void **state)
{
	struct top_view view = {.focus = TOP_NAMES};

	(void)state;
	press(&view, "/abc\033");
	assert_false(view.prompting);
	assert_string_equal(view.panels[TOP_NAMES].filter, "");
}

static void
filter_is_no_longer_than_its_room(void **state)
{
	struct top_view view = {.focus = TOP_NAMES};

	(void)state;
	press(&view, "/");
	for (unsigned i = 0; i < 2 * TOP_FILTER; i++)
		press(&view, "x");
	assert_int_equal(strlen(view.panels[TOP_NAMES].filter), TOP_FILTER - 1);
	press(&view, "\x15");
	assert_string_equal(view.panels[TOP_NAMES].filter, "");
}

static void
help_goes_with_any_key_and_q_quits(void **state)
{
	struct top_view view = {.focus = TOP_NAMES};

	(void)state;
	press(&view, "?s");
	assert_false(view.help);
	assert_int_equal(view.panels[TOP_NAMES].sort, TOP_BY_COUNT);
	assert_int_equal(press(&view, "?q"), TOP_QUIT);
}

static void
keys_tell_what_is_to_be_done(void **state)
{
	struct top_view view = {.focus = TOP_NAMES};

	(void)state;
	assert_int_equal(press(&view, "q"), TOP_QUIT);
	assert_int_equal(press(&view, "r"), TOP_RESTART);
	assert_int_equal(press(&view, "\x0c"), TOP_REDRAW);
	assert_int_equal(press(&view, "x"), TOP_NOTHING);
	assert_int_equal(top_view_press(&view, KEY_NONE), TOP_NOTHING);
	assert_int_equal(press(&view, "p"), TOP_SHOW);
	assert_true(view.paused);
	press(&view, " z");
	assert_false(view.paused);
	assert_true(view.zoomed);
	press(&view, "\033");
	assert_false(view.zoomed);
}

/* Rows. */

static const struct top_report report = {
    .counts = {[TOP_NAMES] = 3, [TOP_SLOWEST] = 3},
    .rows =
	{
	    [TOP_NAMES] = {{.text = "b.example.", .count = 9, .recent = 1},
		{.text = "C.example.", .count = 5, .recent = 1},
		{.text = "a.test.", .count = 2, .recent = 7}},
	    [TOP_SLOWEST] = {{.text = "b.", .time = "02:00:00", .count = 9},
		{.text = "c.", .time = "03:00:00", .count = 5},
		{.text = "a.", .time = "01:00:00", .count = 2}},
	},
};

static void
are(const struct top_view *view, enum top_panel panel, const char *first,
    const char *last)
{
	const struct top_row *rows[TOP_ROWS];
	const size_t count = top_view_rows(view, &report, panel, rows);

	assert_true(count > 0);
	assert_string_equal(rows[0]->text, first);
	assert_string_equal(rows[count - 1]->text, last);
}

static void
rows_are_in_the_order_that_was_chosen(void **state)
{
	struct top_view view = {.focus = TOP_NAMES};

	(void)state;
	are(&view, TOP_NAMES, "b.example.", "a.test.");
	press(&view, "s");
	are(&view, TOP_NAMES, "a.test.", "C.example.");
	press(&view, "s");
	are(&view, TOP_NAMES, "C.example.", "b.example.");
}

static void
queries_are_in_order_of_latency_or_time(void **state)
{
	struct top_view view = {.focus = TOP_SLOWEST};

	(void)state;
	are(&view, TOP_SLOWEST, "b.", "a.");
	press(&view, "s");
	are(&view, TOP_SLOWEST, "c.", "a.");
	press(&view, "s");
	are(&view, TOP_SLOWEST, "a.", "c.");
}

static void
rows_pass_the_filter_in_any_letter_case(void **state)
{
	const struct top_row *rows[TOP_ROWS];
	struct top_view view = {.focus = TOP_NAMES};

	(void)state;
	press(&view, "/c.EX");
	assert_int_equal(top_view_rows(&view, &report, TOP_NAMES, rows), 1);
	assert_string_equal(rows[0]->text, "C.example.");
	press(&view, "z");
	assert_int_equal(top_view_rows(&view, &report, TOP_NAMES, rows), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(letters_are_themselves),
	    cmocka_unit_test(arrows_are_known_in_both_modes),
	    cmocka_unit_test(escape_alone_is_a_key),
	    cmocka_unit_test(unknown_sequences_are_passed_over_whole),
	    cmocka_unit_test(what_is_no_key_is_nothing),
	    cmocka_unit_test(keys_go_around_the_panels),
	    cmocka_unit_test(scrolling_stays_within_the_rows),
	    cmocka_unit_test(each_panel_is_sorted_by_itself),
	    cmocka_unit_test(filter_takes_letters_that_are_keys_elsewhere),
	    cmocka_unit_test(escape_leaves_the_prompt_without_a_filter),
	    cmocka_unit_test(filter_is_no_longer_than_its_room),
	    cmocka_unit_test(help_goes_with_any_key_and_q_quits),
	    cmocka_unit_test(keys_tell_what_is_to_be_done),
	    cmocka_unit_test(rows_are_in_the_order_that_was_chosen),
	    cmocka_unit_test(queries_are_in_order_of_latency_or_time),
	    cmocka_unit_test(rows_pass_the_filter_in_any_letter_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
