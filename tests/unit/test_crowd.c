#include "core/crowd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/query.h"
#include "core/snapshot.h"
#include "core/upstream.h"

enum { QUERIES = 4096 };

static const struct snapshot snapshot = {.key = {0x1234, 0x9876}};
static const struct upstream_group groups[2] = {{.id = 1}, {.id = 2}};
static struct crowds crowds;
static struct query *queries;
static size_t used;

static int
setup(void **state)
{
	(void)state;
	memset(&crowds, 0, sizeof(crowds));
	used = 0;
	return 0;
}

static int
setup_all(void **state)
{
	(void)state;
	queries = calloc(QUERIES, sizeof(*queries));
	return queries == NULL;
}

static int
teardown_all(void **state)
{
	(void)state;
	free(queries);
	return 0;
}

/* One more query is parked. */
static struct query *
park(const char *client, const char *name, const struct upstream_group *group)
{
	struct query *query = &queries[used++];
	struct name wire;

	assert_true(used <= QUERIES);
	query_reset(query);
	query->snapshot = &snapshot;
	query->group = group;
	assert_int_equal(name_from_text(&wire, name), NAME_OK);
	path_set(&query->path, wire.wire, &snapshot.key);
	assert_true(addr_parse(client, 53, &query->client));
	crowd_join(&crowds, query);
	return query;
}

/* n names that nobody has asked for yet, below one domain. */
static void
flood(const char *client, const char *domain, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		char name[64];

		snprintf(name, sizeof(name), "x%u.%s", i, domain);
		park(client, name, &groups[0]);
	}
}

static struct query *
surplus(enum crowd_scope expected)
{
	enum crowd_scope scope = CROWD_OF_ALL;
	struct query *query = crowd_surplus(&crowds, &scope);

	assert_non_null(query);
	assert_int_equal(scope, expected);
	return query;
}

static bool
is_surplus(void)
{
	enum crowd_scope scope;

	return crowd_surplus(&crowds, &scope) != NULL;
}

static void
nobody_there_is_no_victim(void **state)
{
	struct query *query;

	(void)state;
	assert_null(crowd_victim(&crowds));
	query = park("10.0.0.1", "www.example.com", &groups[0]);
	crowd_leave(&crowds, query);
	assert_null(crowd_victim(&crowds));
}

static void
the_oldest_of_equal_ones_gives_way(void **state)
{
	const struct query *first;

	(void)state;
	first = park("10.0.0.1", "www.a.example", &groups[0]);
	park("10.0.0.1", "www.b.example", &groups[0]);
	park("10.0.0.2", "www.c.example", &groups[1]);
	assert_ptr_equal(crowd_victim(&crowds), first);
}

static void
a_flood_under_one_name_gives_way_to_itself(void **state)
{
	const struct query *flooder;

	(void)state;
	park("127.0.0.1", "www.honest.example", &groups[0]);
	flooder = &queries[used];
	flood("127.0.0.1", "flooded.example", 1000);
	park("127.0.0.1", "mail.honest.example", &groups[0]);
	for (unsigned i = 0; i < 998; i++) {
		assert_ptr_equal(crowd_victim(&crowds), &flooder[i]);
		crowd_leave(&crowds, crowd_victim(&crowds));
	}
	assert_int_equal(crowds.all.queries, 4);
}

static void
a_flood_by_one_client_spares_others_under_the_name(void **state)
{
	const struct query *honest;

	(void)state;
	honest = park("10.0.0.2", "www.flooded.example", &groups[0]);
	flood("10.0.0.1", "flooded.example", 500);
	for (unsigned i = 0; i < 498; i++) {
		assert_ptr_not_equal(crowd_victim(&crowds), honest);
		crowd_leave(&crowds, crowd_victim(&crowds));
	}
}

static void
clients_of_a_64_are_one(void **state)
{
	const struct query *first;

	(void)state;
	park("2001:db8::1", "www.a.example", &groups[0]);
	first = park("2001:db8:0:1::1", "a.b.example", &groups[0]);
	park("2001:db8:0:1:ffff::2", "b.b.example", &groups[0]);
	assert_ptr_equal(crowd_victim(&crowds), first);
}

static void
what_others_wait_for_goes_last(void **state)
{
	struct query *shared;
	struct query *alone;

	(void)state;
	shared = park("10.0.0.1", "www.example.com", &groups[0]);
	alone = park("10.0.0.1", "ftp.example.com", &groups[0]);
	shared->waiters = alone;
	assert_ptr_equal(crowd_victim(&crowds), alone);
	crowd_leave(&crowds, alone);
	assert_ptr_equal(crowd_victim(&crowds), shared);
}

