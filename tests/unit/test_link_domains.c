#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/link_domains.h"
#include "fake_root.h"

static struct fake_root root;
static struct link_domains links[LINK_DOMAINS];

static int
set_up(void **state)
{
	(void)state;
	return fake_root_make(&root);
}

static int
tear_down(void **state)
{
	(void)state;
	return fake_root_remove(&root);
}

/* As systemd 252 writes it. */
static void
networkds_file_is_read(void **state)
{
	(void)state;
	fake_root_put(&root, "run/systemd/netif/links/1",
	    "# This is private data. Do not parse.\nADMIN_STATE=configured\n"
	    "DNS=10.0.7.1\n"
	    "DOMAINS=static.example corp.example corp.example\n"
	    "ROUTE_DOMAINS=.\n");
	assert_int_equal(link_domains_find(root.fd, links), 1);
	assert_string_equal(links[0].link, "lo");
	assert_string_equal(links[0].domains, "static.example corp.example");
	assert_true(links[0].all);
}

static void
what_both_folders_tell_of_a_link_is_one(void **state)
{
	(void)state;
	fake_root_put(&root, "run/systemd/netif/links/1", "DOMAINS=a.example");
	fake_root_put(&root, "run/systemd/resolve/netif/1",
	    "SERVERS=10.0.0.2\nDOMAINS=~b.example A.example.\n");
	assert_int_equal(link_domains_find(root.fd, links), 1);
	assert_string_equal(links[0].domains, "b.example A.example");
	assert_false(links[0].all);
}

static void
a_link_without_domains_is_none(void **state)
{
	(void)state;
	fake_root_put(&root, "run/systemd/netif/links/1",
	    "DNS=10.0.0.2\nDOMAINS=\nROUTE_DOMAINS=\n");
	fake_root_put(&root, "run/systemd/netif/links/none", "DOMAINS=a\n");
	assert_int_equal(link_domains_find(root.fd, links), 0);
}

static void
more_links_than_fit_are_left_out(void **state)
{
	char path[64];

	(void)state;
	for (unsigned i = 0; i < 2 * LINK_DOMAINS; i++) {
		snprintf(path, sizeof(path), "run/systemd/netif/links/%u",
		    900000 + i);
		fake_root_put(&root, path, "DOMAINS=a.example\n");
	}
	assert_int_equal(link_domains_find(root.fd, links), LINK_DOMAINS);
}

static void
the_longest_domain_is_whose_a_name_is(void **state)
{
	struct link_domains link = {.all = false};
	char text[LINK_DOMAINS_TEXT];

	(void)state;
	link_domains_add(&link, "example ~corp.example internal");
	assert_string_equal(link_domains_of(&link, "a.corp.example.", text),
	    "corp.example");
	assert_string_equal(link_domains_of(&link, "Corp.Example", text),
	    "corp.example");
	assert_string_equal(link_domains_of(&link, "xcorp.example", text),
	    "example");
	assert_string_equal(link_domains_of(&link, "google.internals", text),
	    "");
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(networkds_file_is_read),
	    TEST(what_both_folders_tell_of_a_link_is_one),
	    TEST(a_link_without_domains_is_none),
	    TEST(more_links_than_fit_are_left_out),
	    TEST(the_longest_domain_is_whose_a_name_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
