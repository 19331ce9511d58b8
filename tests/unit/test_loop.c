#include "core/loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/addr.h"
#include "core/upstream.h"

#define SECOND UINT64_C(1000000000)

static struct loop_marks marks;
static struct upstream_server server;
static const struct hash_key key = {.k0 = 1, .k1 = 2};

static int
setup(void **state)
{
	(void)state;
	loop_init(&marks, &key);
	memset(&server, 0, sizeof(server));
	assert_true(addr_parse("127.0.0.53", 53, &server.addr));
	return 0;
}

static bool
is_near(const char *text)
{
	struct addr addr;

	assert_true(addr_parse(text, 53, &addr));
	return loop_is_near(&addr);
}

static void
addresses_of_this_machine_and_its_networks_are_near(void **state)
{
	(void)state;
	assert_true(is_near("127.0.0.53"));
	assert_true(is_near("10.1.2.3"));
	assert_true(is_near("172.31.255.255"));
	assert_true(is_near("192.168.0.1"));
	assert_true(is_near("169.254.1.1"));
	assert_true(is_near("::1"));
	assert_true(is_near("fd00::1"));
	assert_true(is_near("fe80::1"));
	assert_true(is_near("::ffff:127.0.0.53"));
}

static void
others_and_the_metadata_server_are_not(void **state)
{
	(void)state;
	assert_false(is_near("169.254.169.254"));
	assert_false(is_near("8.8.8.8"));
	assert_false(is_near("172.32.0.1"));
	assert_false(is_near("2001:4860:4860::8888"));
}

static void
a_question_that_comes_back_marks_its_server(void **state)
{
	struct question question;
	struct upstream_server other = server;

	(void)state;
	addr_set_port(&other.addr, 54);
	loop_ask(&marks, &server, SECOND, &question);
	assert_false(loop_leads_back(&marks, &server, SECOND));
	assert_true(loop_came(&marks, &question, 2 * SECOND));
	assert_true(loop_leads_back(&marks, &server, 2 * SECOND));
	assert_false(loop_leads_back(&marks, &other, 2 * SECOND));
	assert_true(loop_leads_back(&marks, &server, 302 * SECOND - 1));
	assert_false(loop_leads_back(&marks, &server, 302 * SECOND));
}

static void
letter_case_may_change_on_the_way(void **state)
{
	struct question question;

	(void)state;
	loop_ask(&marks, &server, SECOND, &question);
	for (size_t i = 0; i < question.name.len; i++) {
		if (question.name.wire[i] >= 'a')
			question.name.wire[i] ^= 0x20;
	}
	assert_true(loop_came(&marks, &question, SECOND));
}

static void
a_question_is_good_for_five_seconds(void **state)
{
	struct question question;

	(void)state;
	loop_ask(&marks, &server, SECOND, &question);
	assert_false(loop_came(&marks, &question, 7 * SECOND));
	assert_true(loop_came(&marks, &question, 6 * SECOND));
}

static void
no_digit_can_be_changed(void **state)
{
	struct question question;

	(void)state;
	loop_ask(&marks, &server, SECOND, &question);
	for (size_t i = 1; i <= 32; i++) {
		struct question forged = question;

		forged.name.wire[i] = question.name.wire[i] == '0' ? '1' : '0';
		assert_false(loop_came(&marks, &forged, SECOND));
	}
}

static void
another_process_knows_nothing_of_it(void **state)
{
	static const struct hash_key other = {.k0 = 1, .k1 = 3};
	struct question question;

	(void)state;
	loop_ask(&marks, &server, SECOND, &question);
	loop_init(&marks, &other);
	assert_false(loop_came(&marks, &question, SECOND));
}

static void
names_of_another_form_are_somebody_elses(void **state)
{
	struct question question;

	(void)state;
	loop_ask(&marks, &server, SECOND, &question);
	question.name.wire[5] = 'g';
	assert_false(loop_came(&marks, &question, SECOND));
	assert_int_equal(name_from_text(&question.name, "a.resolverd."),
	    NAME_OK);
	assert_false(loop_came(&marks, &question, SECOND));
	assert_int_equal(name_from_text(&question.name,
			     "0123456789abcdef0123456789abcdef.resolvere."),
	    NAME_OK);
	assert_false(loop_came(&marks, &question, SECOND));
}

/* Each of them takes a place; what finds none is merely not remembered. */
static void
old_marks_make_room_for_new_ones(void **state)
{
	struct question question;
	unsigned known = 0;

	(void)state;
	for (unsigned i = 0; i < 20 * LOOP_MARKS; i++) {
		addr_set_port(&server.addr, (uint16_t)(1000 + i));
		loop_ask(&marks, &server, SECOND, &question);
		assert_true(loop_came(&marks, &question, SECOND));
		known += loop_leads_back(&marks, &server, SECOND);
	}
	assert_in_range(known, LOOP_MARKS / 2, LOOP_MARKS);
	loop_ask(&marks, &server, 302 * SECOND, &question);
	assert_true(loop_came(&marks, &question, 302 * SECOND));
	assert_true(loop_leads_back(&marks, &server, 302 * SECOND));
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(addresses_of_this_machine_and_its_networks_are_near),
	    TEST(others_and_the_metadata_server_are_not),
	    TEST(a_question_that_comes_back_marks_its_server),
	    TEST(letter_case_may_change_on_the_way),
	    TEST(a_question_is_good_for_five_seconds),
	    TEST(no_digit_can_be_changed),
	    TEST(another_process_knows_nothing_of_it),
	    TEST(names_of_another_form_are_somebody_elses),
	    TEST(old_marks_make_room_for_new_ones),
	};

	return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
