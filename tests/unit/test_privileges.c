#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ctl/privileges.h"

static struct diag diag;

static int
set_up(void **state)
{
	(void)state;
	diag_init(&diag);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	diag_fini(&diag);
	return 0;
}

static void
a_user_that_does_not_exist_is_an_error_at_its_place(void **state)
{
	const struct model_text user = {
	    .text = "no-such-user",
	    .mark = {.file = "t.yaml", .line = 2, .column = 7},
	};
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	assert_non_null(out);
	assert_false(privileges_check(&user, &diag));
	diag_print(&diag, out);
	fclose(out);
	assert_string_equal(text,
	    "t.yaml:2:7: error: there is no user 'no-such-user' on this host "
	    "to run as\n");
	free(text);
}

static void
a_user_that_exists_or_is_not_given_is_taken(void **state)
{
	const struct model_text root = {.text = "root"};
	const struct model_text none = {.text = NULL};

	(void)state;
	assert_true(privileges_check(&root, &diag));
	assert_true(privileges_check(&none, &diag));
	assert_int_equal(diag.errors, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_user_that_does_not_exist_is_an_error_at_its_place),
	    TEST(a_user_that_exists_or_is_not_given_is_taken),
	};

	return cmocka_run_group_tests_name("privileges", tests, NULL, NULL);
}
