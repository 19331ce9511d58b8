#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/answerer.h"

/* Who answers, if a process of that name has the port. */
static enum answerer
judged(const char *name, bool says_so)
{
	struct port_owner owner = {.pid = 7};

	snprintf(owner.name, sizeof(owner.name), "%s", name);
	return answerer_judge(says_so, &owner);
}

static void
resolverd_is_known_by_its_process(void **state)
{
	(void)state;
	assert_int_equal(judged("resolverd", false), ANSWERER_RESOLVERD);
	assert_int_equal(judged("resolverd-1.2", false), ANSWERER_RESOLVERD);
}

/* It may but pass on what the resolverd behind it has said. */
static void
another_process_is_a_stranger_whatever_comes_from_it(void **state)
{
	(void)state;
	assert_int_equal(judged("dnsmasq", true), ANSWERER_STRANGER);
	assert_int_equal(judged("unbound", false), ANSWERER_STRANGER);
}

static void
behind_a_proxy_the_answer_decides(void **state)
{
	const struct port_owner manager = {
	    .pid = 1,
	    .name = "systemd",
	    .handed = true,
	};
	const struct port_owner handed = {
	    .pid = 7,
	    .name = "unbound",
	    .handed = true,
	};

	(void)state;
	assert_int_equal(judged("docker-proxy", true), ANSWERER_RESOLVERD);
	assert_int_equal(judged("docker-proxy", false), ANSWERER_UNKNOWN);
	assert_int_equal(judged("conmon", true), ANSWERER_RESOLVERD);
	assert_int_equal(answerer_judge(true, &manager), ANSWERER_RESOLVERD);
	assert_int_equal(answerer_judge(false, &manager), ANSWERER_UNKNOWN);
	assert_int_equal(answerer_judge(true, &handed), ANSWERER_STRANGER);
}

static void
where_nobody_is_seen_the_answer_decides(void **state)
{
	(void)state;
	assert_int_equal(answerer_judge(true, NULL), ANSWERER_RESOLVERD);
	assert_int_equal(answerer_judge(false, NULL), ANSWERER_UNKNOWN);
}

static void
only_one_answer_says_it(void **state)
{
	const struct stub_reply said = {
	    .outcome = STUB_ANSWERED,
	    .response =
		{
		    .rcode = RCODE_REFUSED,
		    .ede = EDE_NOT_SUPPORTED,
		    .ede_text = "resolverd",
		},
	};
	struct stub_reply other = said;

	(void)state;
	assert_true(answerer_says_so(&said));
	other.response.ede_text = "";
	assert_false(answerer_says_so(&other));
	other.response.ede_text = NULL;
	assert_false(answerer_says_so(&other));
	other = said;
	other.response.ede = EDE_NONE;
	assert_false(answerer_says_so(&other));
	other = said;
	other.response.rcode = RCODE_NOERROR;
	assert_false(answerer_says_so(&other));
	other = said;
	other.outcome = STUB_BROKEN;
	assert_false(answerer_says_so(&other));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(resolverd_is_known_by_its_process),
	    cmocka_unit_test(
		another_process_is_a_stranger_whatever_comes_from_it),
	    cmocka_unit_test(behind_a_proxy_the_answer_decides),
	    cmocka_unit_test(where_nobody_is_seen_the_answer_decides),
	    cmocka_unit_test(only_one_answer_says_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
