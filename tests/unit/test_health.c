#include "ctl/health.h"

#include <dirent.h>
#include <event2/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/snapshot.h"
#include "io/clock.h"
#include "io/loop.h"
#include "model/compile.h"

/*
 * Checks of real listeners on loopback.  Whatever is waited for comes within
 * PATIENCE seconds or the test fails.
 */
enum {
	PATIENCE = 10,
	INTERVAL = 20,	  /* milliseconds */
	LONG = 60000,	  /* never comes again within a test */
	CONNECTIONS = 64, /* attempts at a time */
	MANY = 200,	  /* more than that */
	LOG_TEXT = 4096,
};

#define MILLISECOND (CLOCK_SECOND / 1000)

static struct event_base *base;
static struct health health;
static int kept_stderr;
static int log_pipe[2];

static int
set_up(void **state)
{
	(void)state;
	base = loop_new();
	assert_non_null(base);
	health_init(&health, base);
	assert_int_equal(pipe(log_pipe), 0);
	kept_stderr = dup(STDERR_FILENO);
	return dup2(log_pipe[1], STDERR_FILENO) < 0 ? -1 : 0;
}

static int
tear_down(void **state)
{
	(void)state;
	dup2(kept_stderr, STDERR_FILENO);
	close(kept_stderr);
	close(log_pipe[0]);
	close(log_pipe[1]);
	health_stop(&health);
	event_base_free(base);
	return 0;
}

/* What was logged since the last look. */
static const char *
logged(void)
{
	static char text[LOG_TEXT];
	ssize_t got;

	/* Never empty, so that the read does not wait. */
	assert_int_equal(write(log_pipe[1], ".", 1), 1);
	got = read(log_pipe[0], text, sizeof(text) - 1);
	assert_true(got > 0);
	text[got - 1] = '\0';
	return text;
}

/* One line is what was logged, and this is it. */
static void
assert_logged(const char *level, const struct addr *addr, const char *fact)
{
	char text[ADDR_TEXT];
	char line[LOG_TEXT];

	snprintf(line, sizeof(line), "resolverd: %shealth: %s %s\n", level,
	    addr_format(addr, text), fact);
	assert_string_equal(logged(), line);
}

/* Listeners. */

/* Binds to a port of the kernel's choice, or of addr when it has one. */
static int
open_bound(const char *host, struct addr *addr)
{
	const int on = 1;
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (addr->len == 0) {
		assert_true(addr_parse(host, 1, addr));
		addr_set_port(addr, 0);
	}
	assert_int_equal(bind(fd, &addr->u.any, addr->len), 0);
	assert_int_equal(getsockname(fd, &addr->u.any, &addr->len), 0);
	return fd;
}

static int
open_listener(const char *host, struct addr *addr)
{
	const int fd = open_bound(host, addr);

	assert_int_equal(listen(fd, SOMAXCONN), 0);
	return fd;
}

/* A listener whose queue is full: attempts to reach it get no answer. */
struct silent {
	struct addr addr;
	int listener;
	int clients[2];
};

static void
open_silent(const char *host, struct silent *silent)
{
	struct addr to;

	silent->addr = (struct addr){.len = 0};
	silent->listener = open_bound(host, &silent->addr);
	assert_int_equal(listen(silent->listener, 0), 0);
	assert_true(addr_parse("127.0.0.1", addr_port(&silent->addr), &to));
	for (size_t i = 0; i < 2; i++) {
		silent->clients[i] =
		    socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)connect(silent->clients[i], &to.u.any, to.len);
	}
}

static void
close_silent(const struct silent *silent)
{
	close(silent->listener);
	close(silent->clients[0]);
	close(silent->clients[1]);
}

/* Takes all connections that wait; how many there were. */
static unsigned
accept_all(int listener)
{
	unsigned count = 0;
	int fd;

	while ((fd = accept(listener, NULL, NULL)) >= 0) {
		close(fd);
		count++;
	}
	return count;
}

