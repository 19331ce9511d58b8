#include "core/upstream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"

#define SECOND UINT64_C(1000000000)
#define MS     UINT64_C(1000000)

static struct upstreams upstreams;
static struct upstream_server servers[3];
static struct upstream_group group;

static int
setup(void **state)
{
	static const char *const texts[] = {"10.0.0.1", "10.0.0.2", "10.0.0.3"};

	(void)state;
	memset(&upstreams, 0, sizeof(upstreams));
	memset(servers, 0, sizeof(servers));
	for (size_t i = 0; i < 3; i++)
		assert_true(addr_parse(texts[i], 53, &servers[i].addr));
	group = (struct upstream_group){.count = 3, .servers = servers};
	return 0;
}

static long
pick(unsigned tried, unsigned failed)
{
	const struct upstream_server *server =
	    upstream_pick(&upstreams, &group, tried, failed);

	return server == NULL ? -1 : server - servers;
}

static struct upstream_state *
state_of(size_t i)
{
	return upstream_state(&upstreams, &servers[i]);
}

/* It answers n times, each time after that many milliseconds. */
static void
answers(size_t i, unsigned n, uint64_t ms)
{
	for (unsigned k = 0; k < n; k++)
		upstream_heard(state_of(i), 0, ms * MS, true);
}

/* Who is to be probed; not said whether there are others. */
static unsigned
probes(uint64_t now)
{
	bool all;

	return upstream_probes(&upstreams, &group, now, &all);
}

static void
what_a_server_does_is_summed_up(void **state)
{
	const struct upstream_state *server = state_of(0);

	(void)state;
	upstream_sent(state_of(0));
	upstream_sent(state_of(0));
	upstream_sent(state_of(0));
	upstream_heard(state_of(0), 5 * MS, 15 * MS, true);
	upstream_heard(state_of(0), 5 * MS, 25 * MS, false);
	upstream_silent(state_of(0), 30 * MS, SECOND);
	upstream_silent(state_of(0), 30 * MS, SECOND);

	assert_int_equal(server->questions, 3);
	assert_int_equal(server->answers, 2);
	assert_int_equal(server->waited, 30 * MS);
	assert_int_equal(server->failures, 3);
}

static void
unknown_servers_are_asked_in_the_configured_order(void **state)
{
	(void)state;
	assert_int_equal(pick(0, 0), 0);
	assert_int_equal(pick(1, 0), 1);
	assert_int_equal(pick(3, 0), 2);
}

static void
when_all_were_tried_the_round_starts_anew(void **state)
{
	(void)state;
	assert_int_equal(pick(7, 0), 0);
}

static void
a_failed_server_is_not_asked_again(void **state)
{
	(void)state;
	assert_int_equal(pick(0, 1), 1);
	assert_int_equal(pick(2, 5), 1);
	assert_int_equal(pick(0, 7), -1);
}

static void
the_fastest_server_is_asked_first(void **state)
{
	(void)state;
	answers(0, 1, 30);
	answers(1, 1, 10);
	answers(2, 1, 20);
	assert_int_equal(pick(0, 0), 1);
	assert_int_equal(pick(2, 0), 2);
	assert_int_equal(pick(6, 0), 0);
}

static void
one_that_is_not_known_is_tried_before_that(void **state)
{
	(void)state;
	answers(0, 1, 10);
	answers(1, 1, 10);
	assert_int_equal(pick(0, 0), 2);
}

static void
errors_cost_a_fast_server_its_place(void **state)
{
	(void)state;
	answers(0, 1, 10);
	answers(1, 1, 100);
	answers(2, 1, 900);
	upstream_heard(state_of(0), 0, 10 * MS, false);
	assert_int_equal(pick(0, 0), 0);
	upstream_heard(state_of(0), 0, 10 * MS, false);
	assert_int_equal(pick(0, 0), 1);
	answers(0, 30, 10);
	assert_int_equal(pick(0, 0), 0);
}

