#include "ctl/query_log.h"

#include <event2/event.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/counters.h"
#include "ctl/fleet.h"
#include "ctl/tap.h"
#include "io/loop.h"
#include "model/model.h"

enum { PATH = 256, TURNS = 1000 };

/* A fleet without workers: the test tells of answers in their place. */
static struct fleet fleet;
static struct event_base *base;
static struct tap tap;
static struct counters counters;
static struct model model;
static struct query_log *queries;
static char folder[] = "/tmp/test_query_log.XXXXXX";
static char path[PATH];
static unsigned changes;

static void
changed(void *context)
{
	assert_ptr_equal(context, &changes);
	changes++;
}

static int
setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/test_query_log.XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/queries", folder);
	base = loop_new();
	tap_start(&tap, &fleet, base);
	model_init(&model);
	model.query_log.mark.file = "test.yaml";
	model.query_log.to.text = path;
	queries = query_log_new(&tap, &counters);
	if (queries == NULL)
		return -1;
	memset(&counters, 0, sizeof(counters));
	changes = 0;
	query_log_watch(queries, changed, &changes);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	query_log_free(queries);
	tap_stop(&tap);
	event_base_free(base);
	model_fini(&model);
	unlink(path);
	return rmdir(folder);
}

/* An answer was given, and no other for now. */
static void
answer(void)
{
	static const struct qlog_record record = {.network = "default"};
	static const uint8_t reply[1];

	tap.readers->read(tap.readers->context, &record, reply);
	tap.readers->rest(tap.readers->context);
}

/* Runs the loop until whoever watches was told so often. */
static void
wait_for_changes(unsigned count)
{
	for (unsigned i = 0; i < TURNS && changes < count; i++)
		event_base_loop(base, EVLOOP_ONCE);
	assert_int_equal(changes, count);
}

/* Runs the loop until so many entries were written. */
static void
wait_for_entries(uint64_t count)
{
	for (unsigned i = 0; i < TURNS && counters.query_log_written < count;
	     i++)
		event_base_loop(base, EVLOOP_ONCE);
	assert_int_equal(counters.query_log_written, count);
}

static void
without_one_it_goes_nowhere(void **state)
{
	(void)state;
	model.query_log.mark.file = NULL;
	query_log_follow(queries, &model);
	assert_null(query_log_look(queries).to);
	assert_null(query_log_look(queries).queries);
	assert_false(query_log_look(queries).failing);
}

static void
where_it_goes_and_how_is_told(void **state)
{
	(void)state;
	model.query_log.format = QUERY_LOG_TEXT;
	model.query_log.policy = true;
	query_log_follow(queries, &model);
	assert_string_equal(query_log_look(queries).to, path);
	assert_string_equal(query_log_look(queries).format, "text");
	assert_string_equal(query_log_look(queries).queries, "policy");
	model.query_log.format = QUERY_LOG_CLOUD;
	model.query_log.to.text = "journal";
	query_log_follow(queries, &model);
	assert_string_equal(query_log_look(queries).to, "journal");
	assert_string_equal(query_log_look(queries).format, "cloud_logging");
	model.query_log.to.text = "stdout";
	query_log_follow(queries, &model);
	assert_string_equal(query_log_look(queries).to, "stdout");
}

static void
one_that_works_is_not_failing(void **state)
{
	(void)state;
	query_log_follow(queries, &model);
	answer();
	wait_for_entries(1);
	assert_false(query_log_look(queries).failing);
	assert_int_equal(changes, 0);
}

static void
one_that_cannot_be_opened_is_failing(void **state)
{
	(void)state;
	assert_int_equal(symlink("elsewhere", path), 0);
	query_log_follow(queries, &model);
	wait_for_changes(1);
	assert_true(query_log_look(queries).failing);
}

static void
a_failure_on_the_way_is_told_once(void **state)
{
	(void)state;
	model.query_log.to.text = "/dev/full";
	query_log_follow(queries, &model);
	assert_int_equal(changes, 0);
	answer();
	wait_for_changes(1);
	assert_true(query_log_look(queries).failing);
	answer();
	event_base_loop(base, EVLOOP_ONCE);
	assert_int_equal(changes, 1);
}

static void
going_elsewhere_ends_a_failure(void **state)
{
	(void)state;
	model.query_log.to.text = "/dev/full";
	query_log_follow(queries, &model);
	answer();
	wait_for_changes(1);
	model.query_log.to.text = path;
	query_log_follow(queries, &model);
	assert_false(query_log_look(queries).failing);
	assert_int_equal(query_log_look(queries).lost, 0);
	assert_int_equal(changes, 2);
}

#define WITH_A_LOG(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_A_LOG(without_one_it_goes_nowhere),
	    WITH_A_LOG(where_it_goes_and_how_is_told),
	    WITH_A_LOG(one_that_works_is_not_failing),
	    WITH_A_LOG(one_that_cannot_be_opened_is_failing),
	    WITH_A_LOG(a_failure_on_the_way_is_told_once),
	    WITH_A_LOG(going_elsewhere_ends_a_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
