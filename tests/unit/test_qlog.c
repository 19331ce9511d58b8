#include "io/qlog.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/policy.h"
#include "core/query.h"

enum { CAME_AT = 1000, TOOK = 250, MANY = 2 * QLOG_RING / MESSAGE_MAX };

static alignas(max_align_t) uint8_t room[QLOG_RING];
static atomic_uint_fast64_t dropped;
static struct qlog qlog;
static struct query query;
static uint8_t reply[MESSAGE_MAX];
static struct qlog_record record;
static const uint8_t *octets;

static const struct network network = {
    .name = "prod",
    .logging = true,
    .dns64 = true,
};

static int
setup(void **state)
{
	(void)state;
	atomic_init(&dropped, 0);
	qlog_init(&qlog, room, &dropped);
	query_reset(&query);
	query.out = reply;
	query.out_len = HEADER_SIZE;
	reply[0] = 0xab;
	query.came_at = CAME_AT;
	query.transport = TRANSPORT_TCP;
	query.request.has_question = true;
	query.view.network = &network;
	query.view.inbound = true;
	assert_true(addr_parse("10.1.2.3:4567", 0, &query.client));
	return 0;
}

static void
put(void)
{
	qlog_put(&qlog, &query, NULL, CAME_AT + TOOK);
}

static void
take(void)
{
	memset(&record, 0xff, sizeof(record));
	assert_true(qlog_take(&qlog, &record, &octets));
}

static void
nobody_wants_it_until_somebody_reads(void **state)
{
	(void)state;
	assert_false(qlog_wants(&qlog));
	qlog_open(&qlog);
	assert_true(qlog_wants(&qlog));
	qlog_close(&qlog);
	assert_false(qlog_wants(&qlog));
}

static void
a_record_says_who_asked_when_and_for_how_long(void **state)
{
	struct addr local;

	(void)state;
	assert_true(addr_parse("10.0.0.1:53", 0, &local));
	qlog_put(&qlog, &query, &local, CAME_AT + TOOK);
	take();
	assert_int_equal(record.at, CAME_AT);
	assert_int_equal(record.latency, TOOK);
	assert_true(addr_equal(&record.client, &query.client));
	assert_true(addr_equal(&record.local, &local));
	assert_int_equal(record.transport, TRANSPORT_TCP);
	assert_true(record.inbound);
	assert_true(record.has_question);
	assert_true(record.dns64);
	assert_false(record.translated);
	assert_false(record.own);
	assert_int_equal(record.server.len, 0);
	assert_int_equal(record.origin, ORIGIN_SPECIAL);
}

static void
the_reply_follows_as_it_was_sent(void **state)
{
	(void)state;
	for (unsigned i = 0; i < sizeof(reply); i++)
		reply[i] = (uint8_t)(i * 7);
	reply[3] = 0;
	query.out_len = sizeof(reply);
	put();
	take();
	assert_int_equal(record.len, sizeof(reply));
	assert_memory_equal(octets, reply, sizeof(reply));
}

static void
texts_are_whole_or_cut(void **state)
{
	char longer[2 * QLOG_WHY];
	static const struct rule rule = {.name = "run-all"};

	(void)state;
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	query.claim.made = true;
	query.claim.rule = &rule;
	query.answer.ede = EDE_OTHER;
	query.answer.ede_text = longer;
	put();
	take();
	assert_string_equal(record.network, "prod");
	assert_true(record.policy_logs);
	assert_string_equal(record.target_name, "run-all");
	assert_string_equal(record.rule, "run-all");
	assert_int_equal(record.target, TARGET_RESPONSE_POLICY);
	assert_int_equal(strlen(record.why), QLOG_WHY - 1);
	assert_int_equal(record.producer_count, 0);
}

static void
a_record_has_the_server_that_answered(void **state)
{
	static struct upstream_server server;

	(void)state;
	assert_true(addr_parse("192.0.2.53", 53, &server.addr));
	query.sent[1].server = &server;
	query.sent[1].carrier = CARRIER_TLS;
	query.answered = &query.sent[1];
	account_note(&query, ORIGIN_UPSTREAM);
	put();
	take();
	assert_true(addr_equal(&record.server, &server.addr));
	assert_int_equal(record.carrier, CARRIER_TLS);
	assert_int_equal(record.origin, ORIGIN_UPSTREAM);
}

static void
a_producer_s_side_comes_along(void **state)
{
	static const struct network producer = {
	    .name = "shared",
	    .logging = true,
	};
	static const struct zone via = {
	    .name = "peer",
	    .kind = ZONE_PEERING,
	    .peer = &producer,
	};
	static const struct zone zone = {.name = "z", .kind = ZONE_FORWARDING};

	(void)state;
	query.claim.made = true;
	query.claim.via[0] = &via;
	query.claim.zone = &zone;
	put();
	take();
	assert_int_equal(record.target, TARGET_PEERING_ZONE);
	assert_string_equal(record.target_name, "peer");
	assert_int_equal(record.producer_count, 1);
	assert_string_equal(record.producers[0].network, "shared");
	assert_true(record.producers[0].policy_logs);
	assert_int_equal(record.producers[0].target, TARGET_FORWARDING_ZONE);
	assert_string_equal(record.producers[0].target_name, "z");
}

static void
records_keep_their_order(void **state)
{
	(void)state;
	put();
	query.came_at = CAME_AT + 1;
	put();
	take();
	assert_int_equal(record.at, CAME_AT);
	qlog_done(&qlog);
	take();
	assert_int_equal(record.at, CAME_AT + 1);
	qlog_done(&qlog);
	assert_false(qlog_take(&qlog, &record, &octets));
}

static void
what_there_is_no_room_for_is_counted(void **state)
{
	unsigned fit = 0;

	(void)state;
	query.out_len = sizeof(reply);
	reply[3] = 0;
	for (unsigned i = 0; i < MANY; i++)
		put();
	while (qlog_take(&qlog, &record, &octets)) {
		qlog_done(&qlog);
		fit++;
	}
	assert_true(fit > MANY / 4);
	assert_true(atomic_load(&dropped) > 0);
	assert_int_equal(fit + atomic_load(&dropped), MANY);
	put();
	take();
}

static void
a_new_reader_does_not_get_what_is_old(void **state)
{
	(void)state;
	put();
	put();
	qlog_open(&qlog);
	assert_false(qlog_take(&qlog, &record, &octets));
	put();
	take();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(nobody_wants_it_until_somebody_reads, setup),
	    cmocka_unit_test_setup(
		a_record_says_who_asked_when_and_for_how_long, setup),
	    cmocka_unit_test_setup(the_reply_follows_as_it_was_sent, setup),
	    cmocka_unit_test_setup(texts_are_whole_or_cut, setup),
	    cmocka_unit_test_setup(a_record_has_the_server_that_answered,
		setup),
	    cmocka_unit_test_setup(a_producer_s_side_comes_along, setup),
	    cmocka_unit_test_setup(records_keep_their_order, setup),
	    cmocka_unit_test_setup(what_there_is_no_room_for_is_counted, setup),
	    cmocka_unit_test_setup(a_new_reader_does_not_get_what_is_old,
		setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
