#include "ctl/control_request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct control_argument nothing[] = {{.name = NULL}};
static const struct control_argument of_flush[] = {
    {"name", CONTROL_TEXT},
    {"tree", CONTROL_FLAG},
    {"count", CONTROL_NUMBER},
    {.name = NULL},
};

static const struct control_command rows[] = {
    {.name = "cache", .arguments = nothing},
    {.name = "flush", .arguments = of_flush},
};

static const struct control_commands commands = {.rows = rows, .count = 2};

static struct control_request request;
static char error[CONTROL_ERROR];

static bool
read_octets(const char *line, size_t len)
{
	error[0] = '\0';
	return control_request_read(&request, &commands, line, len, error);
}

static bool
read_line(const char *line)
{
	return read_octets(line, strlen(line));
}

static int
tear_down(void **state)
{
	(void)state;
	control_request_fini(&request);
	return 0;
}

static void
a_command_is_found_with_its_arguments(void **state)
{
	(void)state;
	assert_true(read_line("{\"name\": \"a\\u0062c\", \"tree\": true, "
			      "\"command\": \"flush\"}"));
	assert_string_equal(request.command->name, "flush");
	assert_string_equal(control_request_text(&request, "name"), "abc");
	assert_true(control_request_flag(&request, "tree"));
}

static void
what_is_not_said_is_not_meant(void **state)
{
	uint64_t number = 7;

	(void)state;
	assert_true(read_line("{\"command\": \"flush\", \"tree\": false}"));
	assert_null(control_request_text(&request, "name"));
	assert_false(control_request_flag(&request, "tree"));
	assert_false(control_request_number(&request, "count", &number));
	assert_int_equal(number, 7);
}

static void
an_unknown_command_is_told_with_the_nearest(void **state)
{
	(void)state;
	assert_false(read_line("{\"command\": \"flsh\"}"));
	assert_string_equal(error,
	    "there is no command 'flsh' (did you mean 'flush'?)");
}

static void
a_command_takes_its_own_arguments_only(void **state)
{
	(void)state;
	assert_false(read_line("{\"command\": \"cache\", \"name\": \"a\"}"));
	assert_string_equal(error, "there is no argument 'name'");
}

static void
a_mistyped_argument_is_told_with_the_nearest(void **state)
{
	(void)state;
	assert_false(read_line("{\"command\": \"flush\", \"nmae\": \"a\"}"));
	assert_string_equal(error,
	    "there is no argument 'nmae' (did you mean 'name'?)");
}

static void
a_flag_is_true_or_false(void **state)
{
	(void)state;
	assert_false(read_line("{\"command\": \"flush\", \"tree\": 1}"));
	assert_string_equal(error, "'tree' must be true or false");
}

static void
a_text_in_place_of_a_flag_is_none(void **state)
{
	(void)state;
	assert_false(read_line("{\"command\": \"flush\", \"tree\": \"true\"}"));
	assert_string_equal(error, "'tree' must be true or false");
}

static void
a_name_is_a_text(void **state)
{
	(void)state;
	assert_false(read_line("{\"command\": \"flush\", \"name\": [\"a\"]}"));
	assert_string_equal(error, "'name' must be a text");
}

static void
a_number_is_read_up_to_its_largest(void **state)
{
	uint64_t number = 0;

	(void)state;
	assert_true(read_line("{\"command\": \"flush\", \"count\": "
			      "18446744073709551615}"));
	assert_true(control_request_number(&request, "count", &number));
	assert_true(number == UINT64_MAX);
}

static void
a_larger_number_is_none(void **state)
{
	(void)state;
	assert_false(read_line("{\"command\": \"flush\", \"count\": "
			       "18446744073709551616}"));
	assert_string_equal(error, "'count' must be a whole number");
}

static void
a_number_is_whole(void **state)
{
	(void)state;
	assert_false(read_line("{\"command\": \"flush\", \"count\": 1e3}"));
	assert_string_equal(error, "'count' must be a whole number");
}

static void
a_number_is_not_negative(void **state)
{
	(void)state;
	assert_false(read_line("{\"command\": \"flush\", \"count\": -1}"));
	assert_string_equal(error, "'count' must be a whole number");
}

static void
a_word_is_no_number(void **state)
{
	(void)state;
	assert_false(read_line("{\"command\": \"flush\", \"count\": null}"));
	assert_string_equal(error, "'count' must be a whole number");
}

static void
a_request_names_a_command(void **state)
{
	(void)state;
	assert_false(read_line("{\"name\": \"a\"}"));
	assert_string_equal(error, "the request names no command");
}

static void
a_request_is_an_object(void **state)
{
	(void)state;
	assert_false(read_line("[\"cache\"]"));
	assert_string_equal(error, "the request is not a JSON object");
}

static void
a_zero_octet_does_not_end_a_request(void **state)
{
	static const char line[] = "{\"command\": \"cache\"}\0junk";

	(void)state;
	assert_false(read_octets(line, sizeof(line) - 1));
	assert_string_equal(error, "the request is not a JSON object");
}

static void
control_octets_do_not_reach_a_message(void **state)
{
	(void)state;
	assert_false(read_line("{\"command\": \"\\u001b[31m\"}"));
	assert_string_equal(error, "there is no command '\\x1b[31m'");
}

static void
a_request_is_told_in_a_line(void **state)
{
	char text[64];

	(void)state;
	assert_true(read_line("{\"command\": \"flush\", \"name\": \"a.test\", "
			      "\"count\": 3, \"tree\": true}"));
	assert_string_equal(control_request_describe(&request, text,
				sizeof(text)),
	    "flush, name a.test, tree, count 3");
}

#define TEST(name) cmocka_unit_test_teardown(name, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_command_is_found_with_its_arguments),
	    TEST(what_is_not_said_is_not_meant),
	    TEST(an_unknown_command_is_told_with_the_nearest),
	    TEST(a_command_takes_its_own_arguments_only),
	    TEST(a_mistyped_argument_is_told_with_the_nearest),
	    TEST(a_flag_is_true_or_false),
	    TEST(a_text_in_place_of_a_flag_is_none),
	    TEST(a_name_is_a_text),
	    TEST(a_number_is_read_up_to_its_largest),
	    TEST(a_larger_number_is_none),
	    TEST(a_number_is_whole),
	    TEST(a_number_is_not_negative),
	    TEST(a_word_is_no_number),
	    TEST(a_request_names_a_command),
	    TEST(a_request_is_an_object),
	    TEST(a_zero_octet_does_not_end_a_request),
	    TEST(control_octets_do_not_reach_a_message),
	    TEST(a_request_is_told_in_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
