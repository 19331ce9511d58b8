#include "ctl/activation.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/socket.h"

/* cmocka's own files may be open: what is handed over begins at 3. */
enum { FIRST = 3, MOST = 2, KEPT_FROM = 100 };

static struct activation activation;
static int kept[MOST]; /* what was there before */

static int
setup(void **state)
{
	(void)state;
	memset(&activation, 0, sizeof(activation));
	for (int i = 0; i < MOST; i++)
		kept[i] = fcntl(FIRST + i, F_DUPFD_CLOEXEC, KEPT_FROM);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	activation_close(&activation);
	for (int i = 0; i < MOST; i++) {
		close(FIRST + i);
		if (kept[i] < 0)
			continue;
		dup2(kept[i], FIRST + i);
		close(kept[i]);
	}
	return 0;
}

static void
announce(long pid, const char *count)
{
	char text[32];

	snprintf(text, sizeof(text), "%ld", pid);
	setenv("LISTEN_PID", text, 1);
	setenv("LISTEN_FDS", count, 1);
	setenv("LISTEN_FDNAMES", "a:b", 1);
}

/* A socket on a free port of 127.0.0.1 as descriptor FIRST + n. */
static struct addr
hand_over(int n, int type, bool listening)
{
	struct addr addr;
	const int fd = socket(AF_INET, type, 0);

	assert_true(addr_parse("127.0.0.1", 0, &addr));
	assert_int_equal(bind(fd, &addr.u.any, addr.len), 0);
	if (listening)
		assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, &addr.u.any, &addr.len), 0);
	if (fd != FIRST + n) {
		assert_int_equal(dup2(fd, FIRST + n), FIRST + n);
		close(fd);
	}
	return addr;
}

static void
sockets_are_found_by_address_and_type(void **state)
{
	const struct addr udp = hand_over(0, SOCK_DGRAM, false);
	const struct addr tcp = hand_over(1, SOCK_STREAM, true);
	int fd;

	(void)state;
	announce(getpid(), "2");
	assert_int_equal(activation_receive(&activation), EXIT_CODE_OK);
	assert_int_equal(activation.count, 2);
	assert_true(activation_has(&activation, &udp, SOCK_DGRAM));
	assert_false(activation_has(&activation, &udp, SOCK_STREAM));
	fd = activation_take(&activation, &tcp, SOCK_STREAM);
	assert_true(fd >= 0);
	assert_true((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
	assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	close(fd);
}

static void
the_variables_do_not_reach_children(void **state)
{
	(void)state;
	hand_over(0, SOCK_DGRAM, false);
	announce(getpid(), "1");
	assert_int_equal(activation_receive(&activation), EXIT_CODE_OK);
	assert_null(getenv("LISTEN_PID"));
	assert_null(getenv("LISTEN_FDS"));
	assert_null(getenv("LISTEN_FDNAMES"));
}

static void
what_is_meant_for_another_process_is_left_alone(void **state)
{
	(void)state;
	announce(getpid() + 1, "2");
	assert_int_equal(activation_receive(&activation), EXIT_CODE_OK);
	assert_int_equal(activation.count, 0);
}

static void
nothing_handed_over_is_no_error(void **state)
{
	(void)state;
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	assert_int_equal(activation_receive(&activation), EXIT_CODE_OK);
	assert_int_equal(activation.count, 0);
}

static void
a_stream_that_does_not_listen_is_refused(void **state)
{
	(void)state;
	hand_over(0, SOCK_STREAM, false);
	announce(getpid(), "1");
	assert_int_equal(activation_receive(&activation), EXIT_CODE_NETWORK);
}

static void
a_second_socket_of_the_same_address_is_refused(void **state)
{
	static const int on = 1;
	const struct addr addr = hand_over(0, SOCK_DGRAM, false);
	const int fd = socket(AF_INET, SOCK_DGRAM, 0);

	(void)state;
	setsockopt(FIRST, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	assert_int_equal(bind(fd, &addr.u.any, addr.len), 0);
	assert_int_equal(dup2(fd, FIRST + 1), FIRST + 1);
	if (fd != FIRST + 1)
		close(fd);
	announce(getpid(), "2");
	assert_int_equal(activation_receive(&activation), EXIT_CODE_NETWORK);
}

static void
what_is_no_socket_is_refused(void **state)
{
	const int fd = open("/dev/null", O_RDONLY);

	(void)state;
	assert_int_equal(dup2(fd, FIRST), FIRST);
	if (fd != FIRST)
		close(fd);
	announce(getpid(), "1");
	assert_int_equal(activation_receive(&activation), EXIT_CODE_NETWORK);
}

static void
a_number_out_of_bounds_is_refused(void **state)
{
	(void)state;
	announce(getpid(), "1000");
	assert_int_equal(activation_receive(&activation), EXIT_CODE_NETWORK);
	assert_int_equal(activation.count, 0);
	announce(getpid(), "2x");
	assert_int_equal(activation_receive(&activation), EXIT_CODE_OK);
	assert_int_equal(activation.count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(sockets_are_found_by_address_and_type),
	    TEST(the_variables_do_not_reach_children),
	    TEST(what_is_meant_for_another_process_is_left_alone),
	    TEST(nothing_handed_over_is_no_error),
	    TEST(a_stream_that_does_not_listen_is_refused),
	    TEST(a_second_socket_of_the_same_address_is_refused),
	    TEST(what_is_no_socket_is_refused),
	    TEST(a_number_out_of_bounds_is_refused),
	};

	return cmocka_run_group_tests_name("activation", tests, NULL, NULL);
}
