#include "ctl/query_log_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/counters.h"
#include "ctl/query_log_file.h"
#include "io/clock.h"

enum {
	LINE = 64,
	ROOM = QUERY_LOG_BUFFER / LINE, /* lines of a buffer */
	PATH = 256,
	TEXT = 4096,
	HUNDRED = 100,
};

#define LONG   (30 * CLOCK_SECOND)
#define MOMENT (CLOCK_SECOND / 100)

static struct query_log_writer *writer;
static struct query_log_limits limits;
static struct counters counters;
static char folder[] = "/tmp/test_query_log_writer.XXXXXX";
static char path[PATH];
static int kept; /* the real stderr */
static int ends[2];

/* The disk, and what hangs there. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool hangs;
	unsigned waiting;
	unsigned writes; /* that were asked of it */
} disk = {
    .lock = PTHREAD_MUTEX_INITIALIZER,
    .changed = PTHREAD_COND_INITIALIZER,
};

/* What time it is. */
static atomic_uint_fast64_t today;

/* By this name the writer finds it before the C library's. */
ssize_t
write(int fd, const void *buf, size_t n)
{
	pthread_mutex_lock(&disk.lock);
	disk.writes++;
	if (disk.hangs) {
		disk.waiting++;
		pthread_cond_broadcast(&disk.changed);
		while (disk.hangs)
			pthread_cond_wait(&disk.changed, &disk.lock);
		disk.waiting--;
		pthread_cond_broadcast(&disk.changed);
	}
	pthread_mutex_unlock(&disk.lock);
	return syscall(SYS_write, fd, buf, n);
}

/* Likewise the clock: the daemon's is the test's, all others are right. */
int clock_of_test(clockid_t id, struct timespec *now) __asm__("clock_gettime");

int
clock_of_test(clockid_t id, struct timespec *now)
{
	const uint64_t time = atomic_load(&today);

	if (id != CLOCK_BOOTTIME)
		return (int)syscall(SYS_clock_gettime, id, now);
	now->tv_sec = (time_t)(time / CLOCK_SECOND);
	now->tv_nsec = (long)(time % CLOCK_SECOND);
	return 0;
}

static void
pass(uint64_t time)
{
	atomic_fetch_add(&today, time);
}

static void
hang(void)
{
	pthread_mutex_lock(&disk.lock);
	disk.hangs = true;
	pthread_mutex_unlock(&disk.lock);
}

/* Returns when nobody waits any more. */
static void
answer(void)
{
	pthread_mutex_lock(&disk.lock);
	disk.hangs = false;
	pthread_cond_broadcast(&disk.changed);
	while (disk.waiting > 0)
		pthread_cond_wait(&disk.changed, &disk.lock);
	pthread_mutex_unlock(&disk.lock);
}

/* Returns when so many threads wait for the disk. */
static void
wait_for_hang(unsigned threads)
{
	pthread_mutex_lock(&disk.lock);
	while (disk.waiting < threads)
		pthread_cond_wait(&disk.changed, &disk.lock);
	pthread_mutex_unlock(&disk.lock);
}

static const char *
beside(const char *suffix)
{
	static char text[PATH + TEXT];

	snprintf(text, sizeof(text), "%s%s", path, suffix);
	return text;
}

