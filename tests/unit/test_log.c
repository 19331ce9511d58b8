#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { TEXT = 2048 };

/*
 * This program's syslog(3), in place of the C library's: what was logged last.
 * <syslog.h> is not included, since a fortified one defines syslog itself and
 * calls __syslog_chk.
 */
static struct {
	int priority;
	char text[TEXT];
	const char *ident;
} logged;

void openlog(const char *ident, int option, int facility);
void syslog(int priority, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void syslog_checked(int priority, int flag, const char *format, ...) __asm__(
    "__syslog_chk") __attribute__((format(printf, 3, 4)));

void
openlog(const char *ident, int option, int facility)
{
	(void)option;
	(void)facility;
	logged.ident = ident;
}

void
syslog(int priority, const char *format, ...)
{
	va_list args;

	logged.priority = priority;
	va_start(args, format);
	vsnprintf(logged.text, sizeof(logged.text), format, args);
	va_end(args);
}

void
syslog_checked(int priority, int flag, const char *format, ...)
{
	va_list args;

	(void)flag;
	logged.priority = priority;
	va_start(args, format);
	vsnprintf(logged.text, sizeof(logged.text), format, args);
	va_end(args);
}

/*
 * While a test runs, stderr is a socket that keeps each write apart, so that
 * a line in two writes shows as two.
 */
static struct {
	int kept; /* the real stderr */
	int ends[2];
	char text[TEXT];
} capture;

static int
setup(void **state)
{
	(void)state;
	memset(&logged, 0, sizeof(logged));
	unsetenv("JOURNAL_STREAM");
	capture.kept = dup(STDERR_FILENO);
	if (capture.kept < 0 ||
	    socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, capture.ends) !=
		0)
		return -1;
	return dup2(capture.ends[1], STDERR_FILENO) < 0 ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	dup2(capture.kept, STDERR_FILENO);
	close(capture.kept);
	close(capture.ends[0]);
	close(capture.ends[1]);
	return 0;
}

/* The next write to stderr as a string; "" when there is none. */
static const char *
written(void)
{
	const ssize_t len =
	    recv(capture.ends[0], capture.text, TEXT - 1, MSG_DONTWAIT);

	capture.text[len < 0 ? 0 : len] = '\0';
	return capture.text;
}

static void
log_one_of_each(void)
{
	log_error("a");
	log_warn("b");
	log_info("c");
	log_debug("d");
}

/* Must be the first: nothing else sees the state before log_open. */
static void
before_log_open_info_goes_to_stderr(void **state)
{
	(void)state;
	log_info("zone: %d records", 3);
	log_debug("unseen");

	assert_string_equal(written(), "resolverd: zone: 3 records\n");
	assert_string_equal(written(), "");
}

static void
stderr_names_the_severe_levels(void **state)
{
	(void)state;
	log_open(LOG_SINK_STDERR, LOG_LEVEL_DEBUG);
	log_one_of_each();

	assert_string_equal(written(), "resolverd: error: a\n");
	assert_string_equal(written(), "resolverd: warning: b\n");
	assert_string_equal(written(), "resolverd: c\n");
	assert_string_equal(written(), "resolverd: d\n");
}

/* sd-daemon(3): a priority of syslog's in angle brackets. */
static void
journal_gets_the_priority(void **state)
{
	(void)state;
	log_open(LOG_SINK_JOURNAL, LOG_LEVEL_DEBUG);
	log_one_of_each();

	assert_string_equal(written(), "<3>a\n");
	assert_string_equal(written(), "<4>b\n");
	assert_string_equal(written(), "<6>c\n");
	assert_string_equal(written(), "<7>d\n");
}

static void
syslog_gets_text_and_priority(void **state)
{
	(void)state;
	log_open(LOG_SINK_SYSLOG, LOG_LEVEL_INFO);
	log_warn("%s", "100%s");

	assert_string_equal(logged.ident, "resolverd");
	assert_int_equal(logged.priority, 4);
	assert_string_equal(logged.text, "100%s");
	assert_string_equal(written(), "");
}

static void
less_severe_lines_are_not_shown(void **state)
{
	(void)state;
	log_open(LOG_SINK_JOURNAL, LOG_LEVEL_WARN);
	log_one_of_each();

	assert_string_equal(written(), "<3>a\n");
	assert_string_equal(written(), "<4>b\n");
	assert_string_equal(written(), "");
}

static void
line_breaks_do_not_forge_lines(void **state)
{
	(void)state;
	log_open(LOG_SINK_JOURNAL, LOG_LEVEL_INFO);
	log_info("name '%s'", "a\n<0>b\033[2J");

	assert_string_equal(written(), "<6>name 'a\\x0a<0>b\\x1b[2J'\n");
	assert_string_equal(written(), "");
}

