#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/system_servers.h"

static struct system_server
server(const char *text, const char *source)
{
	struct system_server server = {.source = source};

	assert_true(addr_parse(text, 53, &server.addr));
	return server;
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
	gce = system_servers_is_gce(file);
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

static void
servers_are_told_with_where_they_come_from(void **state)
{
	const struct system_servers servers = {
	    .servers = {server("10.0.0.2", "/a"), server("[::1]:5353", "/a"),
		server("10.0.0.3", "/b")},
	    .count = 3,
	};
	char text[128];

	(void)state;
	assert_string_equal(system_servers_text(&servers, text, sizeof(text)),
	    "10.0.0.2, [::1]:5353 (from /a), 10.0.0.3 (from /b)");
}

static void
what_does_not_fit_is_cut(void **state)
{
	const struct system_servers servers = {
	    .servers = {server("10.0.0.2", "/a")},
	    .count = 1,
	};
	char text[8];

	(void)state;
	assert_string_equal(system_servers_text(&servers, text, sizeof(text)),
	    "10.0.0.");
}

static void
the_order_of_servers_matters(void **state)
{
	const struct system_servers a = {
	    .servers = {server("10.0.0.2", "/a"), server("10.0.0.3", "/a")},
	    .count = 2,
	};
	const struct system_servers b = {
	    .servers = {server("10.0.0.3", "/a"), server("10.0.0.2", "/a")},
	    .count = 2,
	};

	(void)state;
	assert_true(system_servers_equal(&a, &a));
	assert_false(system_servers_equal(&a, &b));
}

static void
the_absence_of_servers_has_a_reason(void **state)
{
	const struct system_servers none = {.count = 0};
	const struct system_servers own = {.own = true};
	const struct system_servers circular = {.circular = true};

	(void)state;
	assert_string_equal(system_servers_absence(&none),
	    "/etc/resolv.conf names none");
	assert_string_equal(system_servers_absence(&own),
	    "/etc/resolv.conf names none but this daemon");
	assert_string_equal(system_servers_absence(&circular),
	    "the forwarder that /etc/resolv.conf names asks none but this "
	    "daemon");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(compute_engine_is_known_by_its_product_name),
	    cmocka_unit_test(servers_are_told_with_where_they_come_from),
	    cmocka_unit_test(what_does_not_fit_is_cut),
	    cmocka_unit_test(the_order_of_servers_matters),
	    cmocka_unit_test(the_absence_of_servers_has_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
