#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "core/account.h"
#include "core/engine.h"
#include "io/trace.h"

enum { TEXT = 2048 };

/* A query on which the engine has just given its verdict. */
struct rig {
	struct query query;
	uint8_t reply[HEADER_SIZE];
	int kept; /* the real stderr */
	int ends[2];
	char text[TEXT];
};

static struct rig rig;
static struct upstream_server servers[2];

/* As if 127.0.0.1 had asked for www.example. A by UDP; 2 records. */
static int
setup(void **state)
{
	(void)state;
	memset(&rig, 0, sizeof(rig));
	query_reset(&rig.query);
	rig.query.sent[0].server = &servers[0];
	rig.query.sent[1].server = &servers[1];
	rig.query.out = rig.reply;
	rig.query.out_len = sizeof(rig.reply);
	rig.query.transport = TRANSPORT_UDP;
	rig.query.request.flags = FLAG_RD;
	rig.query.request.has_question = true;
	rig.query.request.question.type = TYPE_A;
	rig.reply[7] = 2;
	assert_true(addr_parse("127.0.0.1", 40000, &rig.query.client));
	assert_int_equal(name_from_text(&rig.query.request.question.name,
			     "www.example."),
	    NAME_OK);
	rig.query.asked = rig.query.request.question;
	assert_int_equal(pipe(rig.ends), 0);
	rig.kept = dup(STDERR_FILENO);
	dup2(rig.ends[1], STDERR_FILENO);
	log_open(LOG_SINK_STDERR, LOG_LEVEL_DEBUG);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	dup2(rig.kept, STDERR_FILENO);
	close(rig.kept);
	close(rig.ends[0]);
	close(rig.ends[1]);
	return 0;
}

/* The line that was written, without the program's name and the newline. */
static const char *
line(void)
{
	static const char prefix[] = "resolverd: ";
	const ssize_t len = read(rig.ends[0], rig.text, TEXT - 1);

	assert_true(len > (ssize_t)sizeof(prefix));
	assert_memory_equal(rig.text, prefix, sizeof(prefix) - 1);
	rig.text[len - 1] = '\0';
	return rig.text + sizeof(prefix) - 1;
}

static void
a_zone_is_named(void **state)
{
	const struct zone zone = {.name = "corp"};

	(void)state;
	rig.query.claim = (struct claim){.made = true, .zone = &zone};
	account_note(&rig.query, ORIGIN_ZONE);
	trace_answer(&rig.query);
	assert_string_equal(line(),
	    "query 127.0.0.1 udp www.example. A: NOERROR, 2 records, "
	    "zone corp");
}

static void
what_comes_from_the_cache_says_so(void **state)
{
	(void)state;
	account_note(&rig.query, ORIGIN_CACHE);
	rig.query.transport = TRANSPORT_TCP;
	rig.reply[7] = 1;
	trace_answer(&rig.query);
	assert_string_equal(line(),
	    "query 127.0.0.1 tcp www.example. A: NOERROR, 1 record, cache");
}

static void
the_server_that_answered_is_named(void **state)
{
	(void)state;
	assert_true(addr_parse("10.0.0.2", 53, &servers[0].addr));
	assert_true(addr_parse("10.0.0.3", 5300, &servers[1].addr));
	account_note(&rig.query, ORIGIN_UPSTREAM);
	rig.query.answered = &rig.query.sent[0];
	trace_answer(&rig.query);
	assert_string_equal(line(),
	    "query 127.0.0.1 udp www.example. A: NOERROR, 2 records, "
	    "upstream 10.0.0.2");
	rig.query.answered = &rig.query.sent[1];
	trace_answer(&rig.query);
	assert_string_equal(line(),
	    "query 127.0.0.1 udp www.example. A: NOERROR, 2 records, "
	    "upstream 10.0.0.3:5300");
}

static void
one_that_waited_for_another_says_so(void **state)
{
	(void)state;
	account_note(&rig.query, ORIGIN_UPSTREAM);
	trace_answer(&rig.query);
	assert_string_equal(line(),
	    "query 127.0.0.1 udp www.example. A: NOERROR, 2 records, "
	    "upstream, asked for another query");
}

static void
a_failure_comes_with_its_reason(void **state)
{
	(void)state;
	rig.query.answer.rcode = RCODE_SERVFAIL;
	rig.query.answer.ede_text = "nobody answered";
	rig.reply[3] = RCODE_SERVFAIL;
	trace_answer(&rig.query);
	assert_string_equal(line(),
	    "query 127.0.0.1 udp www.example. A: SERVFAIL: nobody answered");
}

static void
an_rcode_is_the_one_that_was_written(void **state)
{
	(void)state;
	rig.reply[3] = RCODE_SERVFAIL;
	rig.reply[7] = 0;
	trace_answer(&rig.query);
	assert_string_equal(line(),
	    "query 127.0.0.1 udp www.example. A: SERVFAIL, 0 records");
	rig.query.answer.rcode = RCODE_BADVERS;
	rig.reply[3] = 0;
	trace_answer(&rig.query);
	assert_string_equal(line(),
	    "query 127.0.0.1 udp www.example. A: BADVERS, 0 records");
}

static void
a_message_without_a_question_has_a_line(void **state)
{
	(void)state;
	rig.query.request.has_question = false;
	rig.reply[2] = FLAG_TC >> 8;
	rig.reply[3] = RCODE_FORMERR;
	rig.reply[7] = 0;
	trace_answer(&rig.query);
	assert_string_equal(line(),
	    "query 127.0.0.1 udp without a question: FORMERR, 0 records, "
	    "truncated");
}

static void
a_question_to_a_server_has_a_line(void **state)
{
	(void)state;
	rig.query.ask = 1;
	rig.query.sent[1].carrier = CARRIER_TCP;
	rig.query.asked.type = 65280;
	assert_true(addr_parse("10.0.0.2", 53, &servers[1].addr));
	trace_ask(&rig.query);
	assert_string_equal(line(), "ask 10.0.0.2 tcp www.example. TYPE65280");
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_zone_is_named),
	    TEST(what_comes_from_the_cache_says_so),
	    TEST(the_server_that_answered_is_named),
	    TEST(one_that_waited_for_another_says_so),
	    TEST(a_failure_comes_with_its_reason),
	    TEST(an_rcode_is_the_one_that_was_written),
	    TEST(a_message_without_a_question_has_a_line),
	    TEST(a_question_to_a_server_has_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
