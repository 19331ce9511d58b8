#include "ctl/tail_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/diag.h"
#include "config/json.h"
#include "ctl/clock_text.h"
#include "ctl/figures.h"

enum { BLOCK = 4096 };

static int
setup(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	return 0;
}

/* What is printed of an entry. */
static void
prints(const char *json, enum tail_line_style style, const char *expected)
{
	static char *text;
	static size_t len;
	FILE *out = open_memstream(&text, &len);
	struct arena arena;
	struct diag diag;
	const struct node *entry;

	assert_non_null(out);
	arena_init_heap(&arena, BLOCK);
	diag_init(&diag);
	entry = json_load(
	    &(struct yaml_text){
		.path = "entry",
		.text = json,
		.len = strlen(json),
	    },
	    NULL, &arena, &diag);
	assert_non_null(entry);
	tail_line_print(entry, style, out);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
	diag_fini(&diag);
	arena_fini(&arena);
}

static void
line_has_all_there_is_to_know(void **state)
{
	(void)state;
	prints("{\"time\": \"2026-11-25T02:10:01.123456Z\","
	       " \"client\": \"127.0.0.1\", \"name\": \"x.a.run.app.\","
	       " \"type\": \"A\", \"rcode\": \"NOERROR\", \"source\": \"rule\","
	       " \"rule\": \"run-all\", \"ttl\": 300, \"latency_us\": 12}",
	    TAIL_LINE_PLAIN,
	    "02:10:01.123 127.0.0.1       x.a.run.app.                   A     "
	    "NOERROR  rule:run-all         300s   12 us\n");
}

static void
what_is_missing_is_a_dash(void **state)
{
	(void)state;
	prints("{\"client\": \"2001:db8::1\", \"rcode\": \"FORMERR\","
	       " \"source\": \"special\", \"latency_us\": 5000000}",
	    TAIL_LINE_PLAIN,
	    "--:--:--.--- 2001:db8::1     -                              -     "
	    "FORMERR  special                 -   5.0 s\n");
}

static void
server_is_told_without_the_usual_port(void **state)
{
	(void)state;
	prints("{\"name\": \"a.\", \"source\": \"upstream\","
	       " \"server\": \"192.0.2.53:53\"}",
	    TAIL_LINE_PLAIN,
	    "--:--:--.--- -               a.                             -     "
	    "-        upstream:192.0.2.53      -    0 us\n");
	prints("{\"name\": \"a.\", \"source\": \"upstream\","
	       " \"server\": \"192.0.2.53:853\"}",
	    TAIL_LINE_PLAIN,
	    "--:--:--.--- -               a.                             -     "
	    "-        upstream:192.0.2.53:853      -    0 us\n");
}

static void
zone_is_told_of_an_answer_from_one(void **state)
{
	(void)state;
	prints("{\"name\": \"a.\", \"source\": \"zone\", \"target\": \"corp\","
	       " \"server\": \"192.0.2.53:53\"}",
	    TAIL_LINE_PLAIN,
	    "--:--:--.--- -               a.                             -     "
	    "-        zone:corp               -    0 us\n");
}

static void
reason_comes_last_and_cannot_rule_a_terminal(void **state)
{
	(void)state;
	prints("{\"name\": \"a.\", \"source\": \"error\","
	       " \"extended_error\": {\"code\": 22,"
	       " \"text\": \"no \\u001b[2J answer \\u202e\"}}",
	    TAIL_LINE_PLAIN,
	    "--:--:--.--- -               a.                             -     "
	    "-        error                   -    0 us  no \\027[2J answer "
	    "\\226\\128\\174\n");
}

static void
colours_tell_source_and_outcome(void **state)
{
	(void)state;
	prints("{\"name\": \"a.\", \"rcode\": \"SERVFAIL\","
	       " \"source\": \"error\"}",
	    TAIL_LINE_COLOUR,
	    "--:--:--.--- -               a.                             -     "
	    "\033[0;31mSERVFAIL \033[0m\033[0;31merror              \033[0m"
	    "     -    0 us\n");
	prints("{\"name\": \"a.\", \"rcode\": \"NOERROR\","
	       " \"source\": \"cache\"}",
	    TAIL_LINE_COLOUR,
	    "--:--:--.--- -               a.                             -     "
	    "NOERROR  \033[0;36mcache              \033[0m     -    0 us\n");
}

static void
clock_is(const char *date, const char *expected)
{
	char text[CLOCK_TEXT];

	assert_string_equal(clock_text(date, text), expected);
}

static void
clock_is_that_of_the_place(void **state)
{
	(void)state;
	clock_is("2026-11-25T02:10:01.123456Z", "02:10:01.123");
	clock_is("2026-11-25T02:10:01Z", "02:10:01.000");
	clock_is("soon", "--:--:--.---");
	setenv("TZ", "<+0530>-5:30", 1);
	tzset();
	clock_is("2026-11-25T20:10:01.5Z", "01:40:01.500");
}

static void
count_is(uint64_t number, const char *expected)
{
	char text[FIGURES_TEXT];

	assert_string_equal(figures_count(number, text), expected);
}

static void
time_is(uint64_t us, const char *expected)
{
	char text[FIGURES_TEXT];

	assert_string_equal(figures_time(us, text), expected);
}

static void
figures_are_short(void **state)
{
	(void)state;
	count_is(0, "0");
	count_is(999, "999");
	count_is(1000, "1,000");
	count_is(9999999, "9,999,999");
	count_is(10000000, "10.0M");
	count_is(12345678901, "12.3G");
	count_is(UINT64_MAX, "18.4E");
	time_is(0, "0 us");
	time_is(999, "999 us");
	time_is(1000, "1.0 ms");
	time_is(9999, "9.9 ms");
	time_is(10000, "10 ms");
	time_is(999999, "999 ms");
	time_is(5120345, "5.1 s");
	time_is(3600000000, "3600 s");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(line_has_all_there_is_to_know, setup),
	    cmocka_unit_test_setup(what_is_missing_is_a_dash, setup),
	    cmocka_unit_test_setup(server_is_told_without_the_usual_port,
		setup),
	    cmocka_unit_test_setup(zone_is_told_of_an_answer_from_one, setup),
	    cmocka_unit_test_setup(reason_comes_last_and_cannot_rule_a_terminal,
		setup),
	    cmocka_unit_test_setup(colours_tell_source_and_outcome, setup),
	    cmocka_unit_test_setup(clock_is_that_of_the_place, setup),
	    cmocka_unit_test(figures_are_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