static int
make_folder(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/queries", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

static int
setup(void **state)
{
	(void)state;
	memset(&counters, 0, sizeof(counters));
	atomic_store(&today, CLOCK_SECOND);
	limits = (struct query_log_limits){.keep = 2};
	if (pipe2(ends, O_NONBLOCK) != 0)
		return -1;
	kept = dup(STDERR_FILENO);
	dup2(ends[1], STDERR_FILENO);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	answer();
	if (writer != NULL)
		query_log_writer_stop(writer, LONG);
	writer = NULL;
	dup2(kept, STDERR_FILENO);
	close(kept);
	close(ends[0]);
	close(ends[1]);
	unlink(path);
	unlink(beside(".1"));
	unlink(beside(".2"));
	return 0;
}

/* What the daemon's log has said since the last call. */
static const char *
logged(void)
{
	static char text[TEXT];
	const ssize_t len = read(ends[0], text, sizeof(text) - 1);

	text[len > 0 ? len : 0] = '\0';
	return text;
}

static void
begin(const char *at)
{
	writer = query_log_writer_start(at, &limits, &counters);
	assert_non_null(writer);
	assert_true(query_log_writer_settle(writer, LONG));
	query_log_writer_turn(writer);
}

static void
put(const char *line)
{
	query_log_writer_put(writer, line, strlen(line));
}

static void
put_many(unsigned count)
{
	static char line[LINE];

	memset(line, 'x', LINE - 1);
	line[LINE - 1] = '\n';
	for (unsigned i = 0; i < count; i++)
		query_log_writer_put(writer, line, LINE);
}

static void
settle(void)
{
	assert_true(query_log_writer_settle(writer, LONG));
}

/* The thread has a line, which it cannot write. */
static void
begin_to_hang(void)
{
	begin(path);
	hang();
	put("first\n");
	pass(CLOCK_SECOND);
	query_log_writer_turn(writer);
	wait_for_hang(1);
}

static void
expect_file(const char *suffix, const char *expected)
{
	static char text[4 * TEXT];
	FILE *in = fopen(beside(suffix), "r");
	size_t len;

	if (in == NULL)
		fail_msg("%s: %s", beside(suffix), strerror(errno));
	len = fread(text, 1, sizeof(text) - 1, in);
	fclose(in);
	text[len] = '\0';
	assert_string_equal(text, expected);
}

static uint64_t
file_size(void)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return (uint64_t)status.st_size;
}

static void
lines_are_written_in_order_and_counted(void **state)
{
	(void)state;
	begin(path);
	put("one\n");
	put("two\n");
	settle();
	put("three\n");
	settle();
	expect_file("", "one\ntwo\nthree\n");
	assert_int_equal(counters.query_log_written, 3);
	assert_int_equal(counters.query_log_dropped, 0);
	assert_int_equal(counters.query_log_failed, 0);
}

static void
more_than_a_buffer_holds_is_written_too(void **state)
{
	(void)state;
	begin(path);
	put_many(10 * ROOM);
	settle();
	assert_int_equal(counters.query_log_written, 10 * ROOM);
	assert_int_equal(file_size(), 10 * QUERY_LOG_BUFFER);
}

static void
what_is_put_last_is_written_at_the_end(void **state)
{
	(void)state;
	begin(path);
	put("one\n");
	query_log_writer_stop(writer, LONG);
	writer = NULL;
	expect_file("", "one\n");
	assert_int_equal(counters.query_log_written, 1);
	assert_string_equal(logged(), "");
}

static void
few_lines_gather_before_the_thread_is_woken(void **state)
{
	(void)state;
	begin(path);
	pass(CLOCK_SECOND);
	put("first\n");
	query_log_writer_turn(writer);
	settle();
	disk.writes = 0;
	for (unsigned i = 0; i < HUNDRED; i++) {
		put("another\n");
		query_log_writer_turn(writer);
	}
	hang();
	pass(CLOCK_SECOND);
	query_log_writer_turn(writer);
	wait_for_hang(1);
	assert_int_equal(disk.writes, 1);
}

static void
many_lines_wake_the_thread_at_once(void **state)
{
	(void)state;
	begin(path);
	pass(CLOCK_SECOND);
	put("one\n");
	query_log_writer_turn(writer);
	settle();
	hang();
	put_many(ROOM / 2);
	query_log_writer_turn(writer);
	wait_for_hang(1);
}

static void
what_a_hang_leaves_no_room_for_is_dropped_and_counted(void **state)
{
	(void)state;
	begin_to_hang();
	put_many(ROOM + 7);
	query_log_writer_turn(writer);
	put_many(5);
	assert_int_equal(counters.query_log_dropped, 12);
	answer();
	settle();
	assert_int_equal(counters.query_log_written, 1 + ROOM);
	assert_int_equal(file_size(), strlen("first\n") + QUERY_LOG_BUFFER);
	put_many(3 * ROOM);
	settle();
	assert_int_equal(counters.query_log_written, 1 + ROOM + 3 * ROOM);
}

