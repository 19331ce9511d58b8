#include "ctl/live_entry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_writer.h"
#include "oracle.h"

/* 2026-11-25 02:10:01.123456 UTC */
#define NOON UINT64_C(1795572601123456789)

static struct qlog_record
record_of(size_t len)
{
	struct qlog_record record = {
	    .at = NOON,
	    .latency = 1234567,
	    .transport = TRANSPORT_TCP,
	    .origin = ORIGIN_UPSTREAM,
	    .has_question = true,
	    .network = "prod",
	    .len = len,
	};

	assert_true(addr_parse("192.0.2.7:4711", 0, &record.client));
	assert_true(addr_parse("[2001:db8::53]:53", 0, &record.server));
	return record;
}

static struct live_entry
entry_of(const struct oracle_message *message)
{
	static uint8_t wire[ORACLE_MAX];
	const struct qlog_record record =
	    record_of(oracle_write(message, wire));
	struct live_entry entry;

	live_entry_read(&entry, &record, wire);
	return entry;
}

static char *
json_of(const struct live_entry *entry)
{
	struct json_writer writer;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	json_writer_init(&writer, out);
	json_writer_object(&writer, NULL);
	live_entry_write(entry, &writer);
	json_writer_end(&writer);
	fclose(out);
	return text;
}

static void
writes(const struct live_entry *entry, const char *expected)
{
	char *text = json_of(entry);

	assert_string_equal(text, expected);
	free(text);
}

static void
the_least_ttl_of_the_answer_counts(void **state)
{
	const struct live_entry entry = entry_of(&(struct oracle_message){
	    .flags = FLAG_QR,
	    .name = "WWW.example.",
	    .type = TYPE_A,
	    .answer = "www.example. 300 IN CNAME a.example.\n"
		      "a.example. 20 IN A 192.0.2.1\n"
		      "a.example. 20 IN A 192.0.2.2\n",
	    .authority = "example. 5 IN NS ns.example.\n",
	    .edns = true,
	});
	char name[NAME_TEXT];

	(void)state;
	assert_true(entry.has_question);
	assert_string_equal(name_to_text(entry.name.wire, name),
	    "WWW.example.");
	assert_int_equal(entry.type, TYPE_A);
	assert_int_equal(entry.answers, 3);
	assert_true(entry.has_ttl);
	assert_int_equal(entry.ttl, 20);
}

static void
without_an_answer_it_is_the_soas(void **state)
{
	const struct live_entry entry = entry_of(&(struct oracle_message){
	    .flags = FLAG_QR | RCODE_NXDOMAIN,
	    .name = "no.example.",
	    .type = TYPE_A,
	    .authority =
		"no.example. 9 IN NSEC a.example. A\n"
		"example. 77 IN SOA ns.example. h.example. 1 2 3 4 5\n",
	});

	(void)state;
	assert_int_equal(entry.answers, 0);
	assert_true(entry.has_ttl);
	assert_int_equal(entry.ttl, 77);
}

static void
without_records_there_is_no_ttl(void **state)
{
	const struct live_entry entry = entry_of(&(struct oracle_message){
	    .flags = FLAG_QR | RCODE_SERVFAIL,
	    .name = "no.example.",
	    .type = TYPE_A,
	});

	(void)state;
	assert_true(entry.has_question);
	assert_false(entry.has_ttl);
}

static void
a_reply_cut_short_is_read_as_far_as_it_goes(void **state)
{
	uint8_t wire[ORACLE_MAX];
	const size_t len = oracle_write(
	    &(struct oracle_message){
		.flags = FLAG_QR,
		.name = "www.example.",
		.type = TYPE_A,
		.answer = "www.example. 300 IN A 192.0.2.1\n"
			  "www.example. 200 IN A 192.0.2.2\n",
	    },
	    wire);
	const struct qlog_record record = record_of(len - 1);
	struct live_entry entry;

	(void)state;
	live_entry_read(&entry, &record, wire);
	assert_true(entry.has_question);
	assert_int_equal(entry.ttl, 300);
}

