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

#include "ctl/notify.h"

/* A service manager that listens in the abstract name space. */
static int
manager_open(void)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	const int len = snprintf(addr.sun_path + 1, sizeof(addr.sun_path) - 1,
	    "notify-test-%d", (int)getpid());
	char text[sizeof(addr.sun_path) + 1];

	assert_int_equal(bind(fd, (const struct sockaddr *)&addr,
			     (socklen_t)(offsetof(struct sockaddr_un,
					     sun_path) +
				 1 + (size_t)len)),
	    0);
	snprintf(text, sizeof(text), "@%s", addr.sun_path + 1);
	setenv("NOTIFY_SOCKET", text, 1);
	return fd;
}

static void
assert_told(int fd, const char *expected)
{
	char text[256];
	const ssize_t len = recv(fd, text, sizeof(text) - 1, 0);

	assert_true(len > 0);
	text[len] = '\0';
	assert_non_null(strstr(text, expected));
}

static void
readiness_comes_with_a_status(void **state)
{
	const int fd = manager_open();

	(void)state;
	notify_ready("listening");
	assert_told(fd, "READY=1\nSTATUS=listening");
	close(fd);
}

static void
reloading_says_since_when(void **state)
{
	const int fd = manager_open();

	(void)state;
	notify_reloading();
	assert_told(fd, "RELOADING=1\nMONOTONIC_USEC=");
	close(fd);
}

static void
stopping_is_told(void **state)
{
	const int fd = manager_open();

	(void)state;
	notify_stopping();
	assert_told(fd, "STOPPING=1");
	close(fd);
}

static void
a_sign_of_life_is_told(void **state)
{
	const int fd = manager_open();

	(void)state;
	notify_watchdog();
	assert_told(fd, "WATCHDOG=1");
	close(fd);
}

static void
the_watchdog_is_ours_alone(void **state)
{
	char pid[16];

	(void)state;
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("WATCHDOG_USEC", "20000000", 1);
	setenv("WATCHDOG_PID", pid, 1);
	assert_int_equal(notify_watchdog_interval(), UINT64_C(20000000000));
	setenv("WATCHDOG_PID", "1", 1);
	assert_int_equal(notify_watchdog_interval(), 0);
	unsetenv("WATCHDOG_PID");
	assert_int_equal(notify_watchdog_interval(), UINT64_C(20000000000));
	setenv("WATCHDOG_USEC", "soon", 1);
	assert_int_equal(notify_watchdog_interval(), 0);
	unsetenv("WATCHDOG_USEC");
	assert_int_equal(notify_watchdog_interval(), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(readiness_comes_with_a_status),
	    cmocka_unit_test(reloading_says_since_when),
	    cmocka_unit_test(stopping_is_told),
	    cmocka_unit_test(a_sign_of_life_is_told),
	    cmocka_unit_test(the_watchdog_is_ours_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
