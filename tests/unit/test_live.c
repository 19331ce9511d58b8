#include "ctl/live.h"

#include <event2/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_writer.h"
#include "ctl/fleet.h"
#include "io/loop.h"

/* Without workers: the test tells in their place. */
static struct fleet fleet;
static struct event_base *base;
static struct tap tap;
static struct live live;

static int
setup(void **state)
{
	(void)state;
	fleet = (struct fleet){.count = 0};
	base = loop_new();
	assert_non_null(base);
	tap_start(&tap, &fleet, base);
	live_start(&live, &tap, base);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	live_stop(&live);
	tap_stop(&tap);
	event_base_free(base);
	return 0;
}

/* A query without a question, told apart by its latency in microseconds. */
static void
tell(unsigned us)
{
	struct qlog_record record = {.latency = us * UINT64_C(1000)};

	for (struct tap_reader *r = tap.readers; r != NULL; r = r->next)
		r->read(r->context, &record, NULL);
}

static void
tell_many(unsigned from, unsigned count)
{
	for (unsigned i = from; i < from + count; i++)
		tell(i);
}

static char *
json(uint64_t since)
{
	static char *text;
	static size_t len;
	FILE *out = open_memstream(&text, &len);
	struct json_writer writer;

	assert_non_null(out);
	json_writer_init(&writer, out);
	json_writer_object(&writer, NULL);
	live_json(&live, since, &writer);
	json_writer_end(&writer);
	fclose(out);
	return text;
}

/* Which queries are told: how many, and the latency of the first. */
static void
tells(uint64_t since, const char *head, unsigned count, const char *first)
{
	char *text = json(since);
	const char *at = strstr(text, "\"latency_us\": ");
	unsigned told = 0;

	assert_int_equal(strncmp(text, head, strlen(head)), 0);
	if (first != NULL)
		assert_ptr_equal(strstr(at, first), strchr(at, ' ') + 1);
	for (; at != NULL; at = strstr(at + 1, "\"latency_us\": "))
		told++;
	assert_int_equal(told, count);
	free(text);
}

static void
it_reads_along_only_while_somebody_looks(void **state)
{
	(void)state;
	assert_null(tap.readers);
	live_watch(&live);
	assert_ptr_equal(tap.readers, &live.reader);
	live_watch(&live);
	assert_null(tap.readers->next);
	event_active(&live.timer, EV_TIMEOUT, 0);
	event_base_loop(base, EVLOOP_NONBLOCK);
	assert_null(tap.readers);
	live_watch(&live);
	assert_non_null(tap.readers);
}

static void
stopping_leaves_the_tap(void **state)
{
	(void)state;
	live_watch(&live);
	live_stop(&live);
	assert_null(tap.readers);
	live_stop(&live);
}

static void
without_queries_there_are_none(void **state)
{
	(void)state;
	tells(0,
	    "{\n  \"last\": 0,\n  \"missed\": 0,\n  \"dropped\": 0,\n"
	    "  \"queries\": []\n}\n",
	    0, NULL);
}

static void
it_tells_what_came_after_a_number(void **state)
{
	(void)state;
	live_watch(&live);
	tell_many(1, 5);
	tells(0, "{\n  \"last\": 5,\n  \"missed\": 0,", 5, "1\n");
	tells(3, "{\n  \"last\": 5,\n  \"missed\": 0,", 2, "4\n");
	tells(5, "{\n  \"last\": 5,\n  \"missed\": 0,", 0, NULL);
}

static void
the_oldest_give_way_and_are_missed(void **state)
{
	(void)state;
	live_watch(&live);
	tell_many(1, LIVE_ENTRIES + 3);
	tells(0, "{\n  \"last\": 203,\n  \"missed\": 3,", LIVE_ENTRIES, "4\n");
	tells(2, "{\n  \"last\": 203,\n  \"missed\": 1,", LIVE_ENTRIES, "4\n");
	tells(3, "{\n  \"last\": 203,\n  \"missed\": 0,", LIVE_ENTRIES, "4\n");
}

static void
a_number_of_an_earlier_daemon_is_none(void **state)
{
	(void)state;
	live_watch(&live);
	tell_many(1, 2);
	tells(1000, "{\n  \"last\": 2,\n  \"missed\": 0,", 2, "1\n");
}

/* Nor does it take the place of the oldest. */
static void
what_the_daemon_asks_for_itself_is_not_told(void **state)
{
	struct qlog_record record = {.own = true};

	(void)state;
	live_watch(&live);
	tell_many(1, LIVE_ENTRIES);
	live.reader.read(live.reader.context, &record, NULL);
	tells(0, "{\n  \"last\": 200,\n  \"missed\": 0,", LIVE_ENTRIES, "1\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		it_reads_along_only_while_somebody_looks, setup, teardown),
	    cmocka_unit_test_setup_teardown(stopping_leaves_the_tap, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(without_queries_there_are_none,
		setup, teardown),
	    cmocka_unit_test_setup_teardown(it_tells_what_came_after_a_number,
		setup, teardown),
	    cmocka_unit_test_setup_teardown(the_oldest_give_way_and_are_missed,
		setup, teardown),
	    cmocka_unit_test_setup_teardown(
		a_number_of_an_earlier_daemon_is_none, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		what_the_daemon_asks_for_itself_is_not_told, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
