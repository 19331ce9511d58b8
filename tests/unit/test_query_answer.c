#include "ctl/query_answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dns/message.h"
#include "oracle.h"

static struct query_answer answer;
static uint8_t wire[ORACLE_MAX];
static size_t len;

static void
read_message(const struct oracle_message *message)
{
	len = oracle_write(message, wire);
	query_answer_read(&answer, wire, len, QUERY_ANSWER_WHOLE);
}

/* The value of the only record in an answer. */
static void
expect_data(const char *record, const char *value)
{
	read_message(&(struct oracle_message){
	    .name = "a.example.",
	    .type = TYPE_A,
	    .answer = record,
	});
	assert_int_equal(answer.records, 1);
	assert_int_equal(answer.record[0].value_len, strlen(value));
	assert_memory_equal(answer.record[0].value, value, strlen(value));
}

static void
the_question_keeps_its_letter_case(void **state)
{
	(void)state;
	read_message(&(struct oracle_message){
	    .name = "WwW.Example.",
	    .type = TYPE_MX,
	});
	assert_true(answer.has_question);
	assert_string_equal(answer.name, "WwW.Example.");
	assert_string_equal(query_answer_type(answer.type), "MX");
	assert_int_equal(answer.count, 0);
	assert_false(answer.has_ttl);
}

static void
every_usual_type_has_its_text(void **state)
{
	(void)state;
	expect_data("a.example. 60 IN A 199.36.153.4", "199.36.153.4");
	expect_data("a.example. 60 IN AAAA 2001:db8::1",
	    "2001:db8:0:0:0:0:0:1");
	expect_data("a.example. 60 IN AAAA ::", "0:0:0:0:0:0:0:0");
	expect_data("a.example. 60 IN CNAME b.a.example.", "b.a.example.");
	expect_data("a.example. 60 IN PTR .", ".");
	expect_data("a.example. 60 IN MX 10 m.example.", "10 m.example.");
	expect_data("a.example. 60 IN SRV 1 2 5060 s.example.",
	    "1 2 5060 s.example.");
	expect_data("a.example. 60 IN SOA n.example. h.example. 1 2 3 4 5",
	    "n.example. h.example. 1 2 3 4 5");
	expect_data("a.example. 60 IN CAA 0 issue \"pki.goog\"",
	    "0 issue \"pki.goog\"");
	expect_data("a.example. 60 IN NAPTR 1 2 \"u\" \"s\" \"!a!b!\" .",
	    "1 2 \"u\" \"s\" \"!a!b!\" .");
}

static void
text_keeps_its_quotes_and_is_escaped(void **state)
{
	(void)state;
	expect_data("a.example. 60 IN TXT \"a b\" \"\"", "\"a b\" \"\"");
	expect_data("a.example. 60 IN TXT \"q\\\"\\\\\\010\\255\"",
	    "\"q\\\"\\\\\\010\\255\"");
}

static void
other_types_have_one_too(void **state)
{
	(void)state;
	expect_data("a.example. 60 IN TYPE65280 \\# 3 010203", "\\# 3 010203");
	expect_data("a.example. 60 IN DS 1 8 2 aabb", "1 8 2 aabb");
	assert_string_equal(query_answer_type(65280), "TYPE65280");
}

static void
records_of_a_set_are_sorted_and_sets_are_not(void **state)
{
	(void)state;
	read_message(&(struct oracle_message){
	    .name = "x.run.app.",
	    .type = TYPE_A,
	    .answer = "x.run.app. 60 IN CNAME run.app.\n"
		      "run.app. 60 IN A 10.0.0.9\n"
		      "run.app. 30 IN A 10.0.0.10\n"
		      "run.app. 60 IN A 10.0.0.1",
	});
	assert_int_equal(answer.records, 4);
	assert_int_equal(answer.record[0].type, TYPE_CNAME);
	assert_memory_equal(answer.record[1].value, "10.0.0.1", 8);
	assert_memory_equal(answer.record[2].value, "10.0.0.10", 9);
	assert_memory_equal(answer.record[3].value, "10.0.0.9", 8);
	assert_memory_equal(answer.record[3].owner, "run.app.", 8);
	assert_int_equal(answer.ttl, 30);
}

static void
an_outline_has_no_records(void **state)
{
	(void)state;
	len = oracle_write(
	    &(struct oracle_message){
		.flags = FLAG_TC,
		.name = "a.example.",
		.type = TYPE_A,
		.answer = "a.example. 60 IN A 10.0.0.1\n"
			  "a.example. 50 IN A 10.0.0.2",
	    },
	    wire);
	query_answer_read(&answer, wire, len, QUERY_ANSWER_OUTLINE);
	assert_int_equal(answer.records, 0);
	assert_int_equal(answer.count, 2);
	assert_int_equal(answer.ttl, 50);
	assert_true(answer.truncated);
}

