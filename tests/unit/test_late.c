#include "base/late.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The C library's mathematics: everywhere, and not in this program. */
static double (*nearest)(double of);
static void (*nowhere)(void);
static unsigned asked;

static const char *
version(void)
{
	asked++;
	return "2.36";
}

static const struct late_function one[] = {{"round", &nearest}};
static const struct late_function two[] = {
    {"round", &nearest},
    {"of_no_library", &nowhere},
};

static struct late
late_of(const char *file, const struct late_function *functions, size_t count,
    const char *least)
{
	return (struct late){
	    .name = "maths",
	    .files = {file},
	    .functions = functions,
	    .function_count = count,
	    .version = version,
	    .least = least,
	    .lock = PTHREAD_MUTEX_INITIALIZER,
	};
}

static void
it_is_there_when_it_is_needed(void **state)
{
	struct late late = late_of("libm.so.6", one, 1, "2.17");

	(void)state;
	asked = 0;
	assert_null(late_version(&late));
	assert_null(late_trouble(&late));
	assert_int_equal(asked, 0);
	assert_null(late_load(&late));
	assert_true(nearest(2.6) == 3);
	assert_string_equal(late_version(&late), "2.36");
	assert_null(late_load(&late));
	assert_null(late_trouble(&late));
	assert_int_equal(asked, 2);
}

static void
one_that_is_not_there_is_named(void **state)
{
	struct late late = late_of("libnone.so.1", one, 1, "1");
	const char *why;

	(void)state;
	why = late_load(&late);
	assert_non_null(why);
	assert_non_null(strstr(why, "maths cannot be loaded: libnone.so.1"));
	assert_ptr_equal(late_trouble(&late), why);
	assert_null(late_version(&late));
	/* It is looked for again; what is said of it stays. */
	late.files[0] = "libm.so.6";
	assert_null(late_load(&late));
	assert_null(late_trouble(&late));
	assert_non_null(strstr(why, "libnone.so.1"));
}

static void
one_that_lacks_a_function_is_refused(void **state)
{
	struct late late = late_of("libm.so.6", two, 2, "1");

	(void)state;
	assert_non_null(strstr(late_load(&late), "of_no_library"));
	assert_null(late_version(&late));
}

static void
one_that_is_too_old_is_refused(void **state)
{
	struct late late = late_of("libm.so.6", one, 1, "3.0");

	(void)state;
	assert_string_equal(late_load(&late),
	    "maths 2.36 is too old: 3.0 or later is needed");
	assert_null(late_version(&late));
	assert_string_equal(late_trouble(&late), late.why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_is_there_when_it_is_needed),
	    cmocka_unit_test(one_that_is_not_there_is_named),
	    cmocka_unit_test(one_that_lacks_a_function_is_refused),
	    cmocka_unit_test(one_that_is_too_old_is_refused),
	};

	return cmocka_run_group_tests_name("late", tests, NULL, NULL);
}
