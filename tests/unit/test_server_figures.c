#include "ctl/server_figures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/snapshot.h"
#include "core/upstream.h"

enum { MANY = 4 * UPSTREAM_STATES, WORKERS = 2 };

static struct upstream_server servers[MANY];
static struct upstream_group groups[2];
static struct snapshot snapshot;
static struct upstreams known[WORKERS];

/* What was told of: each server by its place in the array. */
static struct {
	const struct server_figures_source *source;
	size_t count;
	size_t of_first_group;
	struct server_figures figures[MANY];
} told;

static int
setup(void **state)
{
	(void)state;
	memset(&snapshot, 0, sizeof(snapshot));
	memset(known, 0, sizeof(known));
	memset(&told, 0, sizeof(told));
	for (size_t i = 0; i < MANY; i++) {
		servers[i] = (struct upstream_server){.carrier = CARRIER_UDP};
		addr_parse("192.0.2.1", (uint16_t)(1000 + i), &servers[i].addr);
	}
	groups[0] = (struct upstream_group){
	    .next = &groups[1],
	    .servers = servers,
	    .count = MANY,
	};
	groups[1] = (struct upstream_group){.servers = servers, .count = 0};
	snapshot.groups = groups;
	return 0;
}

static void
tell(void *context, const struct upstream_group *group,
    const struct upstream_server *server)
{
	(void)context;
	told.count++;
	told.of_first_group += group == &groups[0];
	told.figures[server - servers] = server_figures_of(told.source, server);
}

static void
tell_all(void)
{
	const struct server_figures_source source = {
	    .known = known,
	    .count = WORKERS,
	};

	told.source = &source;
	server_figures_each(&snapshot, tell, NULL);
}

static void
figures_of_all_workers_are_summed(void **state)
{
	(void)state;
	groups[0].count = 1;
	for (unsigned i = 0; i < WORKERS; i++)
		upstream_sent(upstream_state(&known[i], &servers[0]));
	tell_all();
	assert_int_equal(told.count, 1);
	assert_int_equal(told.figures[0].questions, WORKERS);
}

/* Those that nobody has asked yet are more than there are places. */
static void
to_look_at_servers_forgets_none(void **state)
{
	(void)state;
	upstream_sent(upstream_state(&known[0], &servers[MANY - 1]));
	tell_all();
	assert_int_equal(told.count, MANY);
	assert_int_equal(told.figures[MANY - 1].questions, 1);
	assert_int_equal(known[0].count, 1);
}

static void
a_server_of_two_groups_is_told_of_with_the_first(void **state)
{
	(void)state;
	groups[1].count = MANY;
	tell_all();
	assert_int_equal(told.count, MANY);
	assert_int_equal(told.of_first_group, MANY);
}

static void
another_carrier_is_another_server(void **state)
{
	(void)state;
	groups[0].count = 2;
	servers[1] = servers[0];
	servers[1].carrier = CARRIER_TLS;
	tell_all();
	assert_int_equal(told.count, 2);
}

static void
no_servers_are_nothing_to_tell(void **state)
{
	(void)state;
	snapshot.groups = NULL;
	tell_all();
	assert_int_equal(told.count, 0);
}

static void
count_group(void *context, const struct upstream_group *group)
{
	size_t *count = context;

	(void)group;
	(*count)++;
}

/* How many groups are told of when there are these, in this order. */
static size_t
groups_told(struct upstream_group *all, size_t count)
{
	size_t found = 0;

	for (size_t i = 0; i + 1 < count; i++)
		all[i].next = &all[i + 1];
	snapshot.groups = all;
	server_figures_groups(&snapshot, count_group, &found);
	return found;
}

static void
a_policys_group_is_told_of_once(void **state)
{
	struct upstream_group all[] = {
	    {.id = 1, .whose = " of policy \"a\""},
	    {.id = 1, .whose = " of policy \"b\""},
	    {.id = 1, .whose = " of policy \"a\""},
	    {.id = 2, .whose = " of policy \"a\""},
	};

	(void)state;
	assert_int_equal(groups_told(all, 4), 3);
}

/* Compared each with each, they would take a minute. */
static void
a_hundred_thousand_zones_with_one_server_take_no_time(void **state)
{
	enum { ZONES = 100000, WHOSE = 24 };
	struct upstream_group *all = calloc(ZONES, sizeof(*all));
	char(*whose)[WHOSE] = calloc(ZONES, sizeof(*whose));

	(void)state;
	assert_non_null(all);
	assert_non_null(whose);
	for (unsigned i = 0; i < ZONES; i++) {
		snprintf(whose[i], WHOSE, " of zone \"%u\"", i);
		all[i] = (struct upstream_group){.id = 7, .whose = whose[i]};
	}
	alarm(10);
	assert_int_equal(groups_told(all, ZONES), ZONES);
	alarm(0);
	free(whose);
	free(all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(figures_of_all_workers_are_summed, setup),
	    cmocka_unit_test_setup(to_look_at_servers_forgets_none, setup),
	    cmocka_unit_test_setup(
		a_server_of_two_groups_is_told_of_with_the_first, setup),
	    cmocka_unit_test_setup(another_carrier_is_another_server, setup),
	    cmocka_unit_test_setup(no_servers_are_nothing_to_tell, setup),
	    cmocka_unit_test_setup(a_policys_group_is_told_of_once, setup),
	    cmocka_unit_test_setup(
		a_hundred_thousand_zones_with_one_server_take_no_time, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
