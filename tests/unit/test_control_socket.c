#include "ctl/control_socket.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"

enum { TIMES = 300, WIDER = 07117 };

static char directory[PATH_MAX];
static char path[CONTROL_SOCKET_PATH];
static struct control_socket control;

static int
set_up(void **state)
{
	(void)state;
	log_open(LOG_SINK_STDERR, LOG_LEVEL_ERROR);
	snprintf(directory, sizeof(directory), "/tmp/test_control.XXXXXX");
	if (mkdtemp(directory) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%.80s/control", directory);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	control_socket_close(&control);
	unlink(path);
	return rmdir(directory);
}

static bool
answers(void)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool connected;

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	connected =
	    connect(fd, (const struct sockaddr *)&addr, sizeof(addr)) == 0;
	close(fd);
	return connected;
}

static void
it_listens_and_goes(void **state)
{
	(void)state;
	control_socket_open(&control, path);
	assert_true(control.fd >= 0);
	assert_true(answers());
	control_socket_close(&control);
	assert_int_equal(access(path, F_OK), -1);
}

static void
what_a_dead_daemon_left_gives_way(void **state)
{
	(void)state;
	control_socket_open(&control, path);
	close(control.fd);
	assert_false(answers());
	control_socket_open(&control, path);
	assert_true(control.fd >= 0);
	assert_true(answers());
}

static void
what_a_living_daemon_has_stays(void **state)
{
	struct control_socket second;

	(void)state;
	control_socket_open(&control, path);
	control_socket_open(&second, path);
	assert_int_equal(second.fd, -1);
	control_socket_close(&second);
	assert_true(answers());
}

static void
what_another_put_in_its_place_stays(void **state)
{
	struct control_socket second;

	(void)state;
	control_socket_open(&second, path);
	unlink(path);
	control_socket_open(&control, path);
	control_socket_close(&second);
	assert_true(answers());
}

static void
a_file_that_is_no_socket_stays(void **state)
{
	FILE *file = fopen(path, "we");

	(void)state;
	assert_non_null(file);
	fclose(file);
	control_socket_open(&control, path);
	assert_int_equal(control.fd, -1);
	assert_int_equal(access(path, F_OK), 0);
}

static void
the_folder_is_made(void **state)
{
	char deeper[CONTROL_SOCKET_PATH];
	struct stat status;

	(void)state;
	snprintf(deeper, sizeof(deeper), "%.80s/own/control", directory);
	control_socket_open(&control, deeper);
	assert_true(control.fd >= 0);
	*strrchr(deeper, '/') = '\0';
	assert_int_equal(stat(deeper, &status), 0);
	assert_int_equal(status.st_mode & 07027, 0);
	control_socket_close(&control);
	assert_int_equal(rmdir(deeper), 0);
}

static atomic_bool looking;
static atomic_uint seen;

/* Looks at the mode of the file as often as it can. */
static void *
look(void *arg)
{
	(void)arg;
	while (atomic_load(&looking)) {
		struct stat status;

		if (lstat(path, &status) == 0)
			atomic_fetch_or(&seen, status.st_mode & 07777);
	}
	return NULL;
}

static void
at_no_moment_may_others_connect(void **state)
{
	const mode_t mask = umask(0);
	pthread_t thread;

	(void)state;
	atomic_store(&seen, 0);
	atomic_store(&looking, true);
	assert_int_equal(pthread_create(&thread, NULL, look, NULL), 0);
	for (unsigned i = 0; i < TIMES; i++) {
		control_socket_open(&control, path);
		assert_true(control.fd >= 0);
		control_socket_close(&control);
	}
	atomic_store(&looking, false);
	pthread_join(thread, NULL);
	assert_int_equal(umask(mask), 0);
	assert_int_equal(atomic_load(&seen) & 0600, 0600);
	assert_int_equal(atomic_load(&seen) & WIDER, 0);
}

static void
who_is_who_is_known(void **state)
{
	const struct ucred root = {.uid = 0, .gid = 0};
	const struct ucred self = {.uid = geteuid(), .gid = 1};
	const struct ucred other = {.uid = geteuid() + 1, .gid = 4711};

	(void)state;
	control = (struct control_socket){.fd = -1};
	assert_true(control_socket_allows(&control, &root, -1));
	assert_true(control_socket_allows(&control, &self, -1));
	assert_false(control_socket_allows(&control, &other, -1));
	control.group = 4711;
	assert_false(control_socket_allows(&control, &other, -1));
	control.shared = true;
	assert_true(control_socket_allows(&control, &other, -1));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(it_listens_and_goes),
	    TEST(what_a_dead_daemon_left_gives_way),
	    TEST(what_a_living_daemon_has_stays),
	    TEST(what_another_put_in_its_place_stays),
	    TEST(a_file_that_is_no_socket_stays),
	    TEST(the_folder_is_made),
	    TEST(at_no_moment_may_others_connect),
	    TEST(who_is_who_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
