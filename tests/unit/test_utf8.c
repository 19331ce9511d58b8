#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static size_t
size_of(const char *text)
{
	return utf8_size((const uint8_t *)text, strlen(text));
}

static void
characters_have_one_to_four_octets(void **state)
{
	(void)state;
	assert_int_equal(size_of("a"), 1);
	assert_int_equal(size_of("\u00e4b"), 2);
	assert_int_equal(size_of("\u20acb"), 3);
	assert_int_equal(size_of("\U0001f600b"), 4);
	assert_int_equal(utf8_size((const uint8_t *)"", 1), 1);
}

static void
a_cut_character_is_none(void **state)
{
	const uint8_t *smile = (const uint8_t *)"\U0001f600";

	(void)state;
	assert_int_equal(utf8_size(smile, 0), 0);
	assert_int_equal(utf8_size(smile, 1), 0);
	assert_int_equal(utf8_size(smile, 3), 0);
	assert_int_equal(utf8_size(smile, 4), 4);
}

/* RFC 3629 section 3: overlong forms, surrogates, beyond U+10FFFF. */
static void
forbidden_octets_are_no_character(void **state)
{
	(void)state;
	assert_int_equal(size_of("\x80"), 0);
	assert_int_equal(size_of("\xc1\xbf"), 0);
	assert_int_equal(size_of("\xe0\x9f\xbf"), 0);
	assert_int_equal(size_of("\xed\xa0\x80"), 0);
	assert_int_equal(size_of("\xf0\x8f\xbf\xbf"), 0);
	assert_int_equal(size_of("\xf4\x90\x80\x80"), 0);
	assert_int_equal(size_of("\xf5\x80\x80\x80"), 0);
	assert_int_equal(size_of("\xe2\x82z"), 0);
	assert_int_equal(size_of("\xc3z"), 0);
}

static uint32_t
point_of(const char *text)
{
	return utf8_point((const uint8_t *)text, size_of(text));
}

static void
code_points_are_put_together(void **state)
{
	(void)state;
	assert_int_equal(point_of("~"), 0x7e);
	assert_int_equal(point_of("\u00e4"), 0xe4);
	assert_int_equal(point_of("\u20ac"), 0x20ac);
	assert_int_equal(point_of("\U0010ffff"), 0x10ffff);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(characters_have_one_to_four_octets),
	    cmocka_unit_test(a_cut_character_is_none),
	    cmocka_unit_test(forbidden_octets_are_no_character),
	    cmocka_unit_test(code_points_are_put_together),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