static void
the_turn_of_a_slower_server_comes(void **state)
{
	(void)state;
	answers(0, 1, 10);
	answers(1, 1, 20);
	answers(2, 1, 900);
	for (unsigned i = 0; i < 80; i++)
		upstream_asked(&upstreams, &group, &servers[0]);
	assert_int_equal(pick(0, 0), 0);
	for (unsigned i = 0; i < 20; i++)
		upstream_asked(&upstreams, &group, &servers[0]);
	assert_int_equal(pick(0, 0), 1);
}

static void
a_list_keeps_its_order_whatever_is_known(void **state)
{
	(void)state;
	group.listed = true;
	answers(0, 1, 900);
	answers(1, 1, 1);
	assert_int_equal(pick(0, 0), 0);
	upstream_silent(state_of(0), SECOND, 2 * SECOND);
	assert_int_equal(pick(0, 0), 1);
	assert_int_equal(pick(6, 0), 0);
}

static void
a_dead_server_is_asked_last_until_it_answers(void **state)
{
	(void)state;
	upstream_silent(state_of(0), 0, 0);
	assert_int_equal(pick(0, 0), 1);
	answers(1, 1, 900);
	answers(2, 1, 900);
	assert_int_equal(pick(0, 0), 1);
	assert_int_equal(pick(6, 0), 0);
	answers(0, 1, 10);
	assert_int_equal(pick(0, 0), 0);
}

static void
of_dead_servers_the_best_is_asked(void **state)
{
	(void)state;
	answers(0, 1, 30);
	answers(1, 1, 10);
	answers(2, 1, 20);
	for (size_t i = 0; i < 3; i++)
		upstream_silent(state_of(i), SECOND, SECOND);
	assert_int_equal(pick(0, 0), 1);
}

static void
a_lost_datagram_does_not_kill_who_answered_since(void **state)
{
	(void)state;
	upstream_heard(state_of(0), 0, 10 * MS, true);
	upstream_silent(state_of(0), 9 * MS, 400 * MS);
	assert_int_equal(probes(10 * SECOND), 0);
	upstream_silent(state_of(0), 11 * MS, 400 * MS);
	assert_int_equal(probes(10 * SECOND), 1);
}

static void
probes_come_after_1_2_4_and_at_most_32_seconds(void **state)
{
	uint64_t now = 0;

	(void)state;
	upstream_silent(state_of(0), 0, 0);
	for (unsigned wait = 1; wait <= 32; wait *= 2) {
		assert_int_equal(probes(now + wait * SECOND - 1), 0);
		now += wait * SECOND;
		assert_int_equal(probes(now), 1);
	}
	assert_int_equal(probes(now + 32 * SECOND - 1), 0);
	assert_int_equal(probes(now + 32 * SECOND), 1);
}

static void
an_answer_ends_the_probes_and_their_growth(void **state)
{
	(void)state;
	upstream_silent(state_of(0), 0, 0);
	assert_int_equal(probes(SECOND), 1);
	upstream_alive(state_of(0), 2 * SECOND);
	assert_int_equal(probes(100 * SECOND), 0);
	upstream_silent(state_of(0), 100 * SECOND, 100 * SECOND);
	assert_int_equal(probes(101 * SECOND), 1);
}

/* What came before it died says nothing of what follows. */
static void
a_server_that_is_back_starts_afresh(void **state)
{
	(void)state;
	answers(0, 1, 10);
	answers(1, 1, 100);
	answers(2, 1, 900);
	for (unsigned i = 0; i < 6; i++)
		upstream_heard(state_of(0), 0, 10 * MS, false);
	assert_int_equal(pick(0, 0), 1);
	upstream_silent(state_of(0), SECOND, SECOND);
	answers(0, 1, 10);
	assert_int_equal(pick(0, 0), 0);
}

static void
what_many_questions_meet_is_one_silence(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 100; i++)
		upstream_silent(state_of(0), 0, i);
	assert_int_equal(probes(SECOND), 1);
}