/* A snapshot that asks for the health of count addresses. */
static const struct snapshot *
make_snapshot(const struct addr *addrs, size_t count)
{
	struct arena arena;
	struct snapshot *snapshot;
	struct health_target *targets;

	arena_init_heap(&arena, 4096);
	snapshot = arena_calloc(&arena, 1, sizeof(*snapshot));
	snapshot->life = arena_calloc(&arena, 1, sizeof(*snapshot->life));
	targets = arena_calloc(&arena, count, sizeof(*targets));
	atomic_init(&snapshot->life->references, 1);
	snapshot->life->snapshot = snapshot;
	for (size_t i = 0; i < count; i++)
		targets[i].addr = addrs[i];
	snapshot->health = targets;
	snapshot->health_count = count;
	snapshot->arena = arena;
	return snapshot;
}

/* Follows a new snapshot, which lives until another is followed. */
static const struct snapshot *
follow(const struct addr *addrs, size_t count, uint32_t interval)
{
	const struct snapshot *snapshot = make_snapshot(addrs, count);

	health_mark(&health, snapshot);
	health_follow(&health, snapshot, interval);
	return snapshot;
}

static bool
is_down(const struct snapshot *snapshot, size_t index)
{
	return atomic_load(&snapshot->health[index].down);
}

/* One turn of the loop, which must not come too late. */
static void
turn(uint64_t began)
{
	assert_true(clock_now() - began < PATIENCE * CLOCK_SECOND);
	event_base_loop(base, EVLOOP_ONCE);
}

static void
wait_until_down(const struct snapshot *snapshot, size_t index)
{
	const uint64_t began = clock_now();

	while (!is_down(snapshot, index))
		turn(began);
}

/* Runs until count connections have come; no more than that may. */
static void
wait_for_connections(int listener, unsigned count)
{
	const uint64_t began = clock_now();
	unsigned came = accept_all(listener);

	while (came < count) {
		turn(began);
		came += accept_all(listener);
	}
	assert_int_equal(came, count);
}

static size_t
open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t count = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count;
}

/* What results mean. */

static void
the_first_failure_counts_at_once(void **state)
{
	struct health_history history = {.tried = false};

	(void)state;
	assert_true(health_judge(&history, true));
	assert_true(history.down);
}

static void
the_first_success_changes_nothing(void **state)
{
	struct health_history history = {.tried = false};

	(void)state;
	assert_false(health_judge(&history, false));
	assert_false(health_judge(&history, true));
	assert_false(history.down);
}

static void
two_failures_in_a_row_take_it_down(void **state)
{
	struct health_history history = {.tried = true};

	(void)state;
	assert_false(health_judge(&history, true));
	assert_false(history.down);
	assert_true(health_judge(&history, true));
	assert_true(history.down);
	assert_false(health_judge(&history, true));
}

static void
two_successes_in_a_row_bring_it_back(void **state)
{
	struct health_history history = {.tried = true, .down = true};

	(void)state;
	assert_false(health_judge(&history, false));
	assert_true(history.down);
	assert_true(health_judge(&history, false));
	assert_false(history.down);
}

static void
failures_that_alternate_do_not_count(void **state)
{
	struct health_history history = {.tried = true};

	(void)state;
	assert_false(health_judge(&history, true));
	assert_false(health_judge(&history, false));
	assert_false(health_judge(&history, true));
	assert_false(health_judge(&history, false));
	assert_false(history.down);
}

static void
a_change_starts_the_count_again(void **state)
{
	struct health_history history = {.tried = true};

	(void)state;
	health_judge(&history, true);
	health_judge(&history, true);
	assert_false(health_judge(&history, false));
	assert_true(health_judge(&history, false));
	assert_false(health_judge(&history, true));
	assert_true(health_judge(&history, true));
}

/* Real addresses. */

