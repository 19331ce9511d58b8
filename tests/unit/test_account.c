#include "core/account.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/policy.h"
#include "core/query.h"

static struct query query;
static uint8_t reply[HEADER_SIZE];

static const struct network producer = {.name = "producer", .logging = true};
static const struct network last = {.name = "last"};
static const struct network consumer = {
    .name = "consumer",
    .server_policy = "to-corp",
};

static int
setup(void **state)
{
	(void)state;
	query_reset(&query);
	query.out = reply;
	reply[3] = RCODE_NOERROR;
	query.view.network = &consumer;
	query.claim.made = true;
	query.claim.source = SOURCE_PUBLIC;
	return 0;
}

static void
who_took_longest_is_the_origin(void **state)
{
	(void)state;
	account_note(&query, ORIGIN_RULE);
	assert_int_equal(account_origin(&query), ORIGIN_RULE);
	account_note(&query, ORIGIN_ZONE);
	assert_int_equal(account_origin(&query), ORIGIN_ZONE);
	account_note(&query, ORIGIN_CACHE);
	assert_int_equal(account_origin(&query), ORIGIN_CACHE);
	account_note(&query, ORIGIN_UPSTREAM);
	account_note(&query, ORIGIN_ZONE);
	assert_int_equal(account_origin(&query), ORIGIN_UPSTREAM);
	account_note(&query, ORIGIN_STALE);
	assert_int_equal(account_origin(&query), ORIGIN_STALE);
	account_note(&query, ORIGIN_ERROR);
	assert_int_equal(account_origin(&query), ORIGIN_ERROR);
}

static void
nobody_noted_is_special_or_an_error(void **state)
{
	(void)state;
	assert_int_equal(account_origin(&query), ORIGIN_SPECIAL);
	reply[3] = RCODE_REFUSED;
	query.answer.rcode = RCODE_REFUSED;
	assert_int_equal(account_origin(&query), ORIGIN_ERROR);
}

static void
a_server_s_own_error_is_the_server_s(void **state)
{
	(void)state;
	account_note(&query, ORIGIN_UPSTREAM);
	reply[3] = RCODE_REFUSED;
	query.answer.rcode = RCODE_REFUSED;
	assert_int_equal(account_origin(&query), ORIGIN_UPSTREAM);
}

static void
an_answer_that_could_not_be_written_is_an_error(void **state)
{
	(void)state;
	account_note(&query, ORIGIN_ZONE);
	reply[3] = RCODE_SERVFAIL;
	assert_int_equal(account_origin(&query), ORIGIN_ERROR);
	assert_int_equal(account_rcode(&query), RCODE_SERVFAIL);
}

static void
an_rcode_that_needs_edns_is_whole(void **state)
{
	(void)state;
	query.answer.rcode = RCODE_BADVERS;
	assert_int_equal(account_rcode(&query), RCODE_BADVERS);
}

static void
expect_target(enum target_type target, const char *name)
{
	const struct account_side side = account_side(&query, 0);

	assert_int_equal(account_sides(&query), 1);
	assert_int_equal(side.target, target);
	assert_string_equal(side.target_name, name);
	assert_string_equal(side.network, "consumer");
}

static void
a_zone_is_named_by_its_kind(void **state)
{
	static struct zone zone = {.name = "z", .kind = ZONE_PRIVATE};

	(void)state;
	query.claim.zone = &zone;
	expect_target(TARGET_PRIVATE_ZONE, "z");
	zone.kind = ZONE_FORWARDING;
	expect_target(TARGET_FORWARDING_ZONE, "z");
	zone.kind = ZONE_INTERNAL;
	expect_target(TARGET_INTERNAL, "z");
}

static void
public_names_and_alternative_servers_have_no_zone(void **state)
{
	(void)state;
	expect_target(TARGET_EXTERNAL, "");
	query.claim.source = SOURCE_SERVERS;
	expect_target(TARGET_FORWARDING_POLICY, "to-corp");
}

static void
a_rule_is_named_twice(void **state)
{
	static const struct rule rule = {.name = "run-all"};

	(void)state;
	query.claim.rule = &rule;
	expect_target(TARGET_RESPONSE_POLICY, "run-all");
	assert_string_equal(account_side(&query, 0).rule, "run-all");
}

static void
what_was_turned_down_has_no_target(void **state)
{
	(void)state;
	query.claim.made = false;
	expect_target(TARGET_NONE, "");
}

static void
each_network_on_the_way_sees_what_it_led_to(void **state)
{
	static const struct zone near = {
	    .name = "near",
	    .kind = ZONE_PEERING,
	    .peer = &producer,
	};
	static const struct zone far = {
	    .name = "far",
	    .kind = ZONE_PEERING,
	    .peer = &last,
	};
	static const struct zone zone = {.name = "z", .kind = ZONE_PRIVATE};

	(void)state;
	query.claim.via[0] = &near;
	query.claim.via[1] = &far;
	query.claim.zone = &zone;
	assert_int_equal(account_sides(&query), 3);
	assert_string_equal(account_side(&query, 0).network, "consumer");
	assert_int_equal(account_side(&query, 0).target, TARGET_PEERING_ZONE);
	assert_string_equal(account_side(&query, 0).target_name, "near");
	assert_string_equal(account_side(&query, 1).network, "producer");
	assert_true(account_side(&query, 1).logs);
	assert_int_equal(account_side(&query, 1).target, TARGET_PEERING_ZONE);
	assert_string_equal(account_side(&query, 1).target_name, "far");
	assert_string_equal(account_side(&query, 2).network, "last");
	assert_false(account_side(&query, 2).logs);
	assert_int_equal(account_side(&query, 2).target, TARGET_PRIVATE_ZONE);
	assert_string_equal(account_side(&query, 2).target_name, "z");
}

static void
the_server_is_who_answered_or_was_asked_last(void **state)
{
	(void)state;
	account_note(&query, ORIGIN_CACHE);
	query.answered = &query.sent[0];
	assert_null(account_server(&query));
	account_note(&query, ORIGIN_UPSTREAM);
	assert_ptr_equal(account_server(&query), &query.sent[0]);
	query.answered = NULL;
	assert_null(account_server(&query));
	account_note(&query, ORIGIN_ERROR);
	assert_null(account_server(&query));
	query.attempts = 2;
	query.ask = 1;
	assert_ptr_equal(account_server(&query), &query.sent[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(who_took_longest_is_the_origin, setup),
	    cmocka_unit_test_setup(nobody_noted_is_special_or_an_error, setup),
	    cmocka_unit_test_setup(a_server_s_own_error_is_the_server_s, setup),
	    cmocka_unit_test_setup(
		an_answer_that_could_not_be_written_is_an_error, setup),
	    cmocka_unit_test_setup(an_rcode_that_needs_edns_is_whole, setup),
	    cmocka_unit_test_setup(a_zone_is_named_by_its_kind, setup),
	    cmocka_unit_test_setup(
		public_names_and_alternative_servers_have_no_zone, setup),
	    cmocka_unit_test_setup(a_rule_is_named_twice, setup),
	    cmocka_unit_test_setup(what_was_turned_down_has_no_target, setup),
	    cmocka_unit_test_setup(each_network_on_the_way_sees_what_it_led_to,
		setup),
	    cmocka_unit_test_setup(the_server_is_who_answered_or_was_asked_last,
		setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