static void
probes_tell_when_no_server_is_alive(void **state)
{
	bool all;

	(void)state;
	upstream_silent(state_of(0), 0, 0);
	upstream_silent(state_of(2), 0, 0);
	assert_int_equal(upstream_probes(&upstreams, &group, SECOND, &all), 5);
	assert_false(all);
	upstream_silent(state_of(1), 0, 0);
	assert_int_equal(upstream_probes(&upstreams, &group, SECOND, &all), 2);
	assert_true(all);
}

static void
an_unknown_server_has_400_ms_to_answer(void **state)
{
	(void)state;
	assert_int_equal(upstream_rto(state_of(0)), 400 * MS);
}

/* RFC 6298 section 2: SRTT + 4 RTTVAR, which is half the first sample. */
static void
the_time_to_answer_follows_what_was_measured(void **state)
{
	(void)state;
	answers(0, 1, 80);
	assert_int_equal(upstream_rto(state_of(0)), 240 * MS);
	answers(0, 1, 80);
	assert_int_equal(upstream_rto(state_of(0)), 200 * MS);
	answers(0, 1, 160);
	assert_int_equal(upstream_rto(state_of(0)), 260 * MS);
}

static void
the_time_to_answer_has_bounds(void **state)
{
	(void)state;
	answers(0, 30, 1);
	assert_int_equal(upstream_rto(state_of(0)), 100 * MS);
	answers(1, 1, 2000);
	assert_int_equal(upstream_rto(state_of(1)), 1000 * MS);
}

static void
a_silence_does_not_change_the_time_to_answer(void **state)
{
	(void)state;
	answers(0, 1, 80);
	upstream_silent(state_of(0), SECOND, SECOND);
	assert_int_equal(upstream_rto(state_of(0)), 240 * MS);
}

static void
carriers_and_ports_of_an_address_are_known_apart(void **state)
{
	(void)state;
	servers[1] = servers[0];
	servers[1].carrier = CARRIER_TCP;
	servers[2] = servers[0];
	addr_set_port(&servers[2].addr, 54);
	answers(0, 1, 10);
	assert_int_equal(upstream_rto(state_of(1)), 400 * MS);
	assert_int_equal(upstream_rto(state_of(2)), 400 * MS);
	assert_int_not_equal(upstream_fingerprint(&servers[0]),
	    upstream_fingerprint(&servers[1]));
	assert_int_not_equal(upstream_fingerprint(&servers[0]),
	    upstream_fingerprint(&servers[2]));
}

/* Its neighbours come and go; those in its bucket too. */
static void
more_servers_than_places_are_forgotten_not_mixed_up(void **state)
{
	struct upstream_server other = servers[0];

	(void)state;
	for (unsigned i = 0; i < 5 * UPSTREAM_STATES; i++) {
		addr_set_port(&other.addr, (uint16_t)(1000 + i));
		upstream_silent(upstream_state(&upstreams, &other), 0, 0);
		addr_set_port(&other.addr, (uint16_t)(1000 + i / 2));
		upstream_state(&upstreams, &other);
	}
	assert_int_equal(upstreams.count, UPSTREAM_STATES);
	assert_int_equal(pick(0, 0), 0);
}

static void
what_a_server_cannot_do_is_forgotten(void **state)
{
	struct upstream_state *server = state_of(0);

	(void)state;
	assert_true(upstream_can(server, SKILL_EDNS, 0));
	upstream_cannot(server, SKILL_EDNS, UPSTREAM_RUMOUR);
	assert_false(upstream_can(server, SKILL_EDNS, 60 * SECOND - 1));
	assert_true(upstream_can(server, SKILL_EDNS, 60 * SECOND));
	assert_true(upstream_can(server, SKILL_CASE, 0));
}