static void
who_accepts_is_up(void **state)
{
	struct addr addr = {.len = 0};
	const int listener = open_listener("127.0.0.1", &addr);
	const struct snapshot *snapshot;

	(void)state;
	snapshot = follow(&addr, 1, INTERVAL);
	wait_for_connections(listener, 1);
	wait_for_connections(listener, 1);
	wait_for_connections(listener, 1);
	assert_false(is_down(snapshot, 0));
	assert_string_equal(logged(), "");
	close(listener);
}

static void
who_refuses_is_down(void **state)
{
	struct addr addr = {.len = 0};

	(void)state;
	close(open_bound("127.0.0.1", &addr));
	wait_until_down(follow(&addr, 1, LONG), 0);
	assert_logged("warning: ", &addr, "is down: connection refused");
}

static void
who_is_silent_for_an_interval_is_down(void **state)
{
	struct silent silent;

	(void)state;
	open_silent("127.0.0.1", &silent);
	wait_until_down(follow(&silent.addr, 1, INTERVAL), 0);
	assert_logged("warning: ", &silent.addr,
	    "is down: connection timed out");
	close_silent(&silent);
}

static void
an_ipv6_address_is_tried(void **state)
{
	struct addr addr = {.len = 0};
	struct addr six;

	(void)state;
	close(open_bound("127.0.0.1", &addr));
	/* Mapped, so that a host without IPv6 has it too. */
	assert_true(addr_parse("::ffff:127.0.0.1", addr_port(&addr), &six));
	wait_until_down(follow(&six, 1, LONG), 0);
	assert_non_null(strstr(logged(), "health: [::ffff:127.0.0.1]:"));
}

static void
who_comes_back_is_up_after_two_connections(void **state)
{
	struct addr addr = {.len = 0};
	const struct snapshot *snapshot;
	uint64_t began;
	unsigned came = 0;
	int listener;

	(void)state;
	close(open_bound("127.0.0.1", &addr));
	snapshot = follow(&addr, 1, INTERVAL);
	wait_until_down(snapshot, 0);
	logged();
	listener = open_listener("127.0.0.1", &addr);
	began = clock_now();
	while (is_down(snapshot, 0)) {
		turn(began);
		came += accept_all(listener);
	}
	assert_int_equal(came, 2);
	assert_logged("", &addr, "is up");
	close(listener);
}

static void
who_goes_away_is_down_after_a_while(void **state)
{
	struct addr addr = {.len = 0};
	const int listener = open_listener("127.0.0.1", &addr);
	const struct snapshot *snapshot;

	(void)state;
	snapshot = follow(&addr, 1, INTERVAL);
	wait_for_connections(listener, 1);
	close(listener);
	wait_until_down(snapshot, 0);
}

static void
each_address_has_a_health_of_its_own(void **state)
{
	struct addr addrs[3] = {{.len = 0}};
	const int first = open_listener("127.0.0.1", &addrs[0]);
	const int last = open_listener("127.0.0.1", &addrs[2]);
	const struct snapshot *snapshot;

	(void)state;
	close(open_bound("127.0.0.1", &addrs[1]));
	snapshot = follow(addrs, 3, INTERVAL);
	wait_until_down(snapshot, 1);
	wait_for_connections(first, 2);
	wait_for_connections(last, 2);
	assert_false(is_down(snapshot, 0));
	assert_false(is_down(snapshot, 2));
	close(first);
	close(last);
}

/* Each address of 127.0.0.0/24 from .1 on, at a port. */
static void
fill_addresses(struct addr *addrs, size_t count, uint16_t port)
{
	for (size_t i = 0; i < count; i++) {
		char host[ADDR_TEXT];

		snprintf(host, sizeof(host), "127.0.0.%zu", i + 1);
		assert_true(addr_parse(host, port, &addrs[i]));
	}
}

static void
no_more_than_some_are_tried_at_a_time(void **state)
{
	static struct addr addrs[MANY];
	const size_t before = open_descriptors();
	struct silent silent;

	(void)state;
	open_silent("0.0.0.0", &silent);
	fill_addresses(addrs, MANY, addr_port(&silent.addr));
	follow(addrs, MANY, LONG);
	event_base_loop(base, EVLOOP_NONBLOCK);
	assert_int_equal(open_descriptors(), before + 3 + CONNECTIONS);
	close_silent(&silent);
}