static void
a_hang_is_waited_for_once(void **state)
{
	const time_t before = time(NULL);

	(void)state;
	begin_to_hang();
	put_many(ROOM + 1);
	pass(QUERY_LOG_PATIENCE);
	for (unsigned i = 0; i < HUNDRED; i++) {
		query_log_writer_turn(writer);
		put_many(1);
	}
	assert_int_equal(counters.query_log_dropped, 1 + HUNDRED);
	/* Else it were ten seconds. */
	assert_true(time(NULL) - before < 5);
}

static void
a_hang_is_told_of_when_it_begins_and_when_it_is_over(void **state)
{
	(void)state;
	begin_to_hang();
	assert_false(query_log_writer_look(writer).failing);
	put_many(ROOM + 3);
	pass(QUERY_LOG_HANG);
	query_log_writer_turn(writer);
	assert_non_null(strstr(logged(), "the disk does not answer"));
	assert_true(query_log_writer_look(writer).failing);
	assert_true(query_log_writer_look(writer).hangs);
	assert_int_equal(query_log_writer_look(writer).lost, 3);
	pass(QUERY_LOG_HANG);
	put_many(2);
	query_log_writer_turn(writer);
	assert_int_equal(query_log_writer_look(writer).lost, 5);
	assert_string_equal(logged(), "");
	answer();
	settle();
	assert_false(query_log_writer_look(writer).hangs);
	pass(CLOCK_SECOND);
	query_log_writer_turn(writer);
	assert_non_null(
	    strstr(logged(), "is written again; 5 entries were lost"));
	assert_false(query_log_writer_look(writer).failing);
}

static void
a_disk_that_is_only_slow_is_told_of_as_such(void **state)
{
	(void)state;
	begin_to_hang();
	put_many(ROOM + 3);
	query_log_writer_turn(writer);
	answer();
	settle();
	assert_non_null(strstr(logged(), "the disk is too slow"));
	assert_int_equal(query_log_writer_look(writer).lost, 3);
}

static void
a_hang_that_ends_in_an_error_is_told_of_as_that(void **state)
{
	const char *text;

	(void)state;
	begin("/dev/full");
	hang();
	put("one\n");
	pass(CLOCK_SECOND);
	query_log_writer_turn(writer);
	wait_for_hang(1);
	pass(QUERY_LOG_HANG);
	query_log_writer_turn(writer);
	logged();
	answer();
	settle();
	pass(CLOCK_SECOND);
	query_log_writer_turn(writer);
	text = logged();
	assert_non_null(strstr(text, "No space left on device"));
	assert_null(strstr(text, "is written again"));
	assert_true(query_log_writer_look(writer).failing);
	assert_false(query_log_writer_look(writer).hangs);
}

static void
a_moved_file_is_left_once_a_hang_is_over(void **state)
{
	(void)state;
	begin_to_hang();
	assert_int_equal(rename(path, beside(".1")), 0);
	query_log_writer_reopen(writer);
	put("second\n");
	/* Sooner than the thread would look for itself. */
	pass(CLOCK_SECOND / 2);
	query_log_writer_turn(writer);
	answer();
	settle();
	expect_file(".1", "first\n");
	expect_file("", "second\n");
}

static void
the_end_does_not_wait_for_a_hang(void **state)
{
	const char *text;

	(void)state;
	begin_to_hang();
	put("second\n");
	put("third\n");
	query_log_writer_stop(writer, MOMENT);
	writer = NULL;
	text = logged();
	assert_non_null(strstr(text, "it is no longer waited for"));
	assert_non_null(strstr(text, "3 entries were still waiting, and lost"));
	assert_int_equal(counters.query_log_failed, 3);
	assert_int_equal(counters.query_log_written, 0);
}

static void
few_threads_are_left_hanging(void **state)
{
	(void)state;
	hang();
	for (unsigned i = 0; i < QUERY_LOG_ABANDONED; i++) {
		begin(path);
		put("one\n");
		query_log_writer_stop(writer, MOMENT);
		wait_for_hang(i + 1);
	}
	logged();
	writer = query_log_writer_start(path, &limits, &counters);
	assert_null(writer);
	assert_non_null(strstr(logged(), "4 other files hang"));
	answer();
	while (writer == NULL) {
		sched_yield();
		writer = query_log_writer_start(path, &limits, &counters);
	}
}