static void
three_doubts_in_a_row_call_for_tcp(void **state)
{
	struct upstream_state *server = state_of(0);

	(void)state;
	assert_false(upstream_doubted(server, SKILL_CASE, 0));
	assert_false(upstream_doubted(server, SKILL_CASE, 0));
	upstream_trusted(server);
	assert_false(upstream_doubted(server, SKILL_CASE, 0));
	assert_false(upstream_doubted(server, SKILL_CASE, 0));
	assert_true(upstream_can(server, SKILL_UDP, 0));
	assert_true(upstream_doubted(server, SKILL_CASE, 0));
	assert_false(upstream_can(server, SKILL_UDP, 60 * SECOND - 1));
	assert_true(upstream_can(server, SKILL_UDP, 60 * SECOND));
	assert_true(upstream_can(server, SKILL_CASE, 0));
}

static void
without_tcp_they_are_given_in_to(void **state)
{
	struct upstream_state *server = state_of(0);

	(void)state;
	upstream_cannot(server, SKILL_TCP, 10 * SECOND);
	upstream_doubted(server, SKILL_CASE, 0);
	upstream_doubted(server, SKILL_CASE, 0);
	assert_true(upstream_doubted(server, SKILL_CASE, 0));
	assert_true(upstream_can(server, SKILL_UDP, 0));
	assert_false(upstream_can(server, SKILL_CASE, 60 * SECOND - 1));
	assert_true(upstream_can(server, SKILL_CASE, 60 * SECOND));
}

/* Octets that never come twice. */
static void
fill_counting(void *buf, size_t len)
{
	static uint8_t next;
	uint8_t *at = buf;

	for (size_t i = 0; i < len; i++)
		at[i] = next++;
}

static void
each_server_has_a_cookie_of_its_own_and_keeps_it(void **state)
{
	struct rng rng;
	struct cookie first;
	const struct cookie *other;

	(void)state;
	rng_init(&rng, fill_counting);
	first = *upstream_cookie(state_of(0), &rng);
	other = upstream_cookie(state_of(1), &rng);
	assert_memory_not_equal(first.client, other->client, COOKIE_CLIENT);
	assert_memory_equal(first.client,
	    upstream_cookie(state_of(0), &rng)->client, COOKIE_CLIENT);
	assert_int_equal(first.server_len, 0);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_a_server_does_is_summed_up),
	    TEST(unknown_servers_are_asked_in_the_configured_order),
	    TEST(when_all_were_tried_the_round_starts_anew),
	    TEST(a_failed_server_is_not_asked_again),
	    TEST(the_fastest_server_is_asked_first),
	    TEST(one_that_is_not_known_is_tried_before_that),
	    TEST(errors_cost_a_fast_server_its_place),
	    TEST(the_turn_of_a_slower_server_comes),
	    TEST(a_list_keeps_its_order_whatever_is_known),
	    TEST(a_dead_server_is_asked_last_until_it_answers),
	    TEST(of_dead_servers_the_best_is_asked),
	    TEST(a_lost_datagram_does_not_kill_who_answered_since),
	    TEST(probes_come_after_1_2_4_and_at_most_32_seconds),
	    TEST(an_answer_ends_the_probes_and_their_growth),
	    TEST(a_server_that_is_back_starts_afresh),
	    TEST(what_many_questions_meet_is_one_silence),
	    TEST(probes_tell_when_no_server_is_alive),
	    TEST(an_unknown_server_has_400_ms_to_answer),
	    TEST(the_time_to_answer_follows_what_was_measured),
	    TEST(the_time_to_answer_has_bounds),
	    TEST(a_silence_does_not_change_the_time_to_answer),
	    TEST(carriers_and_ports_of_an_address_are_known_apart),
	    TEST(more_servers_than_places_are_forgotten_not_mixed_up),
	    TEST(what_a_server_cannot_do_is_forgotten),
	    TEST(three_doubts_in_a_row_call_for_tcp),
	    TEST(without_tcp_they_are_given_in_to),
	    TEST(each_server_has_a_cookie_of_its_own_and_keeps_it),
	};

	return cmocka_run_group_tests_name("upstream", tests, NULL, NULL);
}
