#include "ctl/libraries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *
old_version(void)
{
	return "1.6.17";
}

static const char *
new_version(void)
{
	return "2.1.12-stable";
}

static void
versions_are_compared_number_by_number(void **state)
{
	(void)state;
	assert_true(libraries_is_older("1.8.3", "1.10.0"));
	assert_true(libraries_is_older("2.1.8-stable", "2.1.12"));
	assert_true(libraries_is_older("2.1", "2.1.1"));
	assert_false(libraries_is_older("1.10.0", "1.8.3"));
	assert_false(libraries_is_older("2.1.12-stable", "2.1.12"));
	assert_false(libraries_is_older("3.0", "3.0.0"));
	assert_false(libraries_is_older("3.0.22", "3.0.0"));
}

static void
what_is_no_version_is_too_old(void **state)
{
	(void)state;
	assert_true(libraries_is_older("", "0.2.5"));
	assert_true(libraries_is_older("unknown", "0.2.5"));
}

static void
a_library_that_is_too_old_is_refused(void **state)
{
	const struct library rows[] = {
	    {"new", new_version, "2.1.12"},
	    {"old", old_version, "1.8.0"},
	};

	(void)state;
	assert_true(libraries_check(rows, 1));
	assert_false(libraries_check(rows, 2));
}

static void
those_of_this_machine_will_do(void **state)
{
	(void)state;
	assert_true(libraries_check(library_rows, library_row_count));
}

static void
all_are_printed(void **state)
{
	char text[256] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");

	(void)state;
	libraries_print(out);
	fclose(out);
	assert_int_equal(strncmp(text, "ldns 1.", 7), 0);
	assert_non_null(strstr(text, ", libevent 2."));
	assert_non_null(strstr(text, ", libyaml 0."));
	assert_non_null(strstr(text, ", OpenSSL 3."));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(versions_are_compared_number_by_number),
	    cmocka_unit_test(what_is_no_version_is_too_old),
	    cmocka_unit_test(a_library_that_is_too_old_is_refused),
	    cmocka_unit_test(those_of_this_machine_will_do),
	    cmocka_unit_test(all_are_printed),
	};

	return cmocka_run_group_tests_name("libraries", tests, NULL, NULL);
}
