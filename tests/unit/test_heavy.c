#include "ctl/heavy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct hash_key secret = {17, 4};

static void
add(struct heavy *heavy, const char *key, unsigned times)
{
	for (unsigned i = 0; i < times; i++)
		heavy_add(heavy, key, strlen(key));
}

/* Keys that come once each. */
static void
add_crowd(struct heavy *heavy, unsigned from, unsigned count)
{
	char key[24];

	for (unsigned i = from; i < from + count; i++) {
		snprintf(key, sizeof(key), "crowd-%u", i);
		add(heavy, key, 1);
	}
}

static void
is(const struct heavy_item *item, const char *key, uint64_t count)
{
	assert_int_equal(item->len, strlen(key));
	assert_memory_equal(item->key, key, item->len);
	assert_int_equal(item->count, count);
}

static void
few_keys_are_counted_exactly(void **state)
{
	const struct heavy_item *const *top;
	struct heavy heavy;

	(void)state;
	assert_true(heavy_init(&heavy, 4, &secret));
	add(&heavy, "b", 2);
	add(&heavy, "a", 5);
	add(&heavy, "c", 1);
	add(&heavy, "b", 1);
	top = heavy_top(&heavy);
	assert_int_equal(heavy.used, 3);
	assert_int_equal(heavy.total, 9);
	is(top[0], "a", 5);
	is(top[1], "b", 3);
	is(top[2], "c", 1);
	assert_int_equal(top[0]->error, 0);
	heavy_fini(&heavy);
}

static void
equal_counts_are_in_order_of_their_keys(void **state)
{
	const struct heavy_item *const *top;
	struct heavy heavy;

	(void)state;
	assert_true(heavy_init(&heavy, 4, &secret));
	add(&heavy, "ab", 1);
	add(&heavy, "b", 1);
	add(&heavy, "a", 1);
	top = heavy_top(&heavy);
	is(top[0], "a", 1);
	is(top[1], "ab", 1);
	is(top[2], "b", 1);
	heavy_fini(&heavy);
}

static void
a_newcomer_takes_the_place_and_count_of_the_least(void **state)
{
	const struct heavy_item *const *top;
	struct heavy heavy;

	(void)state;
	assert_true(heavy_init(&heavy, 2, &secret));
	add(&heavy, "often", 9);
	add(&heavy, "seldom", 3);
	add(&heavy, "new", 1);
	top = heavy_top(&heavy);
	assert_int_equal(heavy.used, 2);
	is(top[0], "often", 9);
	is(top[1], "new", 4);
	assert_int_equal(top[1]->error, 3);
	assert_int_equal(top[1]->recent, 1);
	heavy_fini(&heavy);
}

static void
who_was_pushed_out_begins_anew(void **state)
{
	const struct heavy_item *const *top;
	struct heavy heavy;

	(void)state;
	assert_true(heavy_init(&heavy, 1, &secret));
	add(&heavy, "a", 2);
	add(&heavy, "b", 1);
	add(&heavy, "a", 1);
	top = heavy_top(&heavy);
	is(top[0], "a", 4);
	assert_int_equal(top[0]->error, 3);
	heavy_fini(&heavy);
}

/* The promises of the header, for a crowd that would push everybody out. */
static void
the_frequent_stay_among_a_crowd_within_the_bound(void **state)
{
	enum { COUNTERS = 10, CROWD = 50, OFTEN = 40 };
	const struct heavy_item *const *top;
	struct heavy heavy;
	uint64_t bound;

	(void)state;
	assert_true(heavy_init(&heavy, COUNTERS, &secret));
	add_crowd(&heavy, 0, CROWD);
	add(&heavy, "often", OFTEN);
	add_crowd(&heavy, CROWD, CROWD);
	bound = heavy.total / COUNTERS;
	top = heavy_top(&heavy);
	assert_int_equal(heavy.used, COUNTERS);
	assert_memory_equal(top[0]->key, "often", 5);
	assert_true(top[0]->count >= OFTEN);
	assert_true(top[0]->count - top[0]->error <= OFTEN);
	assert_true(top[0]->error <= bound);
	assert_true(top[COUNTERS - 1]->count <= bound);
	heavy_fini(&heavy);
}

static void
counts_add_up_to_the_total(void **state)
{
	const struct heavy_item *const *top;
	struct heavy heavy;
	uint64_t sum = 0;

	(void)state;
	assert_true(heavy_init(&heavy, 7, &secret));
	add_crowd(&heavy, 0, 100);
	add_crowd(&heavy, 50, 30);
	top = heavy_top(&heavy);
	for (size_t i = 0; i < heavy.used; i++)
		sum += top[i]->count;
	assert_int_equal(sum, 130);
	heavy_fini(&heavy);
}

static void
a_turn_forgets_what_was_recent_only(void **state)
{
	const struct heavy_item *const *top;
	struct heavy heavy;

	(void)state;
	assert_true(heavy_init(&heavy, 4, &secret));
	add(&heavy, "a", 5);
	heavy_turn(&heavy);
	add(&heavy, "a", 2);
	top = heavy_top(&heavy);
	is(top[0], "a", 7);
	assert_int_equal(top[0]->recent, 2);
	heavy_fini(&heavy);
}

static void
keys_are_octets_of_any_length(void **state)
{
	static const uint8_t longest[HEAVY_KEY] = {0, 1, 2};
	const struct heavy_item *const *top;
	struct heavy heavy;

	(void)state;
	assert_true(heavy_init(&heavy, 4, &secret));
	heavy_add(&heavy, longest, sizeof(longest));
	heavy_add(&heavy, longest, sizeof(longest));
	heavy_add(&heavy, longest, 1);
	heavy_add(&heavy, longest, 0);
	top = heavy_top(&heavy);
	assert_int_equal(heavy.used, 3);
	assert_int_equal(top[0]->len, HEAVY_KEY);
	assert_int_equal(top[0]->count, 2);
	assert_int_equal(top[1]->len, 0);
	assert_int_equal(top[2]->len, 1);
	heavy_fini(&heavy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(few_keys_are_counted_exactly),
	    cmocka_unit_test(equal_counts_are_in_order_of_their_keys),
	    cmocka_unit_test(a_newcomer_takes_the_place_and_count_of_the_least),
	    cmocka_unit_test(who_was_pushed_out_begins_anew),
	    cmocka_unit_test(the_frequent_stay_among_a_crowd_within_the_bound),
	    cmocka_unit_test(counts_add_up_to_the_total),
	    cmocka_unit_test(a_turn_forgets_what_was_recent_only),
	    cmocka_unit_test(keys_are_octets_of_any_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
