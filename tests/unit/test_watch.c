#include "ctl/watch.h"

#include <dirent.h>
#include <event2/event.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/clock.h"
#include "io/loop.h"

/* Long enough for a burst to be over, and for what should not come to come. */
enum { PATIENCE_MS = 5000, QUIET_MS = 300 };

static struct event_base *base;
static struct watch watch;
static char directory[] = "/tmp/test_watch.XXXXXX";
static char file[PATH_MAX];
static const char *files[1];
static unsigned told;

static void
tell(void *context)
{
	(void)context;
	told++;
	event_base_loopbreak(base);
}

static void
give_up(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	event_base_loopbreak(base);
}

/* Runs the loop for so long or until it is told. */
static void
run(unsigned ms)
{
	const struct timeval limit = {
	    .tv_sec = ms / 1000,
	    .tv_usec = (suseconds_t)(ms % 1000) * 1000,
	};

	struct event *alarm = event_new(base, -1, 0, give_up, NULL);

	assert_non_null(alarm);
	told = 0;
	event_add(alarm, &limit);
	event_base_dispatch(base);
	event_free(alarm);
}

static void
assert_told(void)
{
	run(PATIENCE_MS);
	assert_int_equal(told, 1);
}

static void
assert_not_told(void)
{
	run(QUIET_MS);
	assert_int_equal(told, 0);
}

static const char *
in_directory(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

static void
write_file(const char *name, const char *text)
{
	FILE *out = fopen(in_directory(name), "we");

	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

/* Watches a file of the directory; the first look is behind it. */
static void
follow(const char *name)
{
	snprintf(file, sizeof(file), "%s/%s", directory, name);
	files[0] = file;
	watch = (struct watch){
	    .files = files,
	    .file_count = 1,
	    .changed = tell,
	};
	watch_start(&watch, base);
	assert_told();
}

static int
set_up(void **state)
{
	(void)state;
	snprintf(directory, sizeof(directory), "/tmp/test_watch.XXXXXX");
	base = loop_new();
	return base == NULL || mkdtemp(directory) == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
	char command[PATH_MAX];

	(void)state;
	watch_stop(&watch);
	event_base_free(base);
	snprintf(command, sizeof(command), "rm -r %s", directory);
	return system(command); /* NOLINT(cert-env33-c): ours alone */
}

static void
what_is_written_is_told(void **state)
{
	(void)state;
	write_file("conf", "old");
	follow("conf");
	write_file("conf", "new");
	assert_told();
	assert_not_told();
}

static void
what_replaces_it_is_told(void **state)
{
	char from[PATH_MAX];

	(void)state;
	write_file("conf", "old");
	follow("conf");
	write_file("conf.new", "new");
	snprintf(from, sizeof(from), "%s", in_directory("conf.new"));
	assert_int_equal(rename(from, in_directory("conf")), 0);
	assert_told();
	write_file("conf", "newer");
	assert_told();
}

static void
that_it_goes_and_comes_is_told(void **state)
{
	(void)state;
	write_file("conf", "old");
	follow("conf");
	unlink(in_directory("conf"));
	assert_told();
	write_file("conf", "new");
	assert_told();
}

static void
neighbours_are_nothing_to_tell(void **state)
{
	(void)state;
	write_file("conf", "old");
	follow("conf");
	write_file("hosts", "x");
	assert_not_told();
}

static void
a_directory_that_is_not_there_yet_is_waited_for(void **state)
{
	(void)state;
	follow("run/resolve/conf");
	assert_int_equal(mkdir(in_directory("run"), 0755), 0);
	assert_told();
	assert_int_equal(mkdir(in_directory("run/resolve"), 0755), 0);
	assert_told();
	write_file("run/resolve/conf", "new");
	assert_told();
}

static void
links_are_followed_and_watched(void **state)
{
	(void)state;
	assert_int_equal(mkdir(in_directory("run"), 0755), 0);
	write_file("run/a", "a");
	write_file("run/b", "b");
	assert_int_equal(symlink("../x/../run/./a", in_directory("run/link")),
	    0);
	assert_int_equal(mkdir(in_directory("x"), 0755), 0);
	assert_int_equal(symlink("run/link", in_directory("conf")), 0);
	follow("conf");
	write_file("run/a", "other");
	assert_told();
	write_file("run/b", "other");
	assert_not_told();
	unlink(in_directory("conf"));
	assert_int_equal(symlink("run/b", in_directory("conf")), 0);
	assert_told();
	write_file("run/b", "another");
	assert_told();
}

static void
a_link_to_itself_ends(void **state)
{
	(void)state;
	assert_int_equal(symlink("conf", in_directory("conf")), 0);
	follow("conf");
	unlink(in_directory("conf"));
	assert_told();
}

static void
every_file_of_a_directory_counts(void **state)
{
	(void)state;
	assert_int_equal(mkdir(in_directory("interface"), 0755), 0);
	follow("interface/");
	write_file("interface/eth0", "x");
	assert_told();
}

static unsigned
descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned count = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count;
}

/* A tick of the test's own: one more change, as long as there are some. */
static unsigned left;

static void
rewrite(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	if (left == 0)
		return;
	left--;
	write_file("conf", "again");
}

static void
a_long_burst_is_told_once_a_second(void **state)
{
	const struct timeval tick = {.tv_usec = 20000};
	struct event *ticker = event_new(base, -1, EV_PERSIST, rewrite, NULL);
	unsigned before;
	uint64_t began;

	(void)state;
	write_file("conf", "old");
	follow("conf");
	before = descriptors();
	left = 60;
	event_add(ticker, &tick);
	began = clock_now();
	assert_told();
	assert_true(clock_now() - began > CLOCK_SECOND * 9 / 10);
	assert_true(left > 0);
	assert_told();
	assert_int_equal(left, 0);
	assert_not_told();
	assert_int_equal(descriptors(), before);
	event_free(ticker);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(what_is_written_is_told, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(what_replaces_it_is_told, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(that_it_goes_and_comes_is_told,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(neighbours_are_nothing_to_tell,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_directory_that_is_not_there_yet_is_waited_for, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(links_are_followed_and_watched,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_link_to_itself_ends, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(every_file_of_a_directory_counts,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_long_burst_is_told_once_a_second,
		set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