static void
all_of_many_get_their_turn(void **state)
{
	static struct addr addrs[MANY];
	const struct snapshot *snapshot;
	struct silent silent;

	(void)state;
	open_silent("0.0.0.0", &silent);
	fill_addresses(addrs, MANY, addr_port(&silent.addr));
	snapshot = follow(addrs, MANY, INTERVAL);
	for (size_t i = 0; i < MANY; i++)
		wait_until_down(snapshot, i);
	logged();
	close_silent(&silent);
}

static void
checks_are_spread_over_the_interval(void **state)
{
	enum { COUNT = 8, SPREAD = 400 };
	struct addr addrs[COUNT];
	struct addr any = {.len = 0};
	const int listener = open_listener("0.0.0.0", &any);
	uint64_t began;

	(void)state;
	fill_addresses(addrs, COUNT, addr_port(&any));
	follow(addrs, COUNT, SPREAD);
	wait_for_connections(listener, COUNT);
	began = clock_now();
	wait_for_connections(listener, 1);
	for (unsigned i = 1; i < COUNT; i++)
		wait_for_connections(listener, 1);
	assert_true(clock_now() - began > SPREAD / 2 * MILLISECOND);
	close(listener);
}

/* Reloads. */

static void
what_is_known_holds_for_the_next_snapshot(void **state)
{
	struct addr addrs[2] = {{.len = 0}};
	const int listener = open_listener("127.0.0.1", &addrs[0]);
	const struct snapshot *snapshot;

	(void)state;
	close(open_bound("127.0.0.1", &addrs[1]));
	wait_until_down(follow(addrs, 2, LONG), 1);
	logged();
	snapshot = make_snapshot(&addrs[1], 1);
	health_mark(&health, snapshot);
	assert_true(is_down(snapshot, 0));
	health_follow(&health, snapshot, LONG);
	event_base_loop(base, EVLOOP_NONBLOCK);
	assert_true(is_down(snapshot, 0));
	assert_string_equal(logged(), "");
	close(listener);
}

/* In an order that is not the one they are kept in. */
static void
each_of_many_stays_known(void **state)
{
	enum { COUNT = 8 };
	struct addr addrs[COUNT];
	struct addr any = {.len = 0};
	const struct snapshot *snapshot;

	(void)state;
	close(open_bound("0.0.0.0", &any));
	fill_addresses(addrs, COUNT, addr_port(&any));
	for (size_t i = 0; i < COUNT / 2; i++) {
		const struct addr held = addrs[i];

		addrs[i] = addrs[COUNT - 1 - i];
		addrs[COUNT - 1 - i] = held;
	}
	snapshot = follow(addrs, COUNT, LONG);
	for (size_t i = 0; i < COUNT; i++)
		wait_until_down(snapshot, i);
	snapshot = follow(addrs, COUNT, LONG);
	for (size_t i = 0; i < COUNT; i++)
		assert_true(is_down(snapshot, i));
	logged();
}

static void
a_reload_tries_new_addresses_alone(void **state)
{
	struct addr addrs[2] = {{.len = 0}};
	const int old = open_listener("127.0.0.1", &addrs[0]);
	int new;

	(void)state;
	/* Of one port, the old one is kept first. */
	assert_true(addr_parse("127.0.0.2", addr_port(&addrs[0]), &addrs[1]));
	new = open_listener("127.0.0.2", &addrs[1]);
	follow(&addrs[0], 1, LONG);
	wait_for_connections(old, 1);
	event_base_loop(base, EVLOOP_NONBLOCK);
	follow(addrs, 2, LONG);
	wait_for_connections(new, 1);
	assert_int_equal(accept_all(old), 0);
	close(old);
	close(new);
}

