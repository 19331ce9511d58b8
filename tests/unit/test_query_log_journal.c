#include "ctl/query_log_journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "io/clock.h"

enum { TEXT = 8192 };

/* journald, as far as it takes entries. */
static char folder[] = "/tmp/test_query_log_journal.XXXXXX";
static struct sockaddr_un addr = {.sun_family = AF_UNIX};
static int journald = -1;

static struct query_log_journal journal;
static struct qlog_record record;
static struct query_answer answer;
static char text[TEXT];
static uint64_t now;

static int
make_folder(void **state)
{
	(void)state;
	log_open(LOG_SINK_STDERR, LOG_LEVEL_ERROR);
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/socket", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

static void
start_journald(void)
{
	journald = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	assert_int_equal(bind(journald, (const struct sockaddr *)&addr,
			     sizeof(addr)),
	    0);
}

static void
stop_journald(void)
{
	close(journald);
	unlink(addr.sun_path);
}

static int
setup(void **state)
{
	(void)state;
	now = CLOCK_SECOND;
	record = (struct qlog_record){
	    .latency = 1500000,
	    .origin = ORIGIN_CACHE,
	    .target = TARGET_EXTERNAL,
	    .network = "prod",
	};
	assert_true(addr_parse("10.0.0.5:40000", 0, &record.client));
	answer.has_question = true;
	answer.type = TYPE_A;
	answer.count = 2;
	snprintf(answer.name, sizeof(answer.name), "www.example.");
	return 0;
}

static bool
send_entry(void)
{
	static char line[] = "a line for people";
	const struct query_log_entry entry = {
	    .record = &record,
	    .answer = &answer,
	};
	const struct line message = {.text = line, .len = strlen(line)};

	return query_log_journal_send(&journal, &entry, &message, now);
}

static void
receive(void)
{
	const ssize_t len = recv(journald, text, sizeof(text) - 1, 0);

	assert_true(len > 0);
	text[len] = '\0';
}

static void
an_entry_has_a_message_and_fields(void **state)
{
	(void)state;
	start_journald();
	query_log_journal_open(&journal, addr.sun_path, now);
	assert_true(send_entry());
	receive();
	assert_string_equal(text,
	    "MESSAGE=a line for people\n"
	    "SYSLOG_IDENTIFIER=resolverd\n"
	    "PRIORITY=6\n"
	    "RESOLVERD_CLIENT=10.0.0.5\n"
	    "RESOLVERD_NETWORK=prod\n"
	    "RESOLVERD_QNAME=www.example.\n"
	    "RESOLVERD_QTYPE=A\n"
	    "RESOLVERD_RCODE=NOERROR\n"
	    "RESOLVERD_ORIGIN=cache\n"
	    "RESOLVERD_TARGET_TYPE=external\n"
	    "RESOLVERD_TARGET_NAME=-\n"
	    "RESOLVERD_RECORDS=2\n"
	    "RESOLVERD_LATENCY_USEC=1500\n");
	query_log_journal_close(&journal);
	stop_journald();
}

static void
no_field_can_make_another(void **state)
{
	(void)state;
	start_journald();
	query_log_journal_open(&journal, addr.sun_path, now);
	snprintf(record.target_name, sizeof(record.target_name),
	    "z\nPRIORITY=0");
	record.rcode = RCODE_SERVFAIL;
	assert_true(send_entry());
	receive();
	assert_null(strstr(text, "\nPRIORITY=0"));
	assert_non_null(strstr(text, "\nPRIORITY=3\n"));
	assert_non_null(
	    strstr(text, "\nRESOLVERD_TARGET_NAME=z\\x0aPRIORITY=0\n"));
	query_log_journal_close(&journal);
	stop_journald();
}

static void
a_journal_that_comes_back_is_found_again(void **state)
{
	(void)state;
	query_log_journal_open(&journal, addr.sun_path, now);
	assert_false(send_entry());
	start_journald();
	assert_false(send_entry());
	assert_int_equal(journal.trouble.lost, 2);
	now += 2 * CLOCK_SECOND;
	assert_true(send_entry());
	receive();
	stop_journald();
	start_journald();
	assert_false(send_entry());
	now += 2 * CLOCK_SECOND;
	assert_true(send_entry());
	query_log_journal_close(&journal);
	stop_journald();
}

static void
a_journal_that_is_too_slow_keeps_nobody_waiting(void **state)
{
	unsigned sent = 0;

	(void)state;
	start_journald();
	query_log_journal_open(&journal, addr.sun_path, now);
	while (sent < TEXT && send_entry())
		sent++;
	assert_true(sent > 0);
	assert_true(sent < TEXT);
	assert_int_equal(journal.trouble.lost, 1);
	receive();
	assert_true(send_entry());
	query_log_journal_close(&journal);
	stop_journald();
}

static void
a_journal_that_is_slow_over_and_over_is_told_of_once(void **state)
{
	(void)state;
	start_journald();
	query_log_journal_open(&journal, addr.sun_path, now);
	while (send_entry())
		continue;
	for (unsigned i = 0; i < 3; i++) {
		now += CLOCK_SECOND / 2;
		receive();
		assert_true(send_entry());
		assert_false(send_entry());
	}
	/* What is lost counts from the beginning, which is told of. */
	assert_int_equal(journal.trouble.lost, 4);
	now += CLOCK_SECOND;
	receive();
	assert_true(send_entry());
	assert_false(journal.trouble.there);
	query_log_journal_close(&journal);
	stop_journald();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(an_entry_has_a_message_and_fields, setup),
	    cmocka_unit_test_setup(no_field_can_make_another, setup),
	    cmocka_unit_test_setup(a_journal_that_comes_back_is_found_again,
		setup),
	    cmocka_unit_test_setup(
		a_journal_that_is_too_slow_keeps_nobody_waiting, setup),
	    cmocka_unit_test_setup(
		a_journal_that_is_slow_over_and_over_is_told_of_once, setup),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
