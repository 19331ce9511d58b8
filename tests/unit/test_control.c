#include "ctl/control.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
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

#include "ctl/control_call.h"

enum { ANSWER = 65536, TURNS = 16 };

static const struct control_argument nothing[] = {{.name = NULL}};

/* A daemon's control thread, and one who is connected to it. */
static struct {
	struct event_base *base;
	struct control_socket socket;
	struct control control;
	int client;
	char answer[ANSWER];
	struct control_call *held;
	unsigned left; /* how often the stream's command was told */
} world;

static void
run_greet(struct control_call *call)
{
	json_writer_text(control_call_writer(call), "greeting", "hello");
	control_call_end(call);
}

static void
run_refuse(struct control_call *call)
{
	control_call_fail(call, "not %s", "today");
}

static void
run_hold(struct control_call *call)
{
	world.held = call;
}

static void
note_left(struct control_call *call)
{
	world.left++;
	world.held = NULL;
	control_call_end(call);
}

static void
run_watch(struct control_call *call)
{
	world.held = call;
	control_call_stream(call, note_left);
	control_call_more(call, "{\"n\": 1}\n", 9);
}

static const struct control_command rows[] = {
    {"greet", nothing, run_greet},
    {"refuse", nothing, run_refuse},
    {"hold", nothing, run_hold},
    {"watch", nothing, run_watch},
};

static const struct control_commands commands = {
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};

/* Abstract: no file that anybody would have to remove. */
static void
own_address(struct sockaddr_un *addr)
{
	*addr = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(addr->sun_path + 1, sizeof(addr->sun_path) - 1,
	    "resolverd-test-%d", getpid());
}

static int
set_up(void **state)
{
	struct sockaddr_un addr;

	(void)state;
	memset(&world, 0, sizeof(world));
	own_address(&addr);
	world.base = event_base_new();
	world.socket.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	assert_int_equal(bind(world.socket.fd, (const struct sockaddr *)&addr,
			     sizeof(addr)),
	    0);
	assert_int_equal(listen(world.socket.fd, 16), 0);
	world.control = (struct control){
	    .socket = &world.socket,
	    .commands = &commands,
	};
	control_start(&world.control, world.base);
	world.client = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(connect(world.client, (const struct sockaddr *)&addr,
			     sizeof(addr)),
	    0);
	fcntl(world.client, F_SETFL, O_NONBLOCK);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	control_stop(&world.control);
	event_base_free(world.base);
	close(world.socket.fd);
	if (world.client >= 0)
		close(world.client);
	return 0;
}

/* Lets the control thread do what there is to do, without waiting. */
static void
turn(void)
{
	for (unsigned i = 0; i < TURNS; i++)
		event_base_loop(world.base, EVLOOP_NONBLOCK);
}

static void
say(const char *text)
{
	assert_int_equal(send(world.client, text, strlen(text), 0),
	    strlen(text));
	turn();
}

/* All that has come by now. */
static const char *
heard(void)
{
	size_t len = 0;
	ssize_t got;

	while ((got = recv(world.client, world.answer + len, ANSWER - 1 - len,
		    0)) > 0)
		len += (size_t)got;
	world.answer[len] = '\0';
	return world.answer;
}

/* Whether the daemon has hung up, once all is read. */
static bool
is_hung_up(void)
{
	char octet;

	return recv(world.client, &octet, 1, 0) == 0;
}

static void
an_answer_is_sent_and_the_daemon_hangs_up(void **state)
{
	(void)state;
	say("{\"command\": \"greet\"}\n");
	assert_string_equal(heard(),
	    "{\n  \"ok\": true,\n  \"greeting\": \"hello\"\n}\n");
	assert_true(is_hung_up());
}

static void
a_failure_is_an_answer_too(void **state)
{
	(void)state;
	say("{\"command\": \"refuse\"}\n");
	assert_string_equal(heard(),
	    "{\"ok\": false, \"error\": \"not today\"}\n");
}

static void
an_answer_may_come_later(void **state)
{
	(void)state;
	say("{\"command\": \"hold\"}\n");
	assert_string_equal(heard(), "");
	run_greet(world.held);
	turn();
	assert_non_null(strstr(heard(), "hello"));
}

static void
who_waits_is_told_that_the_daemon_stops(void **state)
{
	(void)state;
	say("{\"command\": \"hold\"}\n");
	control_stop(&world.control);
	assert_string_equal(heard(),
	    "{\"ok\": false, \"error\": \"resolverd is stopping\"}\n");
	turn();
	assert_true(is_hung_up());
	control_call_fail(world.held, "nobody hears this");
}

