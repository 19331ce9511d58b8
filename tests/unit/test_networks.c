#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ctl/networks.h"

enum { ENTRIES = 64 };

static void
assert_prefix(const char *addr, const char *mask, const char *expected)
{
	struct addr parsed_addr;
	struct addr parsed_mask;
	struct prefix prefix;
	char text[PREFIX_TEXT];

	assert_true(addr_parse(addr, 53, &parsed_addr));
	assert_true(addr_parse(mask, 53, &parsed_mask));
	networks_prefix(&parsed_addr, &parsed_mask, &prefix);
	assert_string_equal(prefix_format(&prefix, text), expected);
}

static void
an_ipv4_mask_makes_an_ipv4_prefix(void **state)
{
	(void)state;
	assert_prefix("10.128.3.7", "255.255.240.0", "10.128.0.0/20");
	assert_prefix("10.128.0.2", "255.255.255.255", "10.128.0.2/32");
}

static void
an_ipv6_mask_makes_an_ipv6_prefix(void **state)
{
	(void)state;
	assert_prefix("2001:db8::7", "ffff:ffff:ffff:ffff::", "2001:db8::/64");
}

static void
loopback_is_one_of_the_hosts_networks(void **state)
{
	struct prefix prefixes[ENTRIES];
	const size_t count = networks_prefixes(prefixes, ENTRIES);
	struct addr loopback;
	size_t holding = 0;

	(void)state;
	assert_true(addr_parse("127.0.0.1", 53, &loopback));
	for (size_t i = 0; i < count; i++)
		holding += prefix_has(&prefixes[i], &loopback);
	assert_int_equal(holding, 1);
}

static void
an_address_comes_with_the_listeners_port(void **state)
{
	struct addr addrs[ENTRIES];
	struct addr any;
	struct addr loopback;
	size_t count;
	size_t equal = 0;

	(void)state;
	assert_true(addr_parse("0.0.0.0:5353", 53, &any));
	assert_true(addr_parse("127.0.0.1:5353", 53, &loopback));
	count = networks_addresses(&any, addrs, ENTRIES);
	for (size_t i = 0; i < count; i++)
		equal += addr_equal(&addrs[i], &loopback);
	assert_int_equal(equal, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_ipv4_mask_makes_an_ipv4_prefix),
	    cmocka_unit_test(an_ipv6_mask_makes_an_ipv6_prefix),
	    cmocka_unit_test(loopback_is_one_of_the_hosts_networks),
	    cmocka_unit_test(an_address_comes_with_the_listeners_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
