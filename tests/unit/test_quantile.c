#include "ctl/quantile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
add(struct quantile *quantile, uint64_t number, unsigned times)
{
	for (unsigned i = 0; i < times; i++)
		quantile_add(quantile, number);
}

static uint64_t
median_of_one(uint64_t number)
{
	struct quantile quantile = {.total = 0};

	quantile_add(&quantile, number);
	return quantile_read(&quantile, 50);
}

static void
of_nothing_it_is_zero(void **state)
{
	const struct quantile quantile = {.total = 0};

	(void)state;
	assert_int_equal(quantile_read(&quantile, 99), 0);
}

static void
small_numbers_are_told_exactly(void **state)
{
	(void)state;
	assert_int_equal(median_of_one(0), 0);
	assert_int_equal(median_of_one(1), 1);
	assert_int_equal(median_of_one(15), 15);
}

static void
large_ones_up_to_an_eighth_too_high(void **state)
{
	(void)state;
	assert_int_equal(median_of_one(16), 17);
	assert_int_equal(median_of_one(1000), 1023);
	assert_int_equal(median_of_one(1024), 1151);
	assert_int_equal(median_of_one(1152), 1279);
	assert_int_equal(median_of_one(1000000), 1048575);
	assert_true(median_of_one(UINT64_MAX) == UINT64_MAX);
}

static void
half_of_them_are_not_above_the_median(void **state)
{
	struct quantile quantile = {.total = 0};

	(void)state;
	add(&quantile, 3, 50);
	add(&quantile, 7, 49);
	add(&quantile, 15, 1);
	assert_int_equal(quantile_read(&quantile, 50), 3);
	assert_int_equal(quantile_read(&quantile, 51), 7);
	assert_int_equal(quantile_read(&quantile, 99), 7);
	assert_int_equal(quantile_read(&quantile, 100), 15);
}

static void
of_few_the_highest_is_the_99th(void **state)
{
	struct quantile quantile = {.total = 0};

	(void)state;
	add(&quantile, 3, 9);
	add(&quantile, 7, 1);
	assert_int_equal(quantile_read(&quantile, 90), 3);
	assert_int_equal(quantile_read(&quantile, 99), 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(of_nothing_it_is_zero),
	    cmocka_unit_test(small_numbers_are_told_exactly),
	    cmocka_unit_test(large_ones_up_to_an_eighth_too_high),
	    cmocka_unit_test(half_of_them_are_not_above_the_median),
	    cmocka_unit_test(of_few_the_highest_is_the_99th),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
