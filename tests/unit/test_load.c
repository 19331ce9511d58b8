#include "config/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct model model;
static struct diag diag;

static int
set_up(void **state)
{
	(void)state;
	diag_init(&diag);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	model_fini(&model);
	diag_fini(&diag);
	return 0;
}

static bool
load(const char *text, const struct load_overrides *overrides)
{
	char copy[256];
	FILE *file;
	bool good;

	snprintf(copy, sizeof(copy), "%s", text);
	file = fmemopen(copy, strlen(copy), "r");
	assert_non_null(file);
	good = load_model_file(file, "t.yaml", overrides, &model, &diag);
	fclose(file);
	return good;
}

static void
assert_messages(const char *expected)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	diag_print(&diag, out);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void
no_file_is_the_defaults(void **state)
{
	const struct load_overrides none = {.mode = NULL};
	const struct model_text *presets;

	(void)state;
	assert_true(load_model(NULL, &none, &model, &diag));
	presets = model.presets.items;
	assert_int_equal(model.mode, MODE_RESTRICTED);
	assert_int_equal(model.presets.count, 1);
	assert_string_equal(presets[0].text, "cloud-run");
	assert_int_equal(model.ttl, 60);
	assert_int_equal(model.upstreams.count, 0);
	assert_int_equal(model.options.edns_udp_size, 512);
	assert_true(model.options.extended_errors);
}

static void
a_file_that_is_not_there_is_an_error(void **state)
{
	const struct load_overrides none = {.mode = NULL};

	(void)state;
	assert_false(load_model("/nonexistent/x.yaml", &none, &model, &diag));
	assert_messages("/nonexistent/x.yaml: error: cannot be opened: No "
			"such file or directory\n");
}

static void
a_directory_is_an_error(void **state)
{
	const struct load_overrides none = {.mode = NULL};

	(void)state;
	assert_false(load_model("/", &none, &model, &diag));
	assert_messages("/: error: cannot be read: Is a directory\n");
}

static void
the_command_line_wins_over_the_file(void **state)
{
	const char *const listen[] = {"127.0.0.1:5353", "[::1]:5353"};
	const char *const upstreams[] = {"10.0.0.9"};
	const struct load_overrides overrides = {
	    .mode = "psc=10.10.10.10",
	    .listen = listen,
	    .listen_count = 2,
	    .upstreams = upstreams,
	    .upstream_count = 1,
	};
	const struct model_server *servers;
	const struct model_addr *addrs;
	char text[ADDR_TEXT];

	(void)state;
	assert_true(load("mode: off\nupstreams: [10.0.0.1, 10.0.0.2]\n"
			 "listen: [127.0.0.1]\n",
	    &overrides));
	assert_int_equal(model.mode, MODE_PSC);
	assert_string_equal(addr_format_host(&model.psc_address.addr, text),
	    "10.10.10.10");
	assert_int_equal(model.upstreams.count, 1);
	servers = model.upstreams.items;
	assert_string_equal(addr_format(&servers[0].server.addr, text),
	    "10.0.0.9:53");
	assert_int_equal(model.listen.count, 2);
	addrs = model.listen.items;
	assert_string_equal(addr_format(&addrs[1].addr, text), "[::1]:5353");
}

static void
every_mistake_on_the_command_line_names_its_option(void **state)
{
	const char *const listen[] = {"localhost"};
	const char *const upstreams[] = {"10.0.0.2", "10.0.0.2:53", "0.0.0.0",
	    "dns.google"};
	const struct load_overrides overrides = {
	    .mode = "restrcted",
	    .listen = listen,
	    .listen_count = 1,
	    .upstreams = upstreams,
	    .upstream_count = 4,
	};

	(void)state;
	assert_false(load_model(NULL, &overrides, &model, &diag));
	assert_messages(
	    "-m: error: the mode must be restricted, private, psc=ADDRESS or "
	    "off, not 'restrcted' (did you mean \"restricted\"?)\n"
	    "-l: error: 'localhost' is not an address such as 10.0.0.2, "
	    "10.0.0.2:5353 or [2001:db8::1]:53\n"
	    "-u: error: 'dns.google' is not a server such as 10.0.0.2, "
	    "\"[2001:db8::1]:53\" or tls://8.8.8.8#dns.google\n"
	    "-u: note: a server is given by its address: nobody could look up "
	    "its name\n"
	    "-u: error: 10.0.0.2 is given twice\n"
	    "-u: error: 0.0.0.0 stands for any address: no server can be "
	    "asked there\n");
}

static void
psc_on_the_command_line_needs_an_address(void **state)
{
	const struct load_overrides bare = {.mode = "psc"};
	const struct load_overrides broken = {.mode = "psc=10.10.10"};

	(void)state;
	assert_false(load_model(NULL, &bare, &model, &diag));
	model_fini(&model);
	assert_false(load_model(NULL, &broken, &model, &diag));
	assert_messages(
	    "-m: error: psc needs the endpoint's address: "
	    "-m psc=10.10.10.10\n"
	    "-m: error: psc= needs an IPv4 address such as 10.10.10.10, not "
	    "'10.10.10'\n");
}

static void
psc_on_the_command_line_takes_the_address_of_the_file(void **state)
{
	const struct load_overrides bare = {.mode = "psc"};
	char text[ADDR_TEXT];

	(void)state;
	assert_true(load("psc_address: 10.10.10.10\n", &bare));
	assert_int_equal(model.mode, MODE_PSC);
	assert_string_equal(addr_format_host(&model.psc_address.addr, text),
	    "10.10.10.10");
}

static void
an_upstream_on_the_command_line_that_is_the_daemon_is_refused(void **state)
{
	const char *const listen[] = {"[::]:5300"};
	const char *const upstreams[] = {"[::1]:5300", "127.0.0.1:5300"};
	const struct load_overrides overrides = {
	    .listen = listen,
	    .listen_count = 1,
	    .upstreams = upstreams,
	    .upstream_count = 2,
	};

	(void)state;
	assert_false(load_model(NULL, &overrides, &model, &diag));
	assert_messages(
	    "-u: error: [::1]:5300 is where this daemon listens: it would ask "
	    "itself\n"
	    "-l: note: it listens here\n");
}

static void
a_file_of_more_than_64_mebibytes_is_refused(void **state)
{
	enum { SIZE = 64 * 1024 * 1024 + 1 };
	const struct load_overrides none = {.mode = NULL};
	char *text = malloc(SIZE);
	FILE *file;

	(void)state;
	assert_non_null(text);
	memset(text, '#', SIZE);
	file = fmemopen(text, SIZE, "r");
	assert_non_null(file);
	assert_false(load_model_file(file, "t.yaml", &none, &model, &diag));
	fclose(file);
	free(text);
	assert_messages("t.yaml: error: the file is longer than 64 MiB\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(no_file_is_the_defaults),
	    TEST(a_file_that_is_not_there_is_an_error),
	    TEST(a_directory_is_an_error),
	    TEST(the_command_line_wins_over_the_file),
	    TEST(every_mistake_on_the_command_line_names_its_option),
	    TEST(psc_on_the_command_line_needs_an_address),
	    TEST(psc_on_the_command_line_takes_the_address_of_the_file),
	    TEST(an_upstream_on_the_command_line_that_is_the_daemon_is_refused),
	    TEST(a_file_of_more_than_64_mebibytes_is_refused),
	};

	return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
