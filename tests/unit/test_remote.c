#include "ctl/remote.h"

#include <pthread.h>
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

enum { TEXT = 256 };

/* A daemon that hears one request and says what it was told to say. */
static struct {
	char folder[TEXT];
	char path[TEXT];
	int fd;
	pthread_t thread;
	const char *says;
	char request[TEXT];
} server;

/* What a listener got. */
static struct {
	char lines[TEXT];
	unsigned count;
	unsigned enough; /* lines that are wanted */
} listened;

static void *
serve(void *arg)
{
	const int fd = accept(server.fd, NULL, NULL);
	const ssize_t got = recv(fd, server.request, TEXT - 1, 0);

	(void)arg;
	server.request[got < 0 ? 0 : got] = '\0';
	send(fd, server.says, strlen(server.says), MSG_NOSIGNAL);
	close(fd);
	return NULL;
}

static void
start(const char *says)
{
	server.says = says;
	assert_int_equal(pthread_create(&server.thread, NULL, serve, NULL), 0);
}

static int
set_up(void **state)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};

	(void)state;
	memset(&listened, 0, sizeof(listened));
	listened.enough = 100;
	snprintf(server.folder, TEXT, "/tmp/test_remote.XXXXXX");
	assert_non_null(mkdtemp(server.folder));
	snprintf(server.path, TEXT, "%.100s/control", server.folder);
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%.100s", server.path);
	server.fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(server.fd, (const struct sockaddr *)&addr,
			     sizeof(addr)),
	    0);
	return listen(server.fd, 1);
}

static int
tear_down(void **state)
{
	(void)state;
	close(server.fd);
	unlink(server.path);
	rmdir(server.folder);
	return 0;
}

static bool
note_line(void *context, const char *text, const struct node *map)
{
	(void)context;
	(void)text;
	snprintf(listened.lines + strlen(listened.lines),
	    TEXT - strlen(listened.lines), "%llu ", remote_number(map, "n"));
	return ++listened.count < listened.enough;
}

static bool
follow(void)
{
	struct remote remote = {.command = "watch", .socket = server.path};
	const struct remote_listener listener = {
	    .line = note_line,
	    .fd = -1,
	    .wait_ms = -1,
	};
	const bool good = remote_follow(&remote, NULL, 0, &listener);

	remote_close(&remote);
	pthread_join(server.thread, NULL);
	return good;
}

static void
what_is_set_is_said(void **state)
{
	static const uint64_t number = 7;
	struct remote remote = {.command = "flush", .socket = server.path};
	bool good;

	(void)state;
	start("{\"ok\": true, \"n\": 4}\n");
	good = remote_ask(&remote,
	    (const struct remote_argument[]){
		{.name = "name", .text = "a\nb"},
		{.name = "other", .text = NULL},
		{.name = "tree", .flag = true},
		{.name = "negative", .flag = false},
		{.name = "count", .number = &number},
	    },
	    5);
	pthread_join(server.thread, NULL);
	assert_true(good);
	assert_string_equal(server.request,
	    "{\"command\": \"flush\", \"name\": \"a\\nb\", \"tree\": true, "
	    "\"count\": 7}\n");
	assert_int_equal(remote_number(remote.answer, "n"), 4);
	remote_close(&remote);
}

static void
an_error_is_no_answer(void **state)
{
	struct remote remote = {.command = "flush", .socket = server.path};
	bool good;

	(void)state;
	start("{\"ok\": false, \"error\": \"not today\"}\n");
	good = remote_ask(&remote, NULL, 0);
	pthread_join(server.thread, NULL);
	assert_false(good);
	remote_close(&remote);
}

static void
lines_of_a_stream_are_handed_on_one_by_one(void **state)
{
	(void)state;
	start("{\"n\": 1}\n{\"n\": 2}\n{\"n\": 3}\n");
	assert_true(follow());
	assert_string_equal(listened.lines, "1 2 3 ");
}

static void
a_listener_has_had_enough_when_it_says_so(void **state)
{
	(void)state;
	listened.enough = 2;
	start("{\"n\": 1}\n{\"n\": 2}\n{\"n\": 3}\n");
	assert_true(follow());
	assert_string_equal(listened.lines, "1 2 ");
}

static void
an_error_ends_a_stream(void **state)
{
	(void)state;
	start("{\"n\": 1}\n{\"ok\": false, \"error\": \"enough\"}\n{\"n\": "
	      "3}\n");
	assert_false(follow());
	assert_string_equal(listened.lines, "1 ");
}

static void
a_line_that_is_cut_short_is_not_handed_on(void **state)
{
	(void)state;
	start("{\"n\": 1}\n{\"n\": ");
	assert_true(follow());
	assert_string_equal(listened.lines, "1 ");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_is_set_is_said),
	    TEST(an_error_is_no_answer),
	    TEST(lines_of_a_stream_are_handed_on_one_by_one),
	    TEST(a_listener_has_had_enough_when_it_says_so),
	    TEST(an_error_ends_a_stream),
	    TEST(a_line_that_is_cut_short_is_not_handed_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
