#include "core/upstream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SECOND UINT64_C(1000000000)

static struct upstreams upstreams;
static struct upstream_server servers[3];
static struct upstream_group group;

static int
setup(void **state)
{
	static const char *const texts[] = {"10.0.0.1", "10.0.0.2", "10.0.0.3"};

	(void)state;
	memset(&upstreams, 0, sizeof(upstreams));
	for (size_t i = 0; i < 3; i++)
		assert_true(addr_parse(texts[i], 53, &servers[i].addr));
	group = (struct upstream_group){.count = 3, .servers = servers, .listed = true};
	return 0;
}

static long
pick(unsigned tried, unsigned failed, uint64_t now)
{
	const struct upstream_server *server =
	    upstream_pick(&upstreams, &group, tried, failed, now);

	return server == NULL ? -1 : server - servers;
}

static void
the_configured_order_holds(void **state)
{
	(void)state;
	assert_int_equal(pick(0, 0, 0), 0);
	assert_int_equal(pick(1, 0, 0), 1);
	assert_int_equal(pick(3, 0, 0), 2);
}

static void
when_all_were_tried_the_round_starts_anew(void **state)
{
	(void)state;
	assert_int_equal(pick(7, 0, 0), 0);
}

static void
a_silent_server_is_asked_last_for_a_while(void **state)
{
	(void)state;
	upstream_silent(&upstreams, &servers[0], 0);
	assert_int_equal(pick(0, 0, SECOND - 1), 1);
	assert_int_equal(pick(6, 0, SECOND - 1), 0);
	assert_int_equal(pick(0, 0, SECOND), 0);
}

static void
silence_lasts_longer_each_time_and_ends_with_an_answer(void **state)
{
	(void)state;
	upstream_silent(&upstreams, &servers[0], 0);
	upstream_silent(&upstreams, &servers[0], SECOND);
	assert_int_equal(pick(0, 0, 3 * SECOND - 1), 1);
	assert_int_equal(pick(0, 0, 3 * SECOND), 0);
	upstream_heard(&upstreams, &servers[0], 1, true);
	assert_int_equal(pick(0, 0, SECOND), 0);
	for (uint64_t now = 0; now < 4000; now += 40)
		upstream_silent(&upstreams, &servers[0], now * SECOND);
	assert_int_equal(pick(0, 0, 3992 * SECOND - 1), 1);
	assert_int_equal(pick(0, 0, 3992 * SECOND), 0);
}

static void
a_failed_server_is_not_asked_again(void **state)
{
	(void)state;
	assert_int_equal(pick(0, 1, 0), 1);
	assert_int_equal(pick(2, 5, 0), 1);
	assert_int_equal(pick(0, 7, 0), -1);
}

static void
more_servers_than_places_are_forgotten_not_mixed_up(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3 * UPSTREAM_STATES; i++) {
		struct upstream_server other = {.carrier = CARRIER_UDP};

		assert_true(addr_parse("10.1.0.1", 53, &other.addr));
		addr_set_port(&other.addr, (uint16_t)(1000 + i));
		upstream_silent(&upstreams, &other, 0);
	}
	assert_int_equal(pick(0, 0, 0), 0);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_configured_order_holds),
	    TEST(when_all_were_tried_the_round_starts_anew),
	    TEST(a_silent_server_is_asked_last_for_a_while),
	    TEST(silence_lasts_longer_each_time_and_ends_with_an_answer),
	    TEST(a_failed_server_is_not_asked_again),
	    TEST(more_servers_than_places_are_forgotten_not_mixed_up),
	};

	return cmocka_run_group_tests_name("upstream", tests, NULL, NULL);
}
