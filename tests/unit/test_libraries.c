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
no_version(void)
{
	return NULL;
}

static const char *
new_version(void)
{
	return "2.1.12-stable";
}

static void
a_library_that_is_too_old_is_refused(void **state)
{
	const struct library rows[] = {
	    {"late", no_version, NULL, NULL},
	    {"new", new_version, "2.1.12", NULL},
	    {"old", old_version, "1.8.0", NULL},
	};

	(void)state;
	assert_true(libraries_check(rows, 2));
	assert_false(libraries_check(rows, 3));
}

static void
those_of_this_machine_will_do(void **state)
{
	(void)state;
	assert_true(libraries_check(library_rows, library_row_count));
}

static void
those_that_nothing_needed_are_not_loaded(void **state)
{
	char text[256] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");

	(void)state;
	libraries_print(out);
	fclose(out);
	assert_int_equal(strncmp(text, "libevent 2.", 11), 0);
	assert_non_null(strstr(text, ", libyaml 0."));
	assert_null(strstr(text, "ldns"));
	assert_null(strstr(text, "OpenSSL"));
}

static void
all_are_printed(void **state)
{
	char text[256] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");

	(void)state;
	libraries_load();
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
	    cmocka_unit_test(a_library_that_is_too_old_is_refused),
	    cmocka_unit_test(those_of_this_machine_will_do),
	    cmocka_unit_test(those_that_nothing_needed_are_not_loaded),
	    cmocka_unit_test(all_are_printed),
	};

	return cmocka_run_group_tests_name("libraries", tests, NULL, NULL);
}
