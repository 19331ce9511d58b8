#include "base/number_pattern.h"

#include <inttypes.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* The pattern, to be freed. */
static char *
pattern_of(uint64_t low, uint64_t high)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	number_pattern_write(low, high, out);
	fclose(out);
	return text;
}

static void
expect_pattern(uint64_t low, uint64_t high, const char *wanted)
{
	char *text = pattern_of(low, high);

	assert_string_equal(text, wanted);
	free(text);
}

/* Every number below a limit is had by the pattern, or not. */
static void
expect_range(uint64_t low, uint64_t high, uint64_t limit)
{
	char *text = pattern_of(low, high);
	char whole[1024];
	regex_t regex;

	snprintf(whole, sizeof(whole), "^(%s)$", text);
	assert_int_equal(regcomp(&regex, whole, REG_EXTENDED | REG_NOSUB), 0);
	for (uint64_t number = 0; number < limit; number++) {
		char digits[24];

		snprintf(digits, sizeof(digits), "%" PRIu64, number);
		assert_int_equal(regexec(&regex, digits, 0, NULL, 0) == 0,
		    number >= low && number <= high);
	}
	regfree(&regex);
	free(text);
}

static void
one_number_is_itself(void **state)
{
	(void)state;
	expect_pattern(0, 0, "0");
	expect_pattern(512, 512, "512");
}

static void
a_range_is_cut_where_digits_change(void **state)
{
	(void)state;
	expect_pattern(8, 12, "[8-9]|1[0-2]");
	expect_pattern(0, 99, "[0-9]|[1-9][0-9]");
	expect_pattern(100, 3600,
	    "[1-9][0-9]{2}|[1-2][0-9]{3}|3[0-5][0-9]{2}|3600");
}

static void
an_empty_range_has_no_pattern(void **state)
{
	(void)state;
	expect_pattern(2, 1, "");
}

static void
the_largest_number_ends_the_pattern(void **state)
{
	(void)state;
	expect_pattern(UINT64_MAX - 1, UINT64_MAX, "1844674407370955161[4-5]");
}

static void
a_range_has_its_numbers_and_no_others(void **state)
{
	(void)state;
	expect_range(0, 1, 1200);
	expect_range(1, 1000, 1200);
	expect_range(99, 1001, 1200);
	expect_range(97, 110, 1200);
	expect_range(199, 999, 1200);
	expect_range(345, 678, 1200);
	expect_range(10, 20, 1200);
	expect_range(64, 10000, 12000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_number_is_itself),
	    cmocka_unit_test(a_range_is_cut_where_digits_change),
	    cmocka_unit_test(an_empty_range_has_no_pattern),
	    cmocka_unit_test(the_largest_number_ends_the_pattern),
	    cmocka_unit_test(a_range_has_its_numbers_and_no_others),
	};

	return cmocka_run_group_tests_name("number_pattern", tests, NULL, NULL);
}
