#include "ctl/fleet.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/diag.h"
#include "core/cache.h"
#include "io/boot.h"
#include "io/clock.h"
#include "model/compile.h"
#include "model/model.h"

/* Real workers that listen nowhere. */
enum { WORKERS = 2, PATIENCE_MS = 5000 };

static struct boot boot;
static struct fleet fleet;

/* What came back of chores. */
struct reports {
	unsigned count;
	struct cache_report last;
};

static const struct snapshot *
compile(void)
{
	struct model model;
	struct snapshot *snapshot;
	struct diag diag;

	model_init(&model);
	diag_init(&diag);
	snapshot = compile_snapshot(&model, &boot.key, &diag);
	assert_non_null(snapshot);
	diag_fini(&diag);
	model_fini(&model);
	return snapshot;
}

static int
setup(void **state)
{
	(void)state;
	boot = (struct boot){
	    .workers = WORKERS,
	    .cache_size = CACHE_SIZE_MIN,
	    .queries = 64,
	    .tcp_clients = 8,
	    .tcp_idle = CLOCK_SECOND,
	};
	memset(&fleet, 0, sizeof(fleet));
	return fleet_start(&fleet, &boot, compile()) ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	fleet_stop(&fleet);
	return 0;
}

static void
note(void *context, const struct cache_report *report)
{
	struct reports *reports = context;

	reports->count++;
	reports->last = *report;
}

/* Lets the control thread work until there is a report. */
static void
await(const struct reports *reports)
{
	struct pollfd mail = {.fd = fleet.inbox.fd, .events = POLLIN};

	while (reports->count == 0) {
		assert_int_equal(poll(&mail, 1, PATIENCE_MS), 1);
		fleet_collect(&fleet);
	}
}

static void
figures_are_those_of_all_workers(void **state)
{
	struct reports reports = {0};

	(void)state;
	assert_true(fleet_figures(&fleet, note, &reports));
	await(&reports);
	assert_int_equal(reports.count, 1);
	assert_int_equal(reports.last.size, WORKERS * CACHE_SIZE_MIN);
	assert_int_equal(reports.last.entries, 0);
}

static void
a_flush_of_nothing_is_reported_too(void **state)
{
	struct reports reports = {0};

	(void)state;
	assert_true(fleet_flush(&fleet, &(struct cache_flush){.negative = true},
	    note, &reports));
	await(&reports);
	assert_int_equal(reports.count, 1);
	assert_int_equal(reports.last.flushed, 0);
}

/* Nobody waits for a report that the end of all would lose. */
static void
what_is_under_way_is_reported_when_all_end(void **state)
{
	struct reports reports = {0};

	(void)state;
	assert_true(fleet_figures(&fleet, note, &reports));
	fleet_stop(&fleet);
	assert_int_equal(reports.count, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(figures_are_those_of_all_workers),
	    TEST(a_flush_of_nothing_is_reported_too),
	    TEST(what_is_under_way_is_reported_when_all_end),
	};

	return cmocka_run_group_tests_name("fleet", tests, NULL, NULL);
}
