#include "core/flight.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/upstream.h"

static const struct snapshot snapshot = {.key = {7, 8}};
static const struct upstream_group groups[2] = {{.id = 1}, {.id = 2}};
static struct flight flight;
enum { QUERIES = FLIGHT_WAITERS + 2 };
static struct query queries[QUERIES];

/* Queries for the same question, none parked; from different clients. */
static int
setup(void **state)
{
	struct name name;

	(void)state;
	assert_int_equal(name_from_text(&name, "www.example.com."), NAME_OK);
	memset(&flight, 0, sizeof(flight));
	memset(queries, 0, sizeof(queries));
	for (size_t i = 0; i < QUERIES; i++) {
		query_reset(&queries[i]);
		queries[i].snapshot = &snapshot;
		path_set(&queries[i].path, name.wire, &snapshot.key);
		queries[i].type = TYPE_A;
		queries[i].group = &groups[0];
		queries[i].flight_hash = queries[i].path.hash[0];
		addr_parse("10.0.0.0", 53, &queries[i].client);
		queries[i].client.u.in4.sin_addr.s_addr += htonl((uint32_t)i);
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
	assert_int_equal(flight_parked(&flight), 3);
	waiter = flight_leave(&flight, &queries[0]);
	for (; waiter != NULL; waiter = waiter->next_waiter) {
		assert_false(waiter->parked);
		assert_null(waiter->leader);
		count++;
	}
	assert_int_equal(count, 2);
	assert_int_equal(flight_parked(&flight), 0);
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
one_that_sleeps_is_found_by_nobody(void **state)
{
	(void)state;
	flight_sleep(&flight, &queries[0]);
	assert_null(flight_find(&flight, &queries[1]));
	assert_int_equal(flight_parked(&flight), 1);
	assert_null(flight_leave(&flight, &queries[0]));
	assert_int_equal(flight_parked(&flight), 0);
}

/* Parks query 0 and n that wait for it. */
static void
wait_for_the_first(unsigned n)
{
	flight_lead(&flight, &queries[0]);
	for (unsigned i = 1; i <= n; i++)
		flight_join(&flight, &queries[i], &queries[0]);
}

static void
only_so_many_wait_for_an_answer(void **state)
{
	const struct query *last = &queries[QUERIES - 1];

	(void)state;
	wait_for_the_first(FLIGHT_WAITERS - 1);
	assert_true(flight_has_room(&queries[0], last));
	flight_join(&flight, &queries[FLIGHT_WAITERS], &queries[0]);
	assert_false(flight_has_room(&queries[0], last));
}

/* All queries come from this client. */
static void
come_from(const char *client)
{
	for (size_t i = 0; i < QUERIES; i++)
		addr_parse(client, 53, &queries[i].client);
}

static void
one_client_gets_only_so_many_answers_at_once(void **state)
{
	struct query *last = &queries[QUERIES - 1];

	(void)state;
	come_from("10.0.0.1");
	wait_for_the_first(FLIGHT_PULSE - 2);
	assert_true(flight_has_room(&queries[0], last));
	flight_join(&flight, &queries[FLIGHT_PULSE - 1], &queries[0]);
	assert_false(flight_has_room(&queries[0], last));
	addr_parse("10.0.0.2", 53, &last->client);
	assert_true(flight_has_room(&queries[0], last));
}

static void
who_cannot_be_another_gets_as_many_as_it_wants(void **state)
{
	struct query *last = &queries[QUERIES - 1];

	(void)state;
	come_from("10.0.0.1");
	wait_for_the_first(FLIGHT_PULSE);
	last->transport = TRANSPORT_TCP;
	assert_true(flight_has_room(&queries[0], last));
	last->transport = TRANSPORT_UDP;
	assert_false(flight_has_room(&queries[0], last));
	come_from("127.0.0.1");
	assert_true(flight_has_room(&queries[0], last));
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
	    TEST(one_that_sleeps_is_found_by_nobody),
	    TEST(only_so_many_wait_for_an_answer),
	    TEST(one_client_gets_only_so_many_answers_at_once),
	    TEST(who_cannot_be_another_gets_as_many_as_it_wants),
	};

	return cmocka_run_group_tests_name("flight", tests, NULL, NULL);
}
