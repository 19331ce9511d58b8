#include "base/diag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct diag diag;
static const struct mark here = {"conf/x.yaml", 41, 11};

static int
setup(void **state)
{
	(void)state;
	diag_init(&diag);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	diag_fini(&diag);
	return 0;
}

/* What diag_print prints; the caller frees it. */
static char *
printed(void)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	diag_print(&diag, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void
prints(const char *expected)
{
	char *text = printed();

	assert_string_equal(text, expected);
	free(text);
}

static bool
prints_within(const char *part)
{
	char *text = printed();
	const bool found = strstr(text, part) != NULL;

	free(text);
	return found;
}

/* Adds errors, each with a note, numbered from 1. */
static void
add_errors(unsigned n)
{
	for (unsigned i = 1; i <= n; i++) {
		diag_error(&diag, here, "mistake %u.", i);
		diag_note(&diag, here, "hint %u.", i);
	}
}

static void
add_warnings(unsigned n)
{
	for (unsigned i = 1; i <= n; i++)
		diag_warning(&diag, here, "doubt %u.", i);
}

static void
nothing_found_prints_nothing(void **state)
{
	(void)state;
	prints("");
	assert_int_equal(diag.errors, 0);
	assert_int_equal(diag.warnings, 0);
}

static void
error_returns_false_and_counts(void **state)
{
	(void)state;
	assert_false(
	    diag_error(&diag, here, "unknown key \"%s\"", "forwardrs"));

	assert_int_equal(diag.errors, 1);
	assert_int_equal(diag.warnings, 0);
	prints("conf/x.yaml:41:11: error: unknown key \"forwardrs\"\n");
}

static void
warning_is_no_error(void **state)
{
	(void)state;
	diag_warning(&diag, here, "ttl of %d is short", 1);

	assert_int_equal(diag.errors, 0);
	assert_int_equal(diag.warnings, 1);
	prints("conf/x.yaml:41:11: warning: ttl of 1 is short\n");
}

static void
complaints_keep_their_order(void **state)
{
	static const struct mark first = {"conf/x.yaml", 12, 9};

	(void)state;
	diag_warning(&diag, here, "a");
	diag_error(&diag, here, "b");
	diag_note(&diag, first, "first declared %s", "here");
	diag_error(&diag, here, "c");

	prints("conf/x.yaml:41:11: warning: a\n"
	       "conf/x.yaml:41:11: error: b\n"
	       "conf/x.yaml:12:9: note: first declared here\n"
	       "conf/x.yaml:41:11: error: c\n");
}

static void
unknown_place_is_left_out(void **state)
{
	(void)state;
	diag_error(&diag, (struct mark){"corp.zone", 7, 0}, "a");
	diag_error(&diag, (struct mark){"corp.zone", 0, 0}, "b");
	diag_error(&diag, (struct mark){"corp.zone", 0, 5}, "c");
	diag_error(&diag, (struct mark){NULL, 7, 5}, "d");

	prints("corp.zone:7: error: a\n"
	       "corp.zone: error: b\n"
	       "corp.zone: error: c\n"
	       "error: d\n");
}

static void
text_outlives_its_arguments(void **state)
{
	char word[] = "before";

	(void)state;
	diag_error(&diag, here, "%s", word);
	memcpy(word, "after!", sizeof(word));

	prints("conf/x.yaml:41:11: error: before\n");
}

static void
control_characters_are_escaped(void **state)
{
	static const struct mark odd = {"a\nb", 1, 2};

	(void)state;
	diag_error(&diag, odd, "not '%s'", "\033[31m\n");

	prints("a\\x0ab:1:2: error: not '\\x1b[31m\\x0a'\n");
}

static void
errors_up_to_the_limit_are_all_shown(void **state)
{
	(void)state;
	add_errors(DIAG_LIMIT);

	assert_true(prints_within("error: mistake 20.\n"));
	assert_true(prints_within("note: hint 20.\n"));
	assert_false(prints_within("not shown"));
}

static void
errors_past_the_limit_are_counted_in_the_last_line(void **state)
{
	(void)state;
	add_errors(DIAG_LIMIT + 3);

	assert_int_equal(diag.errors, DIAG_LIMIT + 3);
	assert_true(prints_within("note: hint 20.\n3 more errors not shown\n"));
	assert_false(prints_within("mistake 21."));
	assert_false(prints_within("hint 21."));
}

static void
warnings_have_a_limit_of_their_own(void **state)
{
	(void)state;
	add_warnings(DIAG_LIMIT + 2);
	add_errors(1);

	assert_true(prints_within("warning: doubt 20.\n"));
	assert_false(prints_within("doubt 21."));
	assert_true(prints_within("hint 1.\n2 more warnings not shown\n"));
}

static void
note_to_a_kept_warning_survives_the_limit_of_errors(void **state)
{
	(void)state;
	add_errors(DIAG_LIMIT + 1);
	diag_warning(&diag, here, "doubt");
	diag_note(&diag, here, "its reason");

	assert_true(prints_within("warning: doubt\n"));
	assert_true(prints_within("note: its reason\n"));
}

static void
complaint_without_memory_is_counted(void **state)
{
	(void)state;
	diag_error(&diag, here, "kept");
	diag.arena.full = true;
	diag_error(&diag, here, "lost");

	assert_int_equal(diag.errors, 2);
	prints("conf/x.yaml:41:11: error: kept\n1 more errors not shown\n");
}

static void
overlong_text_ends_in_dots(void **state)
{
	(void)state;
	diag_error(&diag, here, "%1023d.", 1);
	assert_true(prints_within(" ...\n"));
}

static void
longest_text_is_whole(void **state)
{
	(void)state;
	diag_error(&diag, here, "%1022d.", 1);
	assert_true(prints_within("  1.\n"));
}

#define DIAG_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    DIAG_TEST(nothing_found_prints_nothing),
	    DIAG_TEST(error_returns_false_and_counts),
	    DIAG_TEST(warning_is_no_error),
	    DIAG_TEST(complaints_keep_their_order),
	    DIAG_TEST(unknown_place_is_left_out),
	    DIAG_TEST(text_outlives_its_arguments),
	    DIAG_TEST(control_characters_are_escaped),
	    DIAG_TEST(errors_up_to_the_limit_are_all_shown),
	    DIAG_TEST(errors_past_the_limit_are_counted_in_the_last_line),
	    DIAG_TEST(warnings_have_a_limit_of_their_own),
	    DIAG_TEST(note_to_a_kept_warning_survives_the_limit_of_errors),
	    DIAG_TEST(complaint_without_memory_is_counted),
	    DIAG_TEST(overlong_text_ends_in_dots),
	    DIAG_TEST(longest_text_is_whole),
	};

	return cmocka_run_group_tests_name("diag", tests, NULL, NULL);
}
