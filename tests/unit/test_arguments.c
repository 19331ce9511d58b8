#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/arguments.h"

enum { WORDS = 64, USAGE = 4096 };

/* Parses words separated by single spaces, none of them empty. */
static bool
parse(struct arguments *arguments, char *line)
{
	char *words[WORDS] = {0};
	int count = 0;

	for (char *word = strtok(line, " "); word != NULL;
	     word = strtok(NULL, " "))
		words[count++] = word;
	return arguments_parse(arguments, count, words);
}

static void
letters_can_stand_together(void **state)
{
	char line[] = "resolverd -tvv -c x.yaml";
	struct arguments arguments;

	(void)state;
	assert_true(parse(&arguments, line));
	assert_true(arguments.check);
	assert_int_equal(arguments.verbosity, 2);
	assert_string_equal(arguments.config, "x.yaml");
	assert_false(arguments.foreground);
}

static void
listeners_and_servers_add_up(void **state)
{
	char line[] = "resolverd -l 127.0.0.1:5353 -l [::1]:5353 -u 10.0.0.2 "
		      "-m psc=10.10.10.10";
	struct arguments arguments;

	(void)state;
	assert_true(parse(&arguments, line));
	assert_int_equal(arguments.overrides.listen_count, 2);
	assert_string_equal(arguments.overrides.listen[1], "[::1]:5353");
	assert_int_equal(arguments.overrides.upstream_count, 1);
	assert_string_equal(arguments.overrides.upstreams[0], "10.0.0.2");
	assert_string_equal(arguments.overrides.mode, "psc=10.10.10.10");
}

static void
too_many_listeners_are_refused(void **state)
{
	char line[] = "resolverd -l a -l a -l a -l a -l a -l a -l a -l a "
		      "-l a -l a -l a -l a -l a -l a -l a -l a -l a";
	struct arguments arguments;

	(void)state;
	assert_false(parse(&arguments, line));
}

static void
an_unknown_letter_is_refused(void **state)
{
	char line[] = "resolverd -Q";
	struct arguments arguments;

	(void)state;
	assert_false(parse(&arguments, line));
}

static void
a_missing_value_is_refused(void **state)
{
	char line[] = "resolverd -c";
	struct arguments arguments;

	(void)state;
	assert_false(parse(&arguments, line));
}

static void
a_stray_word_is_refused(void **state)
{
	char line[] = "resolverd run.app";
	struct arguments arguments;

	(void)state;
	assert_false(parse(&arguments, line));
}

static void
debug_is_another_word_for_foreground(void **state)
{
	char line[] = "resolverd -d";
	struct arguments arguments;

	(void)state;
	assert_true(parse(&arguments, line));
	assert_true(arguments.foreground);
}

static void
the_usage_names_every_letter(void **state)
{
	char usage[USAGE] = "";
	FILE *out = fmemopen(usage, sizeof(usage), "w");

	(void)state;
	arguments_print_usage(out);
	fclose(out);
	assert_non_null(strstr(usage, "  -c FILE"));
	assert_non_null(strstr(usage, "  -l ADDR[:PORT]"));
	assert_non_null(strstr(usage, "  -V "));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(letters_can_stand_together),
	    cmocka_unit_test(listeners_and_servers_add_up),
	    cmocka_unit_test(too_many_listeners_are_refused),
	    cmocka_unit_test(an_unknown_letter_is_refused),
	    cmocka_unit_test(a_missing_value_is_refused),
	    cmocka_unit_test(a_stray_word_is_refused),
	    cmocka_unit_test(debug_is_another_word_for_foreground),
	    cmocka_unit_test(the_usage_names_every_letter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