static void
files_get_as_large_as_the_limits_of_the_moment_say(void **state)
{
	(void)state;
	limits.max_size = 10;
	begin(path);
	put("aaaaa\n");
	put("bbbbb\n");
	settle();
	expect_file("", "bbbbb\n");
	expect_file(".1", "aaaaa\n");
	limits.max_size = 0;
	query_log_writer_limit(writer, &limits);
	put("ccccc\n");
	settle();
	expect_file("", "bbbbb\nccccc\n");
}

static void
what_cannot_be_written_at_all_has_failed(void **state)
{
	(void)state;
	begin("/nowhere/queries");
	assert_non_null(strstr(logged(), "No such file"));
	assert_true(query_log_writer_look(writer).failing);
	put_many(3 * ROOM);
	assert_int_equal(counters.query_log_failed, ROOM);
	assert_int_equal(counters.query_log_dropped, 0);
	query_log_writer_stop(writer, LONG);
	writer = NULL;
	assert_int_equal(counters.query_log_failed, 3 * ROOM);
}

static void
an_error_is_over_with_the_first_line_written(void **state)
{
	char parent[PATH + TEXT];
	char child[sizeof(parent) + TEXT];

	(void)state;
	snprintf(parent, sizeof(parent), "%s.d", path);
	snprintf(child, sizeof(child), "%s/queries", parent);
	begin(child);
	pass(CLOCK_SECOND / 2);
	put_many(2 * ROOM + 3);
	query_log_writer_turn(writer);
	logged();
	assert_int_equal(mkdir(parent, 0700), 0);
	pass(CLOCK_SECOND / 2);
	settle();
	assert_non_null(
	    strstr(logged(), "is written again; 3 entries were lost"));
	assert_false(query_log_writer_look(writer).failing);
	assert_int_equal(counters.query_log_written, 2 * ROOM);
	assert_int_equal(unlink(child), 0);
	assert_int_equal(rmdir(parent), 0);
}

static void
a_reader_that_does_not_read_keeps_nobody_waiting(void **state)
{
	int fd;

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	begin(path);
	put_many(4 * ROOM);
	settle();
	settle();
	assert_non_null(strstr(logged(), "what reads it is too slow"));
	assert_true(counters.query_log_written > 0);
	assert_true(counters.query_log_dropped > 0);
	assert_int_equal(counters.query_log_failed, 0);
	query_log_writer_stop(writer, LONG);
	writer = NULL;
	assert_int_equal(counters.query_log_written +
		counters.query_log_dropped + counters.query_log_failed,
	    4 * ROOM);
	close(fd);
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_A_FOLDER(lines_are_written_in_order_and_counted),
	    IN_A_FOLDER(more_than_a_buffer_holds_is_written_too),
	    IN_A_FOLDER(what_is_put_last_is_written_at_the_end),
	    IN_A_FOLDER(few_lines_gather_before_the_thread_is_woken),
	    IN_A_FOLDER(many_lines_wake_the_thread_at_once),
	    IN_A_FOLDER(what_a_hang_leaves_no_room_for_is_dropped_and_counted),
	    IN_A_FOLDER(a_hang_is_waited_for_once),
	    IN_A_FOLDER(a_hang_is_told_of_when_it_begins_and_when_it_is_over),
	    IN_A_FOLDER(a_disk_that_is_only_slow_is_told_of_as_such),
	    IN_A_FOLDER(a_hang_that_ends_in_an_error_is_told_of_as_that),
	    IN_A_FOLDER(a_moved_file_is_left_once_a_hang_is_over),
	    IN_A_FOLDER(the_end_does_not_wait_for_a_hang),
	    IN_A_FOLDER(few_threads_are_left_hanging),
	    IN_A_FOLDER(files_get_as_large_as_the_limits_of_the_moment_say),
	    IN_A_FOLDER(what_cannot_be_written_at_all_has_failed),
	    IN_A_FOLDER(an_error_is_over_with_the_first_line_written),
	    IN_A_FOLDER(a_reader_that_does_not_read_keeps_nobody_waiting),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
