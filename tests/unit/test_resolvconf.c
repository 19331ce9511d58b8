#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/resolvconf.h"

static const struct resolvconf_own nobody;

static struct resolvconf
read_text(const char *text, const struct resolvconf_own *own)
{
	char copy[4096];
	FILE *file = fmemopen(copy, strlen(text) + 1, "w+");
	struct resolvconf conf;

	assert_non_null(file);
	fputs(text, file);
	rewind(file);
	resolvconf_read(file, own, &conf);
	fclose(file);
	return conf;
}

static void
assert_server(const struct resolvconf *conf, size_t n, const char *expected)
{
	char text[ADDR_TEXT];

	assert_true(n < conf->count);
	assert_string_equal(addr_format(&conf->servers[n], text), expected);
}

static void
name_servers_keep_their_order(void **state)
{
	const struct resolvconf conf =
	    read_text("nameserver 10.0.0.2\nnameserver 2001:db8::53\n",
		&nobody);

	(void)state;
	assert_int_equal(conf.count, 2);
	assert_server(&conf, 0, "10.0.0.2:53");
	assert_server(&conf, 1, "[2001:db8::53]:53");
}

static void
other_lines_and_comments_are_skipped(void **state)
{
	const struct resolvconf conf =
	    read_text("# nameserver 10.0.0.1\n"
		      "; nameserver 10.0.0.1\n"
		      "search corp.example\n"
		      "options ndots:5\n"
		      "nameservers 10.0.0.1\n"
		      "nameserver\t10.0.0.2 # the real one\n",
		&nobody);

	(void)state;
	assert_int_equal(conf.count, 1);
	assert_server(&conf, 0, "10.0.0.2:53");
}

static void
an_address_that_is_none_is_skipped(void **state)
{
	const struct resolvconf conf =
	    read_text("nameserver ten\nnameserver \nnameserver 10.0.0.2",
		&nobody);

	(void)state;
	assert_int_equal(conf.count, 1);
}

static void
a_server_named_twice_counts_once(void **state)
{
	const struct resolvconf conf =
	    read_text("nameserver 10.0.0.2\nnameserver 10.0.0.2\n", &nobody);

	(void)state;
	assert_int_equal(conf.count, 1);
}

static void
our_own_address_is_left_out(void **state)
{
	struct addr addr;
	const struct resolvconf_own own = {.addrs = &addr, .count = 1};
	struct resolvconf conf;

	(void)state;
	assert_true(addr_parse("127.0.0.1", 53, &addr));
	conf = read_text("nameserver 127.0.0.1\nnameserver 10.0.0.2\n", &own);
	assert_int_equal(conf.count, 1);
	assert_server(&conf, 0, "10.0.0.2:53");
	assert_int_equal(conf.own, 1);
}

static void
the_same_host_on_another_port_is_not_us(void **state)
{
	struct addr addr;
	const struct resolvconf_own own = {.addrs = &addr, .count = 1};
	struct resolvconf conf;

	(void)state;
	assert_true(addr_parse("127.0.0.1", 5353, &addr));
	conf = read_text("nameserver 127.0.0.1\n", &own);
	assert_int_equal(conf.count, 1);
}

static void
more_servers_than_a_group_holds_are_cut(void **state)
{
	char text[UPSTREAM_SERVERS * 64] = "";
	struct resolvconf conf;

	(void)state;
	for (unsigned i = 0; i < UPSTREAM_SERVERS + 4; i++)
		snprintf(text + strlen(text), 32, "nameserver 10.0.1.%u\n", i);
	conf = read_text(text, &nobody);
	assert_int_equal(conf.count, UPSTREAM_SERVERS);
}

static bool
product_is_gce(const char *text)
{
	char copy[64];
	FILE *file = fmemopen(copy, strlen(text) + 1, "w+");
	bool gce;

	assert_non_null(file);
	fputs(text, file);
	rewind(file);
	gce = resolvconf_is_gce(file);
	fclose(file);
	return gce;
}

static void
compute_engine_is_known_by_its_product_name(void **state)
{
	(void)state;
	assert_true(product_is_gce("Google Compute Engine\n"));
	assert_false(product_is_gce("Standard PC (Q35 + ICH9, 2009)\n"));
	assert_false(product_is_gce("\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(name_servers_keep_their_order),
	    cmocka_unit_test(other_lines_and_comments_are_skipped),
	    cmocka_unit_test(an_address_that_is_none_is_skipped),
	    cmocka_unit_test(a_server_named_twice_counts_once),
	    cmocka_unit_test(our_own_address_is_left_out),
	    cmocka_unit_test(the_same_host_on_another_port_is_not_us),
	    cmocka_unit_test(more_servers_than_a_group_holds_are_cut),
	    cmocka_unit_test(compute_engine_is_known_by_its_product_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
