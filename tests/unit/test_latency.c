#include "io/latency.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dns/message.h"

static struct latency latency;
static struct latency_figures figures;

static int
setup(void **state)
{
	(void)state;
	memset(&latency, 0, sizeof(latency));
	memset(&figures, 0, sizeof(figures));
	return 0;
}

static void
an_answer_counts_in_the_first_bucket_that_it_fits(void **state)
{
	(void)state;
	latency_add(&latency, ORIGIN_CACHE, RCODE_NOERROR, latency_bounds[3]);
	latency_add(&latency, ORIGIN_CACHE, RCODE_NOERROR,
	    latency_bounds[3] + 1);
	latency_add(&latency, ORIGIN_CACHE, RCODE_NOERROR, 0);
	latency_read(&latency, ORIGIN_CACHE, &figures);
	assert_int_equal(figures.counts[0], 1);
	assert_int_equal(figures.counts[3], 1);
	assert_int_equal(figures.counts[4], 1);
	assert_int_equal(figures.sum, 2 * latency_bounds[3] + 1);
}

static void
what_is_slower_than_all_bounds_counts_too(void **state)
{
	(void)state;
	latency_add(&latency, ORIGIN_ERROR, RCODE_SERVFAIL, UINT64_MAX / 2);
	latency_read(&latency, ORIGIN_ERROR, &figures);
	assert_int_equal(figures.counts[LATENCY_BOUNDS], 1);
}

static void
bounds_rise(void **state)
{
	(void)state;
	for (unsigned i = 1; i < LATENCY_BOUNDS; i++)
		assert_true(latency_bounds[i] > latency_bounds[i - 1]);
}

static void
answers_of_one_batch_share_its_time(void **state)
{
	(void)state;
	latency_hold(&latency, ORIGIN_ZONE, RCODE_NOERROR);
	latency_hold(&latency, ORIGIN_ZONE, RCODE_NXDOMAIN);
	latency_hold(&latency, ORIGIN_RULE, RCODE_NOERROR);
	latency_read(&latency, ORIGIN_ZONE, &figures);
	assert_int_equal(figures.counts[0], 0);
	latency_settle(&latency, 7);
	latency_settle(&latency, 9);
	memset(&figures, 0, sizeof(figures));
	latency_read(&latency, ORIGIN_ZONE, &figures);
	assert_int_equal(figures.counts[0], 2);
	assert_int_equal(figures.sum, 14);
	assert_int_equal(figures.rcodes[RCODE_NXDOMAIN], 1);
	assert_int_equal(latency.held_all, 0);
}

static void
a_batch_takes_nothing_into_the_next(void **state)
{
	(void)state;
	latency_hold(&latency, ORIGIN_ZONE, RCODE_NOERROR);
	latency_settle(&latency, 1);
	latency_hold(&latency, ORIGIN_ZONE, RCODE_NOERROR);
	latency_settle(&latency, 1);
	latency_read(&latency, ORIGIN_ZONE, &figures);
	assert_int_equal(figures.counts[0], 2);
}

static void
workers_add_up(void **state)
{
	(void)state;
	latency_add(&latency, ORIGIN_ZONE, RCODE_NOERROR, 5);
	latency_read(&latency, ORIGIN_ZONE, &figures);
	latency_read(&latency, ORIGIN_ZONE, &figures);
	latency_read(&latency, ORIGIN_CACHE, &figures);
	assert_int_equal(figures.counts[0], 2);
	assert_int_equal(figures.sum, 10);
}

static void
rare_rcodes_share_a_column(void **state)
{
	(void)state;
	latency_add(&latency, ORIGIN_ERROR, RCODE_BADVERS, 1);
	latency_add(&latency, ORIGIN_ERROR, RCODE_BADCOOKIE, 1);
	latency_add(&latency, ORIGIN_ERROR, LATENCY_RCODES - 1, 1);
	latency_read(&latency, ORIGIN_ERROR, &figures);
	assert_int_equal(figures.rcodes[LATENCY_RCODES - 1], 3);
	assert_string_equal(latency_rcodes[LATENCY_RCODES - 1], "other");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(
		an_answer_counts_in_the_first_bucket_that_it_fits, setup),
	    cmocka_unit_test_setup(what_is_slower_than_all_bounds_counts_too,
		setup),
	    cmocka_unit_test(bounds_rise),
	    cmocka_unit_test_setup(answers_of_one_batch_share_its_time, setup),
	    cmocka_unit_test_setup(a_batch_takes_nothing_into_the_next, setup),
	    cmocka_unit_test_setup(workers_add_up, setup),
	    cmocka_unit_test_setup(rare_rcodes_share_a_column, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