static void
who_is_in_the_middle_may_leave(void **state)
{
	struct query *all[3];

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		all[i] = park("10.0.0.1", "www.example.com", &groups[0]);
	crowd_leave(&crowds, all[1]);
	assert_ptr_equal(crowd_victim(&crowds), all[0]);
	crowd_leave(&crowds, all[0]);
	assert_ptr_equal(crowd_victim(&crowds), all[2]);
	all[1] = park("10.0.0.1", "www.example.com", &groups[0]);
	crowd_leave(&crowds, all[1]);
	all[0] = park("10.0.0.1", "www.example.com", &groups[0]);
	crowd_leave(&crowds, all[2]);
	assert_ptr_equal(crowd_victim(&crowds), all[0]);
	crowd_leave(&crowds, all[0]);
	assert_null(crowd_victim(&crowds));
}

static void
a_client_past_its_limit_loses_of_its_own(void **state)
{
	const struct query *first;

	(void)state;
	crowds.limits[CROWD_OF_CLIENT] = 3;
	park("10.0.0.2", "a.other.example", &groups[0]);
	park("10.0.0.1", "a.example", &groups[0]);
	first = park("10.0.0.1", "a.many.example", &groups[0]);
	park("10.0.0.1", "b.many.example", &groups[0]);
	assert_false(is_surplus());
	park("10.0.0.1", "c.many.example", &groups[0]);
	assert_ptr_equal(surplus(CROWD_OF_CLIENT), first);
	crowd_leave(&crowds, surplus(CROWD_OF_CLIENT));
	assert_false(is_surplus());
	park("10.0.0.1", "d.many.example", &groups[0]);
	surplus(CROWD_OF_CLIENT);
}

static void
a_group_past_its_limit_loses_of_its_own(void **state)
{
	const struct query *first;

	(void)state;
	crowds.limits[CROWD_OF_GROUP] = 2;
	park("10.0.0.1", "a.example", &groups[1]);
	first = park("10.0.0.1", "a.example", &groups[0]);
	park("10.0.0.2", "a.example", &groups[0]);
	assert_false(is_surplus());
	park("10.0.0.3", "a.example", &groups[0]);
	assert_ptr_equal(surplus(CROWD_OF_GROUP), first);
	crowd_leave(&crowds, surplus(CROWD_OF_GROUP));
	assert_false(is_surplus());
}

static void
several_may_be_past_their_limits_at_once(void **state)
{
	(void)state;
	crowds.limits[CROWD_OF_CLIENT] = 1;
	flood("10.0.0.1", "example", 2);
	flood("10.0.0.2", "example", 3);
	for (unsigned i = 0; i < 3; i++)
		crowd_leave(&crowds, surplus(CROWD_OF_CLIENT));
	assert_false(is_surplus());
	assert_int_equal(crowds.all.queries, 2);
}

static void
one_that_asks_nobody_counts_for_its_client(void **state)
{
	struct query *query;

	(void)state;
	crowds.limits[CROWD_OF_GROUP] = 1;
	park("10.0.0.1", "a.example", NULL);
	query = park("10.0.0.1", "b.example", NULL);
	assert_false(is_surplus());
	crowd_leave(&crowds, query);
	assert_int_equal(crowds.all.queries, 1);
}

/* As a full worker lives: each newcomer costs the victim its place. */
static void
many_crowds_come_and_go(void **state)
{
	(void)state;
	for (unsigned i = 0; i < QUERIES; i++) {
		char name[64];

		if (crowds.all.queries == 256)
			crowd_leave(&crowds, crowd_victim(&crowds));
		snprintf(name, sizeof(name), "x.%u.example", i % (1 + i / 16));
		park(i % 3 == 0 ? "10.0.0.1" : "10.0.0.2", name,
		    &groups[i % 2]);
	}
	for (unsigned left = 256; left > 0; left--) {
		assert_int_equal(crowds.all.queries, left);
		crowd_leave(&crowds, crowd_victim(&crowds));
	}
	assert_null(crowd_victim(&crowds));
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(nobody_there_is_no_victim),
	    TEST(the_oldest_of_equal_ones_gives_way),
	    TEST(a_flood_under_one_name_gives_way_to_itself),
	    TEST(a_flood_by_one_client_spares_others_under_the_name),
	    TEST(clients_of_a_64_are_one),
	    TEST(what_others_wait_for_goes_last),
	    TEST(who_is_in_the_middle_may_leave),
	    TEST(a_client_past_its_limit_loses_of_its_own),
	    TEST(a_group_past_its_limit_loses_of_its_own),
	    TEST(several_may_be_past_their_limits_at_once),
	    TEST(one_that_asks_nobody_counts_for_its_client),
	    TEST(many_crowds_come_and_go),
	};

	return cmocka_run_group_tests_name("crowd", tests, setup_all,
	    teardown_all);
}
