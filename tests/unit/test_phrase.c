#include "base/phrase.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
words_and_numbers_are_joined(void **state)
{
	char text[64];
	struct phrase phrase = phrase_in(text, sizeof(text));

	(void)state;
	phrase_add(&phrase, "stale answer, ");
	phrase_add_number(&phrase, 120);
	phrase_add(&phrase, " s past its time");
	assert_string_equal(text, "stale answer, 120 s past its time");
}

static void
it_is_empty_at_first(void **state)
{
	char text[4] = "abc";

	(void)state;
	phrase_in(text, sizeof(text));
	assert_string_equal(text, "");
}

static void
the_least_and_the_largest_number_are_written(void **state)
{
	char text[64];
	struct phrase phrase = phrase_in(text, sizeof(text));

	(void)state;
	phrase_add_number(&phrase, 0);
	phrase_add(&phrase, " ");
	phrase_add_number(&phrase, UINT64_MAX);
	assert_string_equal(text, "0 18446744073709551615");
}

static void
what_just_fits_is_whole(void **state)
{
	char text[8];
	struct phrase phrase = phrase_in(text, sizeof(text));

	(void)state;
	phrase_add(&phrase, "seven77");
	assert_string_equal(text, "seven77");
}

static void
what_does_not_fit_is_cut_with_dots(void **state)
{
	char text[8];
	struct phrase phrase = phrase_in(text, sizeof(text));

	(void)state;
	phrase_add(&phrase, "seven");
	phrase_add(&phrase, "and more");
	assert_string_equal(text, "seve...");
}

static void
nothing_is_added_to_what_was_cut(void **state)
{
	char text[8];
	struct phrase phrase = phrase_in(text, sizeof(text));

	(void)state;
	phrase_add(&phrase, "much too long");
	phrase_add(&phrase, "!");
	assert_string_equal(text, "much...");
}

static void
the_smallest_room_holds_the_dots(void **state)
{
	char text[4];
	struct phrase phrase = phrase_in(text, sizeof(text));

	(void)state;
	phrase_add_number(&phrase, 12345);
	assert_string_equal(text, "...");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words_and_numbers_are_joined),
	    cmocka_unit_test(it_is_empty_at_first),
	    cmocka_unit_test(the_least_and_the_largest_number_are_written),
	    cmocka_unit_test(what_just_fits_is_whole),
	    cmocka_unit_test(what_does_not_fit_is_cut_with_dots),
	    cmocka_unit_test(nothing_is_added_to_what_was_cut),
	    cmocka_unit_test(the_smallest_room_holds_the_dots),
	};

	return cmocka_run_group_tests_name("phrase", tests, NULL, NULL);
}
