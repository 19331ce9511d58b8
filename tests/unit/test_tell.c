#include "io/tell.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/query.h"
#include "dns/message.h"
#include "io/worker.h"

static struct worker worker;
static struct query query;
static uint8_t reply[HEADER_SIZE];
static alignas(max_align_t) uint8_t room[QLOG_RING];

static int
setup(void **state)
{
	(void)state;
	memset(&worker, 0, sizeof(worker));
	qlog_init(&worker.qlog, room, &worker.counters.query_log_dropped);
	qlog_open(&worker.qlog);
	query_reset(&query);
	query.out = reply;
	query.out_len = sizeof(reply);
	return 0;
}

static void
ask(const char *name, uint16_t type, uint16_t class)
{
	struct question *question = &query.request.question;

	query.request.has_question = true;
	assert_int_equal(name_from_text(&question->name, name), NAME_OK);
	question->type = type;
	question->class = class;
}

/* Whether who reads along hears of it when a client asks at an address. */
static bool
is_told(const char *client, const char *at)
{
	struct qlog_record record;
	const uint8_t *octets;
	struct addr local;
	bool told;

	assert_true(addr_parse(client, 4711, &query.client));
	assert_true(addr_parse(at, 53, &local));
	tell_at_once(&worker, &query, &local);
	told = qlog_take(&worker.qlog, &record, &octets);
	if (told)
		qlog_done(&worker.qlog);
	return told;
}

static void
what_the_watchdog_asks_is_told_to_nobody(void **state)
{
	(void)state;
	ask("resolverd.", TYPE_TXT, CLASS_CH);
	assert_false(is_told("127.0.0.1", "127.0.0.1"));
	assert_false(is_told("::1", "::1"));
	assert_false(is_told("192.0.2.53", "192.0.2.53"));
}

static void
nobody_else_can_ask_unheard(void **state)
{
	(void)state;
	ask("resolverd.", TYPE_TXT, CLASS_CH);
	assert_true(is_told("192.0.2.1", "192.0.2.53"));
	assert_true(is_told("192.0.2.1", "127.0.0.1"));
	ask("resolverd.", TYPE_A, CLASS_CH);
	assert_true(is_told("127.0.0.1", "127.0.0.1"));
	ask("resolverd.", TYPE_TXT, CLASS_IN);
	assert_true(is_told("127.0.0.1", "127.0.0.1"));
	ask("version.bind.", TYPE_TXT, CLASS_CH);
	assert_true(is_told("127.0.0.1", "127.0.0.1"));
	query.request.has_question = false;
	assert_true(is_told("127.0.0.1", "127.0.0.1"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(what_the_watchdog_asks_is_told_to_nobody,
		setup),
	    cmocka_unit_test_setup(nobody_else_can_ask_unheard, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