static void
a_broken_record_ends_it(void **state)
{
	(void)state;
	read_message(&(struct oracle_message){
	    .name = "a.example.",
	    .type = TYPE_A,
	    .answer = "a.example. 60 IN A 10.0.0.1\n"
		      "a.example. 60 IN A 10.0.0.2",
	});
	query_answer_read(&answer, wire, len - 1, QUERY_ANSWER_WHOLE);
	assert_int_equal(answer.records, 1);
	query_answer_read(&answer, wire, 0, QUERY_ANSWER_WHOLE);
	assert_false(answer.has_question);
	assert_string_equal(answer.name, "");
}

static void
an_owner_that_leads_nowhere_ends_it_too(void **state)
{
	(void)state;
	read_message(&(struct oracle_message){
	    .name = "a.example.",
	    .type = TYPE_A,
	    .answer = "a.example. 60 IN A 10.0.0.1",
	});
	assert_int_equal(answer.records, 1);
	/* The owner is a pointer; now to itself. */
	wire[len - 15] = (uint8_t)(len - 16);
	query_answer_read(&answer, wire, len, QUERY_ANSWER_WHOLE);
	assert_int_equal(answer.records, 0);
}

static void
data_that_is_too_long_for_its_type_ends_it_too(void **state)
{
	(void)state;
	read_message(&(struct oracle_message){
	    .name = "a.example.",
	    .type = TYPE_A,
	    .answer = "a.example. 60 IN TXT \"abcdef\"",
	});
	assert_int_equal(answer.records, 1);
	wire[len - 16] = TYPE_A;
	query_answer_read(&answer, wire, len, QUERY_ANSWER_WHOLE);
	assert_int_equal(answer.records, 0);
}

static void
more_than_can_be_shown_is_left_out(void **state)
{
	static char records[ORACLE_MAX];
	size_t at = 0;

	(void)state;
	for (unsigned i = 0; i < 2 * ANSWER_RECORDS; i++) {
		at += (size_t)snprintf(records + at, sizeof(records) - at,
		    "a.example. 60 IN A 10.0.0.%u\n", i);
	}
	read_message(&(struct oracle_message){
	    .name = "a.example.",
	    .type = TYPE_A,
	    .answer = records,
	});
	assert_int_equal(answer.count, 2 * ANSWER_RECORDS);
	assert_int_equal(answer.records, ANSWER_RECORDS);
}

/* n records of type A, whose names are as long as can be and all different. */
static void
read_long_owners(unsigned n)
{
	enum { LABEL = 63, LAST_LABEL = 61 };
	static const uint8_t labels[] = {LABEL, LABEL, LABEL, LAST_LABEL};
	const uint8_t head[HEADER_SIZE] = {[2] = 0x80, [7] = (uint8_t)n};
	const uint8_t rest[] = {0, 0, TYPE_A, 0, CLASS_IN, 0, 0, 0, 60, 0, 4, 9,
	    9, 9, 9};

	len = sizeof(head);
	memcpy(wire, head, sizeof(head));
	for (unsigned i = 0; i < n; i++) {
		for (size_t l = 0; l < sizeof(labels); l++) {
			wire[len++] = labels[l];
			memset(wire + len, (int)(0xc0 + i), labels[l]);
			len += labels[l];
		}
		memcpy(wire + len, rest, sizeof(rest));
		len += sizeof(rest);
	}
	query_answer_read(&answer, wire, len, QUERY_ANSWER_WHOLE);
}

static void
a_record_is_left_out_whose_owner_has_no_room(void **state)
{
	(void)state;
	read_long_owners(ANSWER_ROOM / 1000 + 1);
	assert_true(answer.records > 1);
	assert_true(answer.records < ANSWER_ROOM / 1000 + 1);
	for (unsigned i = 0; i < answer.records; i++)
		assert_int_equal(answer.record[i].owner_len, 1004);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_question_keeps_its_letter_case),
	    cmocka_unit_test(every_usual_type_has_its_text),
	    cmocka_unit_test(text_keeps_its_quotes_and_is_escaped),
	    cmocka_unit_test(other_types_have_one_too),
	    cmocka_unit_test(records_of_a_set_are_sorted_and_sets_are_not),
	    cmocka_unit_test(an_outline_has_no_records),
	    cmocka_unit_test(a_broken_record_ends_it),
	    cmocka_unit_test(an_owner_that_leads_nowhere_ends_it_too),
	    cmocka_unit_test(data_that_is_too_long_for_its_type_ends_it_too),
	    cmocka_unit_test(more_than_can_be_shown_is_left_out),
	    cmocka_unit_test(a_record_is_left_out_whose_owner_has_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
