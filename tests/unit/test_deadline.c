#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "io/deadline.h"

enum { MANY = 500 };

static struct deadline *heap[MANY];
static struct deadline many[MANY];

static void
the_earliest_comes_first(void **state)
{
	struct deadline late = {0};
	struct deadline early = {0};
	struct deadlines deadlines;

	(void)state;
	deadline_init(&deadlines, heap, MANY);
	deadline_set(&deadlines, &late, 20);
	deadline_set(&deadlines, &early, 10);
	assert_ptr_equal(deadline_first(&deadlines), &early);
}

static void
a_moved_deadline_takes_its_new_place(void **state)
{
	struct deadline a = {0};
	struct deadline b = {0};
	struct deadlines deadlines;

	(void)state;
	deadline_init(&deadlines, heap, MANY);
	deadline_set(&deadlines, &a, 10);
	deadline_set(&deadlines, &b, 20);
	deadline_set(&deadlines, &a, 30);
	assert_ptr_equal(deadline_first(&deadlines), &b);
	assert_int_equal(deadlines.count, 2);
}

static void
one_that_is_put_off_costs_nothing_until_it_is_first(void **state)
{
	struct deadline a = {0};
	struct deadline b = {0};
	struct deadlines deadlines;

	(void)state;
	deadline_init(&deadlines, heap, MANY);
	assert_true(deadline_none_before(&deadlines) == UINT64_MAX);
	deadline_set(&deadlines, &a, 10);
	deadline_set(&deadlines, &b, 20);
	deadline_set(&deadlines, &a, 30);
	deadline_set(&deadlines, &a, 40);
	assert_int_equal(a.place, 1);
	assert_int_equal(deadline_none_before(&deadlines), 10);
	assert_ptr_equal(deadline_first(&deadlines), &b);
	assert_int_equal(deadline_none_before(&deadlines), 20);
	/* Sooner than it was, but later than where it stood at first. */
	deadline_set(&deadlines, &a, 15);
	assert_ptr_equal(deadline_first(&deadlines), &a);
	assert_int_equal(deadline_none_before(&deadlines), 15);
}

static void
clearing_what_is_not_set_changes_nothing(void **state)
{
	struct deadline set = {0};
	struct deadline unset = {0};
	struct deadlines deadlines;

	(void)state;
	deadline_init(&deadlines, heap, MANY);
	deadline_set(&deadlines, &set, 10);
	deadline_clear(&deadlines, &unset);
	assert_ptr_equal(deadline_first(&deadlines), &set);
}

static void
the_last_one_cleared_leaves_none(void **state)
{
	struct deadline only = {0};
	struct deadlines deadlines;

	(void)state;
	deadline_init(&deadlines, heap, MANY);
	deadline_set(&deadlines, &only, 10);
	deadline_clear(&deadlines, &only);
	assert_null(deadline_first(&deadlines));
	assert_int_equal(only.place, 0);
}

/* A fixed series: the same on every run. */
static void
count_up(void *buf, size_t len)
{
	static uint8_t next;
	uint8_t *at = buf;

	while (len-- > 0)
		*at++ = (uint8_t)(next = (uint8_t)(next * 73 + 41));
}

/* Takes all out; returns how many came before an earlier one. */
static unsigned
drain(struct deadlines *deadlines)
{
	const struct deadline *first = deadline_first(deadlines);
	unsigned disordered = 0;
	uint64_t last = 0;

	for (; first != NULL; first = deadline_first(deadlines)) {
		disordered += first->until < last;
		last = first->until;
		deadline_clear(deadlines, deadlines->heap[0]);
	}
	return disordered;
}

static void
many_set_moved_and_cleared_come_out_in_order(void **state)
{
	struct deadlines deadlines;
	struct rng rng;

	(void)state;
	deadline_init(&deadlines, heap, MANY);
	rng_init(&rng, count_up);
	for (unsigned i = 0; i < MANY; i++)
		deadline_set(&deadlines, &many[i], rng_u16(&rng));
	for (unsigned i = 0; i < MANY; i += 3)
		deadline_clear(&deadlines, &many[i]);
	for (unsigned i = 1; i < MANY; i += 3)
		deadline_set(&deadlines, &many[i], rng_u16(&rng));
	assert_int_equal(deadlines.count, MANY - (MANY + 2) / 3);
	assert_int_equal(drain(&deadlines), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_earliest_comes_first),
	    cmocka_unit_test(a_moved_deadline_takes_its_new_place),
	    cmocka_unit_test(
		one_that_is_put_off_costs_nothing_until_it_is_first),
	    cmocka_unit_test(clearing_what_is_not_set_changes_nothing),
	    cmocka_unit_test(the_last_one_cleared_leaves_none),
	    cmocka_unit_test(many_set_moved_and_cleared_come_out_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
