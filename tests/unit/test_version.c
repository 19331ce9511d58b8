#include "base/version.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
numbers_are_compared_between_dots(void **state)
{
	(void)state;
	assert_true(version_is_older("1.8.3", "1.10.0"));
	assert_true(version_is_older("2.1.8-stable", "2.1.12"));
	assert_true(version_is_older("2.1", "2.1.1"));
	assert_false(version_is_older("1.10.0", "1.8.3"));
	assert_false(version_is_older("2.1.12-stable", "2.1.12"));
	assert_false(version_is_older("3.0", "3.0.0"));
	assert_false(version_is_older("3.0.22", "3.0.0"));
}

static void
what_is_no_version_is_too_old(void **state)
{
	(void)state;
	assert_true(version_is_older("", "0.2.5"));
	assert_true(version_is_older("unknown", "0.2.5"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers_are_compared_between_dots),
	    cmocka_unit_test(what_is_no_version_is_too_old),
	};

	return cmocka_run_group_tests_name("version", tests, NULL, NULL);
}
