#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include <event2/event.h>

#include "io/herd.h"
#include "io/loop.h"

/* Pairs of sockets; what is written to one end makes the other readable. */
enum { PAIRS = 100 };

static struct {
	struct event_base *base;
	struct herd herd;
	int near[PAIRS];
	int far[PAIRS];
	unsigned told[PAIRS];
	bool drops; /* gives each socket up that is told */
} rig;

static bool
is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0 || errno != EBADF;
}

static void
ready(void *arg, uint64_t now)
{
	const size_t pair = (size_t)((unsigned *)arg - rig.told);
	char octet;

	assert_true(now > 0);
	rig.told[pair]++;
	assert_int_equal(read(rig.near[pair], &octet, 1), 1);
	if (rig.drops) {
		herd_drop(&rig.herd, rig.near[pair]);
		/* Nobody gets its number before the turn is over. */
		assert_true(is_open(rig.near[pair]));
	}
}

static int
set_up(void **state)
{
	(void)state;
	rig.base = loop_new();
	assert_non_null(rig.base);
	assert_true(herd_open(&rig.herd, rig.base, ready));
	rig.drops = false;
	for (unsigned i = 0; i < PAIRS; i++) {
		int fds[2];

		assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, fds), 0);
		rig.near[i] = fds[0];
		rig.far[i] = fds[1];
		rig.told[i] = 0;
		assert_true(herd_add(&rig.herd, rig.near[i], &rig.told[i]));
	}
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	herd_close(&rig.herd);
	event_base_free(rig.base);
	for (unsigned i = 0; i < PAIRS; i++) {
		if (is_open(rig.near[i]))
			close(rig.near[i]);
		close(rig.far[i]);
	}
	return 0;
}

static void
write_to(unsigned pair)
{
	assert_int_equal(write(rig.far[pair], "x", 1), 1);
}

static void
run(void)
{
	event_base_loop(rig.base, EVLOOP_NONBLOCK);
}

static void
who_is_readable_is_told_with_its_argument(void **state)
{
	(void)state;
	write_to(3);
	write_to(70);
	run();
	for (unsigned i = 0; i < PAIRS; i++)
		assert_int_equal(rig.told[i], i == 3 || i == 70 ? 1 : 0);
}

static void
more_than_a_turn_takes_are_all_told(void **state)
{
	(void)state;
	for (unsigned i = 0; i < PAIRS; i++)
		write_to(i);
	for (unsigned i = 0; i <= PAIRS / HERD_TURN; i++)
		run();
	for (unsigned i = 0; i < PAIRS; i++)
		assert_int_equal(rig.told[i], 1);
}

static void
who_is_given_up_in_a_turn_is_closed_at_its_end(void **state)
{
	(void)state;
	rig.drops = true;
	for (unsigned i = 0; i < PAIRS; i += i % 10 == 4 ? 2 : 1)
		write_to(i);
	for (unsigned i = 0; i <= PAIRS / HERD_TURN; i++)
		run();
	for (unsigned i = 0; i < PAIRS; i++) {
		assert_int_equal(is_open(rig.near[i]), i % 10 == 5);
		assert_true(is_open(rig.far[i]));
	}
}

static void
who_is_given_up_at_another_time_is_closed_at_once(void **state)
{
	(void)state;
	write_to(1);
	herd_drop(&rig.herd, rig.near[1]);
	assert_false(is_open(rig.near[1]));
	run();
	assert_int_equal(rig.told[1], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		who_is_readable_is_told_with_its_argument, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(more_than_a_turn_takes_are_all_told,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		who_is_given_up_in_a_turn_is_closed_at_its_end, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		who_is_given_up_at_another_time_is_closed_at_once, set_up,
		tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
