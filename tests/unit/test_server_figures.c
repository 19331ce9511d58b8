#include "ctl/server_figures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
