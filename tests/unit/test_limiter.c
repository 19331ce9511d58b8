#include "core/limiter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SECOND UINT64_C(1000000000)

static const struct hash_key key = {11, 13};
static struct limiter limiter;
static uint64_t now;

static int
setup(void **state)
{
	(void)state;
	memset(&limiter, 0, sizeof(limiter));
	now = 7 * SECOND;
	return 0;
}

static enum limiter_verdict
take(const char *client)
{
	struct addr addr;

	assert_true(addr_parse(client, 53, &addr));
	return limiter_take(&limiter, &key, &addr, now);
}

/* How many of n queries in a row pass. */
static unsigned
passed(const char *client, unsigned n)
{
	unsigned count = 0;

	for (unsigned i = 0; i < n; i++)
		count += take(client) == LIMITER_PASS;
	return count;
}

static void
a_second_s_worth_passes_at_once(void **state)
{
	(void)state;
	limiter_set(&limiter, 100);
	assert_int_equal(passed("192.0.2.1", 1000), 100);
}

static void
time_pays_for_more(void **state)
{
	(void)state;
	limiter_set(&limiter, 100);
	passed("192.0.2.1", 1000);
	now += SECOND / 4;
	assert_int_equal(passed("192.0.2.1", 1000), 25);
	now += 3600 * SECOND;
	assert_int_equal(passed("192.0.2.1", 1000), 100);
}

static void
who_goes_on_past_the_limit_does_not_lose_by_it(void **state)
{
	unsigned count = 0;

	(void)state;
	limiter_set(&limiter, 100);
	passed("192.0.2.1", 1000);
	for (unsigned i = 0; i < 1000; i++) {
		now += SECOND / 1000;
		count += passed("192.0.2.1", 3);
	}
	assert_in_range(count, 99, 100);
}

static void
every_other_one_past_the_limit_is_told(void **state)
{
	(void)state;
	limiter_set(&limiter, 1);
	assert_int_equal(take("192.0.2.1"), LIMITER_PASS);
	assert_int_equal(take("192.0.2.1"), LIMITER_TELL);
	assert_int_equal(take("192.0.2.1"), LIMITER_DROP);
	assert_int_equal(take("192.0.2.1"), LIMITER_TELL);
	assert_int_equal(take("192.0.2.1"), LIMITER_DROP);
}

static void
the_first_one_past_the_limit_is_told(void **state)
{
	(void)state;
	limiter_set(&limiter, 3);
	assert_int_equal(passed("192.0.2.1", 3), 3);
	assert_int_equal(take("192.0.2.1"), LIMITER_TELL);
}

static void
a_network_counts_as_one(void **state)
{
	(void)state;
	limiter_set(&limiter, 10);
	assert_int_equal(passed("192.0.2.1", 5), 5);
	assert_int_equal(passed("192.0.2.200", 10), 5);
	assert_int_equal(passed("192.0.3.1", 10), 10);
	assert_int_equal(passed("2001:db8:0:100::1", 5), 5);
	assert_int_equal(passed("2001:db8:0:1ff::1", 10), 5);
	assert_int_equal(passed("2001:db8:0:200::1", 10), 10);
}

static void
a_fraction_of_a_query_a_second_is_slow(void **state)
{
	(void)state;
	limiter_set(&limiter, 1.0 / 4);
	assert_int_equal(passed("192.0.2.1", 10), 1);
	now += 3 * SECOND;
	assert_int_equal(passed("192.0.2.1", 10), 0);
	now += SECOND;
	assert_int_equal(passed("192.0.2.1", 10), 1);
}

static void
a_new_limit_holds_at_once(void **state)
{
	(void)state;
	limiter_set(&limiter, 10);
	assert_int_equal(passed("192.0.2.1", 20), 10);
	limiter_set(&limiter, 1000);
	now += SECOND / 2;
	assert_int_equal(passed("192.0.2.1", 1000), 500);
	limiter_set(&limiter, 0);
	assert_int_equal(limiter.interval, 0);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_second_s_worth_passes_at_once),
	    TEST(time_pays_for_more),
	    TEST(who_goes_on_past_the_limit_does_not_lose_by_it),
	    TEST(every_other_one_past_the_limit_is_told),
	    TEST(the_first_one_past_the_limit_is_told),
	    TEST(a_network_counts_as_one),
	    TEST(a_fraction_of_a_query_a_second_is_slow),
	    TEST(a_new_limit_holds_at_once),
	};

	return cmocka_run_group_tests_name("limiter", tests, NULL, NULL);
}
