#include "ctl/query_log_file.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/clock.h"

enum { TEXT = 1024, LINE = 100, PATH = 512, PIPE_SIZE = 65536 };

static struct query_log_file file;
static char folder[] = "/tmp/test_query_log_file.XXXXXX";
static char path[PATH];
static uint64_t now;
static int kept; /* the real stderr */
static int ends[2];
static mode_t old_umask;

static int
make_folder(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

static const char *
beside(const char *suffix)
{
	static char text[PATH + TEXT];

	snprintf(text, sizeof(text), "%s%s", path, suffix);
	return text;
}

static int
setup(void **state)
{
	(void)state;
	memset(&file, 0, sizeof(file));
	snprintf(path, sizeof(path), "%s/queries", folder);
	file.keep = 2;
	now = CLOCK_SECOND;
	old_umask = umask(077);
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
	query_log_file_close(&file);
	umask(old_umask);
	dup2(kept, STDERR_FILENO);
	close(kept);
	close(ends[0]);
	close(ends[1]);
	unlink(path);
	unlink(beside(".1"));
	unlink(beside(".2"));
	unlink(beside(".3"));
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
put(const char *line)
{
	assert_true(query_log_file_put(&file, line, strlen(line), now));
}

static uint64_t
write_line(const char *line)
{
	put(line);
	return query_log_file_flush(&file, now);
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

static void
lines_are_appended_to_a_file_of_mode_0640(void **state)
{
	struct stat status;

	(void)state;
	query_log_file_open(&file, path, now);
	assert_int_equal(write_line("one\n"), 1);
	put("two\n");
	put("three\n");
	assert_int_equal(query_log_file_flush(&file, now), 2);
	expect_file("", "one\ntwo\nthree\n");
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0640);
	query_log_file_close(&file);
	query_log_file_open(&file, path, now);
	write_line("four\n");
	expect_file("", "one\ntwo\nthree\nfour\n");
}

static void
a_file_that_was_there_keeps_its_mode(void **state)
{
	struct stat status;

	(void)state;
	close(open(path, O_WRONLY | O_CREAT, 0600));
	query_log_file_open(&file, path, now);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
}

static void
a_symbolic_link_is_not_followed(void **state)
{
	(void)state;
	assert_int_equal(symlink(beside(".1"), path), 0);
	query_log_file_open(&file, path, now);
	assert_non_null(strstr(logged(), "it is a symbolic link"));
	assert_int_equal(write_line("one\n"), 0);
	assert_int_equal(access(beside(".1"), F_OK), -1);
}

static void
a_full_file_gives_way_to_a_new_one(void **state)
{
	(void)state;
	file.max_size = 10;
	query_log_file_open(&file, path, now);
	for (const char *name = "abcdefg"; *name != '\0'; name++)
		write_line((char[]){*name, 'x', 'x', '\n', '\0'});
	expect_file("", "gxx\n");
	expect_file(".1", "exx\nfxx\n");
	expect_file(".2", "cxx\ndxx\n");
	assert_int_equal(access(beside(".3"), F_OK), -1);
}

static void
a_batch_is_parted_between_files_at_a_line_s_end(void **state)
{
	(void)state;
	file.max_size = 10;
	query_log_file_open(&file, path, now);
	put("aaa\n");
	put("bbb\n");
	put("ccc\n");
	put("longer than a file may be\n");
	put("ddd\n");
	assert_int_equal(query_log_file_flush(&file, now), 5);
	expect_file("", "ddd\n");
	expect_file(".1", "longer than a file may be\n");
	expect_file(".2", "ccc\n");
}

static void
without_any_to_keep_the_full_file_goes(void **state)
{
	(void)state;
	file.max_size = 5;
	file.keep = 0;
	query_log_file_open(&file, path, now);
	write_line("aaa\n");
	write_line("bbb\n");
	expect_file("", "bbb\n");
	assert_int_equal(access(beside(".1"), F_OK), -1);
}

static void
a_moved_file_is_left_when_told(void **state)
{
	(void)state;
	query_log_file_open(&file, path, now);
	write_line("old\n");
	assert_int_equal(rename(path, beside(".1")), 0);
	write_line("still old\n");
	query_log_file_reopen(&file, now);
	write_line("new\n");
	expect_file(".1", "old\nstill old\n");
	expect_file("", "new\n");
}

static void
a_removed_file_is_noticed_within_a_second(void **state)
{
	(void)state;
	query_log_file_open(&file, path, now);
	write_line("old\n");
	assert_int_equal(unlink(path), 0);
	now += CLOCK_SECOND;
	write_line("new\n");
	expect_file("", "new\n");
}

static void
a_line_that_somebody_left_unfinished_is_ended(void **state)
{
	const int fd = open(path, O_WRONLY | O_CREAT, 0600);

	(void)state;
	assert_int_equal(write(fd, "{\"torn", 6), 6);
	close(fd);
	query_log_file_open(&file, path, now);
	write_line("whole\n");
	expect_file("", "{\"torn\nwhole\n");
}

/* Files of this process may have so many octets, as if the disk were full. */
static void
limit_files(rlim_t octets)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = octets;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
a_full_disk_is_told_once_and_lines_stay_whole(void **state)
{
	const char *text;

	(void)state;
	query_log_file_open(&file, path, now);
	limit_files(6);
	put("first\n");
	put("second\n");
	assert_int_equal(query_log_file_flush(&file, now), 1);
	text = logged();
	assert_non_null(strstr(text, "entries are lost until that changes"));
	now += 2 * CLOCK_SECOND;
	assert_int_equal(write_line("third\n"), 0);
	assert_string_equal(logged(), "");
	limit_files(RLIM_INFINITY);
	now += 2 * CLOCK_SECOND;
	assert_int_equal(write_line("fourth\n"), 3);
	expect_file("", "first\nsecond\nthird\nfourth\n");
	assert_non_null(strstr(logged(), "is written again; 0 entries"));
}

static void
a_line_cut_by_a_full_disk_goes_on_where_it_ended(void **state)
{
	(void)state;
	query_log_file_open(&file, path, now);
	limit_files(9);
	put("first\n");
	put("second\n");
	query_log_file_flush(&file, now);
	expect_file("", "first\nsec");
	query_log_file_reopen(&file, now);
	limit_files(RLIM_INFINITY);
	now += 2 * CLOCK_SECOND;
	write_line("third\n");
	expect_file("", "first\nsecond\nthird\n");
}

static void
the_rest_of_a_line_never_begins_another_file(void **state)
{
	(void)state;
	query_log_file_open(&file, path, now);
	limit_files(9);
	put("first\n");
	put("second\n");
	query_log_file_flush(&file, now);
	assert_int_equal(rename(path, beside(".1")), 0);
	limit_files(RLIM_INFINITY);
	now += 2 * CLOCK_SECOND;
	query_log_file_reopen(&file, now);
	write_line("third\n");
	expect_file("", "third\n");
	expect_file(".1", "first\nsec");
}

static void
an_emptied_file_begins_with_a_whole_line(void **state)
{
	(void)state;
	query_log_file_open(&file, path, now);
	limit_files(9);
	put("first\n");
	put("second\n");
	query_log_file_flush(&file, now);
	limit_files(RLIM_INFINITY);
	assert_int_equal(truncate(path, 0), 0);
	now += 2 * CLOCK_SECOND;
	write_line("third\n");
	expect_file("", "third\n");
	assert_int_equal(file.size, 6);
}

static void
what_there_is_no_room_for_is_lost_whole(void **state)
{
	static char line[LINE + 1];
	uint64_t lost = 0;

	(void)state;
	memset(line, 'x', LINE - 1);
	line[LINE - 1] = '\n';
	query_log_file_open(&file, "/nowhere/queries", now);
	assert_non_null(strstr(logged(), "No such file"));
	for (unsigned i = 0; i < QUERY_LOG_BUFFER / LINE + 5; i++)
		lost += !query_log_file_put(&file, line, LINE, now);
	assert_int_equal(lost, 5);
	assert_int_equal(file.trouble.lost, 5);
	assert_int_equal(file.used % LINE, 0);
	assert_string_equal(logged(), "");
}

static void
what_was_not_written_is_lost_in_the_end(void **state)
{
	(void)state;
	query_log_file_open(&file, path, now);
	put("one\n");
	assert_int_equal(query_log_file_flush(&file, now), 1);
	assert_int_equal(query_log_file_close(&file), 0);
	query_log_file_open(&file, "/nowhere/queries", now);
	put("two\n");
	put("three\n");
	assert_int_equal(query_log_file_flush(&file, now), 0);
	assert_int_equal(query_log_file_close(&file), 2);
	assert_int_equal(query_log_file_close(&file), 0);
}

static void
a_fifo_without_a_reader_is_tried_again(void **state)
{
	char text[TEXT] = {0};
	int fd;

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	query_log_file_open(&file, path, now);
	assert_non_null(strstr(logged(), "nobody reads from it"));
	put("one\n");
	assert_int_equal(query_log_file_flush(&file, now), 0);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	assert_int_equal(query_log_file_flush(&file, now), 0);
	now += 2 * CLOCK_SECOND;
	assert_int_equal(query_log_file_flush(&file, now), 1);
	assert_int_equal(read(fd, text, sizeof(text)), 4);
	assert_string_equal(text, "one\n");
	close(fd);
	now += CLOCK_SECOND / 2;
	assert_int_equal(write_line("two\n"), 0);
	assert_non_null(strstr(logged(), "its reader has gone"));
}

static void
a_reader_that_does_not_read_keeps_nobody_waiting(void **state)
{
	static char line[LINE + 1];
	uint64_t written = 0;
	int fd;

	(void)state;
	memset(line, 'x', LINE - 1);
	line[LINE - 1] = '\n';
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	query_log_file_open(&file, path, now);
	for (unsigned i = 0; i < 2 * QUERY_LOG_BUFFER / LINE; i++) {
		query_log_file_put(&file, line, LINE, now);
		written += query_log_file_flush(&file, now);
	}
	assert_true(written > 0);
	assert_true(written < 2 * QUERY_LOG_BUFFER / LINE);
	assert_non_null(strstr(logged(), "what reads it is too slow"));
	close(fd);
}

/* Takes some of what is in a pipe. */
static void
read_some(int fd)
{
	static char room[PIPE_SIZE];

	assert_true(read(fd, room, sizeof(room)) > 0);
}

/* More than the file takes. */
static void
put_too_much(const char line[LINE])
{
	while (query_log_file_put(&file, line, LINE, now))
		query_log_file_flush(&file, now);
}

static void
a_reader_that_is_slow_over_and_over_is_told_of_once(void **state)
{
	char line[LINE];
	int fd;

	(void)state;
	memset(line, 'x', LINE - 1);
	line[LINE - 1] = '\n';
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	query_log_file_open(&file, path, now);
	put_too_much(line);
	assert_non_null(strstr(logged(), "what reads it is too slow"));
	for (unsigned i = 0; i < 3; i++) {
		now += CLOCK_SECOND / 2;
		read_some(fd);
		assert_true(query_log_file_flush(&file, now) > 0);
		put_too_much(line);
	}
	assert_string_equal(logged(), "");
	now += CLOCK_SECOND;
	read_some(fd);
	query_log_file_flush(&file, now);
	assert_non_null(strstr(logged(), "is written again; 4 entries"));
	close(fd);
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_A_FOLDER(lines_are_appended_to_a_file_of_mode_0640),
	    IN_A_FOLDER(a_file_that_was_there_keeps_its_mode),
	    IN_A_FOLDER(a_symbolic_link_is_not_followed),
	    IN_A_FOLDER(a_full_file_gives_way_to_a_new_one),
	    IN_A_FOLDER(a_batch_is_parted_between_files_at_a_line_s_end),
	    IN_A_FOLDER(without_any_to_keep_the_full_file_goes),
	    IN_A_FOLDER(a_moved_file_is_left_when_told),
	    IN_A_FOLDER(a_removed_file_is_noticed_within_a_second),
	    IN_A_FOLDER(a_line_that_somebody_left_unfinished_is_ended),
	    IN_A_FOLDER(a_full_disk_is_told_once_and_lines_stay_whole),
	    IN_A_FOLDER(a_line_cut_by_a_full_disk_goes_on_where_it_ended),
	    IN_A_FOLDER(the_rest_of_a_line_never_begins_another_file),
	    IN_A_FOLDER(an_emptied_file_begins_with_a_whole_line),
	    IN_A_FOLDER(what_there_is_no_room_for_is_lost_whole),
	    IN_A_FOLDER(what_was_not_written_is_lost_in_the_end),
	    IN_A_FOLDER(a_fifo_without_a_reader_is_tried_again),
	    IN_A_FOLDER(a_reader_that_does_not_read_keeps_nobody_waiting),
	    IN_A_FOLDER(a_reader_that_is_slow_over_and_over_is_told_of_once),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
