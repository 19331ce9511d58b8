#include "core/flight.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/upstream.h"

static const struct hash_key key = {7, 8};
static const struct upstream_group groups[2] = {{.id = 1}, {.id = 2}};
static struct flight flight;
static struct query queries[4];

/* Four queries for the same question, none parked. */
static int
setup(void **state)
{
	struct name name;

	(void)state;
	assert_int_equal(name_from_text(&name, "www.example.com."), NAME_OK);
	memset(&flight, 0, sizeof(flight));
	memset(queries, 0, sizeof(queries));
	for (size_t i = 0; i < 4; i++) {
		query_reset(&queries[i]);
		path_set(&queries[i].path, name.wire, &key);
		queries[i].type = TYPE_A;
		queries[i].group = &groups[0];
		queries[i].flight_hash = queries[i].path.hash[0];
	}
	return 0;
}

static void
an_equal_question_is_found(void **state)
{
	(void)state;
	assert_null(flight_find(&flight, &queries[1]));
	flight_lead(&flight, &queries[0]);
	assert_ptr_equal(flight_find(&flight, &queries[1]), &queries[0]);
}

static void
another_question_is_not(void **state)
{
	(void)state;
	flight_lead(&flight, &queries[0]);
	queries[1].type = TYPE_AAAA;
	assert_null(flight_find(&flight, &queries[1]));
	queries[2].request.edns.dnssec_ok = true;
	assert_null(flight_find(&flight, &queries[2]));
	queries[3].request.flags = FLAG_CD;
	assert_null(flight_find(&flight, &queries[3]));
	queries[3].request.flags = 0;
	queries[3].group = &groups[1];
	assert_null(flight_find(&flight, &queries[3]));
}

static void
who_leaves_frees_those_who_waited(void **state)
{
	struct query *waiter;
	unsigned count = 0;

	(void)state;
	flight_lead(&flight, &queries[0]);
	flight_join(&flight, &queries[1], &queries[0]);
	flight_join(&flight, &queries[2], &queries[0]);
	assert_int_equal(flight.parked, 3);
	waiter = flight_leave(&flight, &queries[0]);
	for (; waiter != NULL; waiter = waiter->next_waiter) {
		assert_false(waiter->parked);
		assert_null(waiter->leader);
		count++;
	}
	assert_int_equal(count, 2);
	assert_int_equal(flight.parked, 0);
	assert_null(flight.oldest);
	assert_null(flight_find(&flight, &queries[3]));
}

static void
one_that_waits_can_leave_alone(void **state)
{
	struct query *waiters;

	(void)state;
	flight_lead(&flight, &queries[0]);
	flight_join(&flight, &queries[1], &queries[0]);
	flight_join(&flight, &queries[2], &queries[0]);
	assert_null(flight_leave(&flight, &queries[1]));
	assert_int_equal(queries[0].waiting, 1);
	waiters = flight_leave(&flight, &queries[0]);
	assert_ptr_equal(waiters, &queries[2]);
	assert_null(waiters->next_waiter);
}

static void
the_oldest_comes_first(void **state)
{
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		queries[i].request.question.type = (uint16_t)(TYPE_A + i);
		flight_lead(&flight, &queries[i]);
	}
	assert_ptr_equal(flight.oldest, &queries[0]);
	flight_leave(&flight, &queries[0]);
	assert_ptr_equal(flight.oldest, &queries[1]);
	flight_leave(&flight, &queries[2]);
	flight_leave(&flight, &queries[1]);
	assert_ptr_equal(flight.oldest, &queries[3]);
	assert_ptr_equal(flight.newest, &queries[3]);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_equal_question_is_found),
	    TEST(another_question_is_not),
	    TEST(who_leaves_frees_those_who_waited),
	    TEST(one_that_waits_can_leave_alone),
	    TEST(the_oldest_comes_first),
	};

	return cmocka_run_group_tests_name("flight", tests, NULL, NULL);
}