static void
an_address_that_went_is_forgotten(void **state)
{
	struct addr addrs[2] = {{.len = 0}};

	(void)state;
	close(open_bound("127.0.0.1", &addrs[0]));
	close(open_bound("127.0.0.1", &addrs[1]));
	wait_until_down(follow(&addrs[0], 1, LONG), 0);
	follow(&addrs[1], 1, LONG);
	assert_false(is_down(follow(addrs, 2, LONG), 0));
	logged();
}

/* A reload in each turn must not begin the attempt anew. */
static void
an_attempt_outlives_reloads(void **state)
{
	const uint64_t began = clock_now();
	const struct snapshot *snapshot;
	struct silent silent;

	(void)state;
	open_silent("127.0.0.1", &silent);
	snapshot = follow(&silent.addr, 1, 10 * INTERVAL);
	while (!is_down(snapshot, 0)) {
		assert_true(clock_now() - began < PATIENCE * CLOCK_SECOND);
		event_base_loop(base, EVLOOP_NONBLOCK);
		snapshot = follow(&silent.addr, 1, 10 * INTERVAL);
	}
	logged();
	close_silent(&silent);
}

static void
a_snapshot_is_given_back_when_another_is_followed(void **state)
{
	struct addr addr = {.len = 0};
	const int listener = open_listener("127.0.0.1", &addr);
	const struct snapshot *snapshot = make_snapshot(&addr, 1);

	(void)state;
	health_follow(&health, snapshot_hold(snapshot), INTERVAL);
	follow(&addr, 1, INTERVAL);
	assert_true(snapshot_drop(snapshot));
	compile_free(snapshot->life->snapshot);
	wait_for_connections(listener, 2);
	close(listener);
}

static void
stopping_leaves_nothing_behind(void **state)
{
	const size_t before = open_descriptors();
	struct addr addrs[2];
	struct silent silent;
	const struct snapshot *snapshot;

	(void)state;
	open_silent("127.0.0.1", &silent);
	addrs[0] = silent.addr;
	addrs[1] = (struct addr){.len = 0};
	close(open_bound("127.0.0.1", &addrs[1]));
	snapshot = make_snapshot(addrs, 2);
	health_follow(&health, snapshot_hold(snapshot), LONG);
	event_base_loop(base, EVLOOP_NONBLOCK);
	health_stop(&health);
	close_silent(&silent);
	assert_int_equal(open_descriptors(), before);
	assert_int_equal(event_base_loop(base, EVLOOP_NONBLOCK), 1);
	assert_true(snapshot_drop(snapshot));
	compile_free(snapshot->life->snapshot);
	logged();
}

static void
no_addresses_are_no_work(void **state)
{
	(void)state;
	follow(NULL, 0, INTERVAL);
	assert_int_equal(event_base_loop(base, EVLOOP_NONBLOCK), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(the_first_failure_counts_at_once,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(the_first_success_changes_nothing,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(two_failures_in_a_row_take_it_down,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		two_successes_in_a_row_bring_it_back, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		failures_that_alternate_do_not_count, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_change_starts_the_count_again,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(who_accepts_is_up, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(who_refuses_is_down, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		who_is_silent_for_an_interval_is_down, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(an_ipv6_address_is_tried, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		who_comes_back_is_up_after_two_connections, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(who_goes_away_is_down_after_a_while,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		each_address_has_a_health_of_its_own, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		no_more_than_some_are_tried_at_a_time, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(all_of_many_get_their_turn, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(checks_are_spread_over_the_interval,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		what_is_known_holds_for_the_next_snapshot, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(each_of_many_stays_known, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(a_reload_tries_new_addresses_alone,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(an_address_that_went_is_forgotten,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(an_attempt_outlives_reloads, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		a_snapshot_is_given_back_when_another_is_followed, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(stopping_leaves_nothing_behind,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(no_addresses_are_no_work, set_up,
		tear_down),
	};

	return cmocka_run_group_tests_name("health", tests, NULL, NULL);
}
