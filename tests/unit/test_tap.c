#include "ctl/tap.h"

#include <event2/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/diag.h"
#include "core/cache.h"
#include "core/query.h"
#include "ctl/fleet.h"
#include "io/boot.h"
#include "io/clock.h"
#include "io/loop.h"
#include "io/worker.h"
#include "model/compile.h"
#include "model/model.h"

/* Workers that listen nowhere: this test writes in their place. */
enum { WORKERS = 2, TURNS = 300, MANY = 2000 };

static struct boot boot;
static struct fleet fleet;
static struct event_base *base;
static struct tap tap;
static struct query query;
static uint8_t reply[HEADER_SIZE];

/* Someone who reads along. */
struct listener {
	struct tap_reader reader;
	unsigned heard;
	unsigned rests;
	unsigned idles;
	struct qlog_record last;
	struct tap_reader *removes; /* when it is called */
};

static struct listener ears[2];

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

static void
hear(void *context, const struct qlog_record *record, const uint8_t *octets)
{
	struct listener *ear = context;

	assert_int_equal(record->len, sizeof(reply));
	assert_memory_equal(octets, reply, sizeof(reply));
	ear->heard++;
	ear->last = *record;
	if (ear->removes != NULL)
		tap_remove(&tap, ear->removes);
}

static void
take_a_rest(void *context)
{
	struct listener *ear = context;

	ear->rests++;
}

static void
have_nothing(void *context)
{
	struct listener *ear = context;

	ear->idles++;
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
	memset(ears, 0, sizeof(ears));
	for (unsigned i = 0; i < 2; i++) {
		ears[i].reader.read = hear;
		ears[i].reader.rest = take_a_rest;
		ears[i].reader.idle = have_nothing;
		ears[i].reader.context = &ears[i];
	}
	query_reset(&query);
	query.out = reply;
	query.out_len = sizeof(reply);
	if (!fleet_start(&fleet, &boot, compile()))
		return -1;
	base = loop_new();
	tap_start(&tap, &fleet, base);
	return base == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	tap_stop(&tap);
	fleet_stop(&fleet);
	event_base_free(base);
	return 0;
}

/* As worker n would, if anybody reads. */
static void
answer(unsigned n)
{
	struct qlog *qlog = &fleet.workers[n]->qlog;

	query.came_at = clock_now();
	if (qlog_wants(qlog))
		qlog_put(qlog, &query, NULL, query.came_at + 1);
}

/* Runs the loop until a reader has heard as many. */
static void
listen_for(const struct listener *ear, unsigned count)
{
	for (unsigned i = 0; i < TURNS && ear->heard < count; i++)
		event_base_loop(base, EVLOOP_ONCE);
	assert_int_equal(ear->heard, count);
}

static void
without_a_reader_nothing_is_written(void **state)
{
	(void)state;
	answer(0);
	tap_add(&tap, &ears[0].reader);
	tap_drain(&tap);
	assert_int_equal(ears[0].heard, 0);
}

static void
every_reader_hears_of_every_worker(void **state)
{
	(void)state;
	tap_add(&tap, &ears[0].reader);
	tap_add(&tap, &ears[1].reader);
	answer(0);
	answer(1);
	listen_for(&ears[0], 2);
	assert_int_equal(ears[1].heard, 2);
}

static void
a_record_has_the_date(void **state)
{
	const uint64_t before = (uint64_t)clock_date();

	(void)state;
	tap_add(&tap, &ears[0].reader);
	answer(0);
	listen_for(&ears[0], 1);
	assert_true(ears[0].last.at >= before - CLOCK_SECOND);
	assert_true(ears[0].last.at <= (uint64_t)clock_date() + CLOCK_SECOND);
}

static void
many_come_in_turns_between_which_others_work(void **state)
{
	(void)state;
	tap_add(&tap, &ears[0].reader);
	for (unsigned i = 0; i < MANY; i++)
		answer(0);
	event_base_loop(base, EVLOOP_ONCE);
	assert_true(ears[0].heard > 0);
	assert_true(ears[0].heard < MANY);
	assert_int_equal(ears[0].rests, 1);
	listen_for(&ears[0], MANY);
	assert_true(ears[0].rests > 1);
}

static void
that_there_was_nothing_is_told_too(void **state)
{
	(void)state;
	tap_add(&tap, &ears[0].reader);
	answer(0);
	listen_for(&ears[0], 1);
	assert_int_equal(ears[0].rests, 1);
	ears[0].idles = 0;
	event_base_loop(base, EVLOOP_ONCE);
	event_base_loop(base, EVLOOP_ONCE);
	assert_int_equal(ears[0].rests, 1);
	assert_int_equal(ears[0].idles, 2);
}

static void
who_is_removed_hears_no_more(void **state)
{
	(void)state;
	tap_add(&tap, &ears[0].reader);
	tap_add(&tap, &ears[1].reader);
	answer(0);
	listen_for(&ears[0], 1);
	tap_remove(&tap, &ears[1].reader);
	answer(0);
	listen_for(&ears[0], 2);
	assert_int_equal(ears[1].heard, 1);
	tap_remove(&tap, &ears[0].reader);
	answer(0);
	tap_drain(&tap);
	assert_int_equal(ears[0].heard, 2);
	assert_false(qlog_wants(&fleet.workers[0]->qlog));
}

static void
a_reader_may_remove_itself_or_the_next(void **state)
{
	(void)state;
	tap_add(&tap, &ears[0].reader);
	tap_add(&tap, &ears[1].reader); /* is called first */
	ears[1].removes = &ears[0].reader;
	answer(0);
	listen_for(&ears[1], 1);
	assert_int_equal(ears[0].heard, 0);
	ears[1].removes = &ears[1].reader;
	answer(0);
	listen_for(&ears[1], 2);
	assert_null(tap.readers);
}

static void
the_rest_is_handed_over_at_the_end(void **state)
{
	(void)state;
	tap_add(&tap, &ears[0].reader);
	for (unsigned i = 0; i < MANY; i++)
		answer(1);
	tap_drain(&tap);
	assert_int_equal(ears[0].heard, MANY);
}

#define IN_A_FLEET(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_A_FLEET(without_a_reader_nothing_is_written),
	    IN_A_FLEET(every_reader_hears_of_every_worker),
	    IN_A_FLEET(a_record_has_the_date),
	    IN_A_FLEET(many_come_in_turns_between_which_others_work),
	    IN_A_FLEET(that_there_was_nothing_is_told_too),
	    IN_A_FLEET(who_is_removed_hears_no_more),
	    IN_A_FLEET(a_reader_may_remove_itself_or_the_next),
	    IN_A_FLEET(the_rest_is_handed_over_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