static void
what_has_no_question_is_not_looked_into(void **state)
{
	static const uint8_t wire[HEADER_SIZE] = {0};
	struct qlog_record record = record_of(sizeof(wire));
	struct live_entry entry;

	(void)state;
	record.has_question = false;
	record.rcode = RCODE_FORMERR;
	live_entry_read(&entry, &record, wire);
	assert_false(entry.has_question);
	assert_int_equal(entry.rcode, RCODE_FORMERR);
}

static void
what_the_daemon_asks_for_itself_does_not_count(void **state)
{
	static const uint8_t wire[HEADER_SIZE] = {0};
	struct qlog_record record = record_of(sizeof(wire));
	struct live_entry entry;

	(void)state;
	record.has_question = false;
	assert_true(live_entry_read(&entry, &record, wire));
	record.own = true;
	assert_false(live_entry_read(&entry, &record, wire));
}

static void
json_has_what_is_known(void **state)
{
	struct live_entry entry = entry_of(&(struct oracle_message){
	    .flags = FLAG_QR,
	    .name = "www.example.",
	    .type = TYPE_HTTPS,
	    .answer = "www.example. 300 IN HTTPS 1 . alpn=h2\n",
	});

	(void)state;
	entry.ede = EDE_STALE_ANSWER;
	snprintf(entry.why, sizeof(entry.why), "no \"server\" answers");
	snprintf(entry.target_name, sizeof(entry.target_name), "corp");
	snprintf(entry.rule, sizeof(entry.rule), "run-all");
	writes(&entry,
	    "{\n"
	    "  \"time\": \"2026-11-25T02:10:01.123456Z\",\n"
	    "  \"client\": \"192.0.2.7\",\n"
	    "  \"transport\": \"tcp\",\n"
	    "  \"network\": \"prod\",\n"
	    "  \"name\": \"www.example.\",\n"
	    "  \"type\": \"HTTPS\",\n"
	    "  \"rcode\": \"NOERROR\",\n"
	    "  \"source\": \"upstream\",\n"
	    "  \"rule\": \"run-all\",\n"
	    "  \"target\": \"corp\",\n"
	    "  \"server\": \"[2001:db8::53]:53\",\n"
	    "  \"answers\": 1,\n"
	    "  \"ttl\": 300,\n"
	    "  \"latency_us\": 1234,\n"
	    "  \"extended_error\": {\n"
	    "    \"code\": 3,\n"
	    "    \"text\": \"no \\\"server\\\" answers\"\n"
	    "  }\n"
	    "}\n");
}

static void
json_lacks_what_is_not(void **state)
{
	struct live_entry entry = {.at = NOON, .origin = ORIGIN_ERROR};

	(void)state;
	entry.rcode = 17;
	assert_true(addr_parse("::1", 53, &entry.client));
	writes(&entry,
	    "{\n"
	    "  \"time\": \"2026-11-25T02:10:01.123456Z\",\n"
	    "  \"client\": \"::1\",\n"
	    "  \"transport\": \"udp\",\n"
	    "  \"rcode\": \"RCODE17\",\n"
	    "  \"source\": \"error\",\n"
	    "  \"answers\": 0,\n"
	    "  \"latency_us\": 0\n"
	    "}\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_least_ttl_of_the_answer_counts),
	    cmocka_unit_test(without_an_answer_it_is_the_soas),
	    cmocka_unit_test(without_records_there_is_no_ttl),
	    cmocka_unit_test(a_reply_cut_short_is_read_as_far_as_it_goes),
	    cmocka_unit_test(what_has_no_question_is_not_looked_into),
	    cmocka_unit_test(what_the_daemon_asks_for_itself_does_not_count),
	    cmocka_unit_test(json_has_what_is_known),
	    cmocka_unit_test(json_lacks_what_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