static void
who_has_not_asked_yet_is_told_too(void **state)
{
	(void)state;
	say("{\"command\"");
	control_stop(&world.control);
	assert_string_equal(heard(),
	    "{\"ok\": false, \"error\": \"resolverd is stopping\"}\n");
}

static void
an_answer_that_was_not_taken_yet_is_not_lost(void **state)
{
	(void)state;
	say("{\"command\": \"hold\"}\n");
	run_greet(world.held);
	control_stop(&world.control);
	assert_string_equal(heard(),
	    "{\n  \"ok\": true,\n  \"greeting\": \"hello\"\n}\n");
}

static void
a_stream_goes_on_until_it_is_ended(void **state)
{
	(void)state;
	say("{\"command\": \"watch\"}\n");
	control_call_more(world.held, "{\"n\": 2}\n", 9);
	turn();
	assert_string_equal(heard(), "{\"n\": 1}\n{\"n\": 2}\n");
	assert_false(is_hung_up());
	control_call_end(world.held);
	turn();
	assert_true(is_hung_up());
	assert_int_equal(world.left, 0);
}

static void
a_stream_that_fails_says_so_in_its_last_line(void **state)
{
	(void)state;
	say("{\"command\": \"watch\"}\n");
	control_call_fail(world.held, "no more");
	turn();
	assert_string_equal(heard(),
	    "{\"n\": 1}\n{\"ok\": false, \"error\": \"no more\"}\n");
	assert_true(is_hung_up());
}

static void
a_stream_ends_with_who_asked_for_it(void **state)
{
	(void)state;
	say("{\"command\": \"watch\"}\n");
	close(world.client);
	world.client = -1;
	turn();
	assert_int_equal(world.left, 1);
}

static void
what_is_said_during_a_stream_is_ignored(void **state)
{
	(void)state;
	say("{\"command\": \"watch\"}\n");
	say("{\"command\": \"greet\"}\n");
	assert_string_equal(heard(), "{\"n\": 1}\n");
	assert_int_equal(world.left, 0);
	control_call_end(world.held);
}

/* So much that neither the sockets nor the daemon hold it. */
static void
send_too_much(void)
{
	static char text[ANSWER];

	memset(text, ' ', sizeof(text));
	for (unsigned i = 0; i < 2 * TURNS && world.held != NULL; i++) {
		control_call_more(world.held, text, sizeof(text));
		turn();
	}
}

static void
who_does_not_read_a_stream_is_cut_off(void **state)
{
	(void)state;
	say("{\"command\": \"watch\"}\n");
	send_too_much();
	assert_int_equal(world.left, 1);
	assert_null(world.control.connections[0].stream);
}

static void
a_stream_is_not_cut_off_while_the_command_writes(void **state)
{
	static char text[ANSWER];

	(void)state;
	memset(text, ' ', sizeof(text));
	say("{\"command\": \"watch\"}\n");
	for (unsigned i = 0; i < 2 * TURNS; i++)
		control_call_more(world.held, text, sizeof(text));
	assert_int_equal(world.left, 0);
	turn();
	assert_int_equal(world.left, 1);
}

static void
a_stream_is_told_that_the_daemon_stops(void **state)
{
	(void)state;
	say("{\"command\": \"watch\"}\n");
	control_stop(&world.control);
	assert_string_equal(heard(),
	    "{\"n\": 1}\n"
	    "{\"ok\": false, \"error\": \"resolverd is stopping\"}\n");
	assert_int_equal(world.left, 1);
}

static void
an_order_names_who_gave_it(void **state)
{
	char expected[64];
	char asker[CONTROL_ASKER];

	(void)state;
	say("{\"command\": \"hold\"}\n");
	snprintf(expected, sizeof(expected), "(uid %u, pid %d)", getuid(),
	    getpid());
	assert_non_null(
	    strstr(control_call_asker(world.held, asker), expected));
	run_greet(world.held);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_answer_is_sent_and_the_daemon_hangs_up),
	    TEST(a_failure_is_an_answer_too),
	    TEST(an_answer_may_come_later),
	    TEST(who_waits_is_told_that_the_daemon_stops),
	    TEST(who_has_not_asked_yet_is_told_too),
	    TEST(an_answer_that_was_not_taken_yet_is_not_lost),
	    TEST(a_stream_goes_on_until_it_is_ended),
	    TEST(a_stream_that_fails_says_so_in_its_last_line),
	    TEST(a_stream_ends_with_who_asked_for_it),
	    TEST(what_is_said_during_a_stream_is_ignored),
	    TEST(who_does_not_read_a_stream_is_cut_off),
	    TEST(a_stream_is_not_cut_off_while_the_command_writes),
	    TEST(a_stream_is_told_that_the_daemon_stops),
	    TEST(an_order_names_who_gave_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