static void
longest_line_is_whole(void **state)
{
	(void)state;
	log_open(LOG_SINK_JOURNAL, LOG_LEVEL_INFO);
	log_info("%1023d", 1);

	assert_int_equal(strlen(written()), strlen("<6>") + 1023 + 1);
	assert_string_equal(capture.text + strlen("<6>") + 1021, " 1\n");
}

static void
overlong_line_ends_in_dots(void **state)
{
	(void)state;
	log_open(LOG_SINK_JOURNAL, LOG_LEVEL_INFO);
	log_info("%1024d", 1);

	assert_int_equal(strlen(written()), strlen("<6>") + 1023 + 1);
	assert_string_equal(capture.text + strlen("<6>") + 1019, " ...\n");
}

static void
errno_is_kept_when_writing_fails(void **state)
{
	(void)state;
	log_open(LOG_SINK_STDERR, LOG_LEVEL_INFO);
	close(STDERR_FILENO);

	errno = ENOENT;
	log_error("unseen");
	assert_int_equal(errno, ENOENT);
}

static void
set_journal_stream(uintmax_t device, uintmax_t inode)
{
	char text[64];

	snprintf(text, sizeof(text), "%ju:%ju", device, inode);
	assert_int_equal(setenv("JOURNAL_STREAM", text, 1), 0);
}

static void
journal_is_detected_when_stderr_is_the_stream(void **state)
{
	struct stat status;

	(void)state;
	assert_int_equal(fstat(STDERR_FILENO, &status), 0);
	set_journal_stream(status.st_dev, status.st_ino);

	assert_int_equal(log_detect(), LOG_SINK_JOURNAL);
}

static void
inherited_journal_stream_is_not_believed(void **state)
{
	struct stat status;

	(void)state;
	assert_int_equal(fstat(STDERR_FILENO, &status), 0);
	set_journal_stream(status.st_dev, status.st_ino + 1);

	assert_int_equal(log_detect(), LOG_SINK_STDERR);
}

static void
without_journal_stream_it_is_stderr(void **state)
{
	(void)state;
	assert_int_equal(log_detect(), LOG_SINK_STDERR);
}

static const uint64_t second = UINT64_C(1000000000);

static void
gate_opens_at_first_and_after_a_second(void **state)
{
	struct log_gate gate = {.open_at = 0};
	const uint64_t now = 5 * second;
	unsigned suppressed = 77;

	(void)state;
	assert_true(log_gate_open(&gate, now, &suppressed));
	assert_int_equal(suppressed, 0);
	assert_false(log_gate_open(&gate, now + second - 1, &suppressed));
	assert_true(log_gate_open(&gate, now + second, &suppressed));
}

static void
gate_says_how_many_it_held_back(void **state)
{
	struct log_gate gate = {.open_at = 0};
	unsigned suppressed = 77;

	(void)state;
	log_gate_open(&gate, second, &suppressed);
	log_gate_open(&gate, second + 1, &suppressed);
	log_gate_open(&gate, second + 2, &suppressed);

	assert_true(log_gate_open(&gate, 3 * second, &suppressed));
	assert_int_equal(suppressed, 2);
	assert_true(log_gate_open(&gate, 5 * second, &suppressed));
	assert_int_equal(suppressed, 0);
}

static void
the_level_can_change_while_lines_are_written(void **state)
{
	(void)state;
	log_open(LOG_SINK_STDERR, LOG_LEVEL_ERROR);
	assert_false(log_wants(LOG_LEVEL_DEBUG));
	log_debug("a");
	log_set_level(LOG_LEVEL_DEBUG);
	assert_true(log_wants(LOG_LEVEL_DEBUG));
	assert_int_equal(log_get_level(), LOG_LEVEL_DEBUG);
	log_debug("b");
	assert_string_equal(written(), "resolverd: b\n");
}

#define LOG_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    LOG_TEST(before_log_open_info_goes_to_stderr),
	    LOG_TEST(stderr_names_the_severe_levels),
	    LOG_TEST(journal_gets_the_priority),
	    LOG_TEST(syslog_gets_text_and_priority),
	    LOG_TEST(less_severe_lines_are_not_shown),
	    LOG_TEST(line_breaks_do_not_forge_lines),
	    LOG_TEST(longest_line_is_whole),
	    LOG_TEST(overlong_line_ends_in_dots),
	    LOG_TEST(errno_is_kept_when_writing_fails),
	    LOG_TEST(journal_is_detected_when_stderr_is_the_stream),
	    LOG_TEST(inherited_journal_stream_is_not_believed),
	    LOG_TEST(without_journal_stream_it_is_stderr),
	    LOG_TEST(gate_opens_at_first_and_after_a_second),
	    LOG_TEST(gate_says_how_many_it_held_back),
	    LOG_TEST(the_level_can_change_while_lines_are_written),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
