#include "base/addr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct addr
addr_of(const char *text)
{
	struct addr addr;

	assert_true(addr_parse(text, 53, &addr));
	return addr;
}

static struct prefix
prefix_of(const char *text)
{
	struct prefix prefix;

	assert_true(prefix_parse(text, &prefix));
	return prefix;
}

static void
reads_addr(const char *text, const char *expected)
{
	const struct addr addr = addr_of(text);
	char buf[ADDR_TEXT];

	assert_string_equal(addr_format(&addr, buf), expected);
}

static void
rejects_addr(const char *text)
{
	struct addr addr;
	struct addr before;

	memset(&addr, 0xa5, sizeof(addr));
	before = addr;
	assert_false(addr_parse(text, 53, &addr));
	assert_memory_equal(&addr, &before, sizeof(addr));
}

static void
reads_prefix(const char *text, const char *expected)
{
	const struct prefix prefix = prefix_of(text);
	char buf[PREFIX_TEXT];

	assert_string_equal(prefix_format(&prefix, buf), expected);
}

static void
rejects_prefix(const char *text)
{
	struct prefix prefix;
	struct prefix before;

	memset(&prefix, 0xa5, sizeof(prefix));
	before = prefix;
	assert_false(prefix_parse(text, &prefix));
	assert_memory_equal(&prefix, &before, sizeof(prefix));
}

static bool
has(const char *prefix_text, const char *addr_text)
{
	const struct prefix prefix = prefix_of(prefix_text);
	const struct addr addr = addr_of(addr_text);

	return prefix_has(&prefix, &addr);
}

static bool
equal(const char *a_text, const char *b_text)
{
	const struct addr a = addr_of(a_text);
	const struct addr b = addr_of(b_text);

	return addr_equal(&a, &b);
}

static bool
same_host(const char *a_text, const char *b_text)
{
	const struct addr a = addr_of(a_text);
	const struct addr b = addr_of(b_text);

	return addr_same_host(&a, &b);
}

static bool
is_loopback(const char *text)
{
	const struct addr addr = addr_of(text);

	return addr_is_loopback(&addr);
}

static bool
is_any(const char *text)
{
	const struct addr addr = addr_of(text);

	return addr_is_any(&addr);
}

static void
port_comes_from_the_text_or_the_caller(void **state)
{
	(void)state;
	reads_addr("192.0.2.1", "192.0.2.1:53");
	reads_addr("192.0.2.1:5353", "192.0.2.1:5353");
	reads_addr("2001:db8::1", "[2001:db8::1]:53");
	reads_addr("[2001:db8::1]", "[2001:db8::1]:53");
	reads_addr("[2001:db8::1]:65535", "[2001:db8::1]:65535");
}

static void
length_is_that_of_the_family(void **state)
{
	(void)state;
	assert_int_equal(addr_of("192.0.2.1").len, sizeof(struct sockaddr_in));
	assert_int_equal(addr_of("2001:db8::1").len,
	    sizeof(struct sockaddr_in6));
	assert_int_equal(addr_of("192.0.2.1").u.any.sa_family, AF_INET);
	assert_int_equal(addr_of("2001:db8::1").u.any.sa_family, AF_INET6);
}

static void
scope_is_the_interface(void **state)
{
	(void)state;
	assert_int_equal(addr_of("fe80::1%lo").u.in6.sin6_scope_id, 1);
	reads_addr("fe80::1%lo", "[fe80::1%lo]:53");
	reads_addr("fe80::1%1", "[fe80::1%lo]:53");
	reads_addr("[fe80::1%lo]:5353", "[fe80::1%lo]:5353");
}

static void
scope_of_no_interface_stays_a_number(void **state)
{
	(void)state;
	reads_addr("fe80::1%4294967295", "[fe80::1%4294967295]:53");
}

static void
longest_address_fits_its_text(void **state)
{
	(void)state;
	reads_addr("[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255"
		   "%4294967295]:65535",
	    "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295]:65535");
}

static void
bad_ports_are_rejected(void **state)
{
	(void)state;
	rejects_addr("192.0.2.1:0");
	rejects_addr("192.0.2.1:65536");
	rejects_addr("192.0.2.1:");
	rejects_addr("192.0.2.1:domain");
	rejects_addr("[2001:db8::1]:0");
	rejects_addr("[2001:db8::1]:");
	rejects_addr("[2001:db8::1]53");
}

static void
anything_else_is_rejected(void **state)
{
	(void)state;
	rejects_addr("");
	rejects_addr("localhost");
	rejects_addr(":53");
	rejects_addr("[]:53");
	rejects_addr("192.0.2");
	rejects_addr("192.0.2.256");
	rejects_addr(" 192.0.2.1");
	rejects_addr("192.0.2.1 ");
	rejects_addr("192.0.2.1/32");
	rejects_addr("[192.0.2.1]:53");
	rejects_addr("192.0.2.1%lo");
	rejects_addr("[2001:db8::1");
	rejects_addr("2001:db8::g");
}

static void
bad_scopes_are_rejected(void **state)
{
	(void)state;
	rejects_addr("fe80::1%");
	rejects_addr("fe80::1%0");
	rejects_addr("fe80::1%no-such-if");
	rejects_addr("fe80::1%4294967296");
}

static void
overlong_text_is_rejected(void **state)
{
	char text[ADDR_TEXT + 2];

	(void)state;
	memset(text, '1', sizeof(text));
	text[sizeof(text) - 1] = '\0';

	rejects_addr(text);
	rejects_prefix(text);
}

static void
host_is_shown_without_port(void **state)
{
	const struct addr four = addr_of("192.0.2.1:5353");
	const struct addr six = addr_of("[2001:db8::1]:5353");
	const struct addr unset = {.len = 0};
	char buf[ADDR_TEXT];

	(void)state;
	assert_string_equal(addr_format_host(&four, buf), "192.0.2.1");
	assert_string_equal(addr_format_host(&six, buf), "2001:db8::1");
	assert_string_equal(addr_format_host(&unset, buf), "unset");
}

static void
port_is_set_in_either_family(void **state)
{
	struct addr four = addr_of("192.0.2.1");
	struct addr six = addr_of("2001:db8::1");

	(void)state;
	addr_set_port(&four, 4660);
	addr_set_port(&six, 4660);

	assert_int_equal(addr_port(&four), 4660);
	assert_int_equal(addr_port(&six), 4660);
	assert_int_equal(ntohs(four.u.in4.sin_port), 4660);
	assert_int_equal(ntohs(six.u.in6.sin6_port), 4660);
}

static void
equal_means_host_and_port(void **state)
{
	(void)state;
	assert_true(equal("192.0.2.1", "192.0.2.1:53"));
	assert_false(equal("192.0.2.1:53", "192.0.2.1:54"));
	assert_false(equal("192.0.2.1", "192.0.2.2"));
	assert_true(equal("2001:db8::1", "[2001:DB8:0::1]:53"));
	assert_false(equal("2001:db8::1", "2001:db8::2"));
	assert_false(equal("0.0.0.0", "::"));
}

static void
same_host_means_all_but_the_port(void **state)
{
	(void)state;
	assert_true(same_host("192.0.2.1:53", "192.0.2.1:54"));
	assert_false(same_host("192.0.2.1", "192.0.2.2"));
	assert_true(same_host("fe80::1%1", "[fe80::1%1]:54"));
	assert_false(same_host("fe80::1%1", "fe80::1%2"));
}

static void
loopback_is_a_network_in_ipv4_and_one_address_in_ipv6(void **state)
{
	(void)state;
	assert_true(is_loopback("127.0.0.1"));
	assert_true(is_loopback("127.255.255.255"));
	assert_true(is_loopback("::1"));
	assert_true(is_loopback("::ffff:127.0.0.1"));
	assert_false(is_loopback("126.0.0.1"));
	assert_false(is_loopback("::2"));
	assert_false(is_loopback("::"));
	assert_false(is_loopback("0.0.0.0"));
}

static void
any_is_the_address_of_zeros(void **state)
{
	(void)state;
	assert_true(is_any("0.0.0.0"));
	assert_true(is_any("::"));
	assert_false(is_any("0.0.0.1"));
	assert_false(is_any("::1"));
}

static void
unset_address_is_nothing(void **state)
{
	const struct prefix all = prefix_of("::/0");
	const struct addr unset = {.len = 0};

	(void)state;
	assert_false(addr_is_any(&unset));
	assert_false(addr_is_loopback(&unset));
	assert_false(prefix_has(&all, &unset));
}

static uint64_t
network_of(const char *text)
{
	const struct addr addr = addr_of(text);

	return addr_network(&addr, 24, 56);
}

static void
addresses_of_a_network_have_its_number(void **state)
{
	const struct addr unset = {.len = 0};

	(void)state;
	assert_int_equal(network_of("192.0.2.1"), network_of("192.0.2.254"));
	assert_int_not_equal(network_of("192.0.2.1"), network_of("192.0.3.1"));
	assert_int_equal(network_of("192.0.2.1"),
	    network_of("::ffff:192.0.2.9"));
	assert_int_equal(network_of("2001:db8:0:7::1"),
	    network_of("2001:db8:0:ff:1::"));
	assert_int_not_equal(network_of("2001:db8:0:7::1"),
	    network_of("2001:db8:0:100::1"));
	assert_int_equal(addr_network(&unset, 24, 56), UINT64_MAX);
}

static void
prefixes_are_read_and_shown(void **state)
{
	(void)state;
	reads_prefix("10.0.0.0/8", "10.0.0.0/8");
	reads_prefix("0.0.0.0/0", "0.0.0.0/0");
	reads_prefix("192.0.2.1", "192.0.2.1/32");
	reads_prefix("2001:db8::/32", "2001:db8::/32");
	reads_prefix("::/0", "::/0");
	reads_prefix("2001:db8::1", "2001:db8::1/128");
	reads_prefix("::ffff:10.0.0.0/104", "10.0.0.0/8");
}

static void
bits_behind_the_prefix_are_cleared(void **state)
{
	(void)state;
	reads_prefix("10.1.2.3/8", "10.0.0.0/8");
	reads_prefix("10.255.255.255/9", "10.128.0.0/9");
	reads_prefix("2001:db8:ffff::1/33", "2001:db8:8000::/33");
}

static void
bad_prefixes_are_rejected(void **state)
{
	(void)state;
	rejects_prefix("");
	rejects_prefix("/8");
	rejects_prefix("10.0.0.0/");
	rejects_prefix("10.0.0.0/33");
	rejects_prefix("10.0.0.0/-1");
	rejects_prefix("10.0.0.0/8/8");
	rejects_prefix("10.0.0.0/255.0.0.0");
	rejects_prefix("10/8");
	rejects_prefix("10.0.0.0:53/8");
	rejects_prefix("2001:db8::/129");
	rejects_prefix("[2001:db8::]/32");
	rejects_prefix("fe80::%lo/64");
}

static void
prefix_has_its_first_and_last_address(void **state)
{
	(void)state;
	assert_true(has("199.36.153.8/30", "199.36.153.8"));
	assert_true(has("199.36.153.8/30", "199.36.153.11"));
	assert_false(has("199.36.153.8/30", "199.36.153.7"));
	assert_false(has("199.36.153.8/30", "199.36.153.12"));
	assert_true(has("2001:db8::/32", "2001:db8:ffff::"));
	assert_false(has("2001:db8::/32", "2001:db9::"));
}

static void
prefix_on_an_octet_ends_there(void **state)
{
	(void)state;
	assert_true(has("10.0.0.0/8", "10.255.255.255"));
	assert_false(has("10.0.0.0/8", "11.0.0.0"));
}

static void
host_prefix_has_one_address(void **state)
{
	(void)state;
	assert_true(has("192.0.2.1", "192.0.2.1:5353"));
	assert_false(has("192.0.2.1", "192.0.2.0"));
	assert_true(has("::1", "::1"));
	assert_false(has("::1", "::"));
}

static void
mapped_address_counts_as_ipv4(void **state)
{
	(void)state;
	assert_true(has("10.0.0.0/8", "::ffff:10.1.2.3"));
	assert_false(has("10.0.0.0/8", "::ffff:11.1.2.3"));
	assert_false(has("10.0.0.0/8", "2001:db8::1"));
}

static void
all_of_one_family_has_none_of_the_other(void **state)
{
	(void)state;
	assert_true(has("0.0.0.0/0", "192.0.2.1"));
	assert_false(has("0.0.0.0/0", "2001:db8::1"));
	assert_true(has("::/0", "2001:db8::1"));
	assert_false(has("::/0", "192.0.2.1"));
	assert_false(has("::/0", "::ffff:192.0.2.1"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(port_comes_from_the_text_or_the_caller),
	    cmocka_unit_test(length_is_that_of_the_family),
	    cmocka_unit_test(scope_is_the_interface),
	    cmocka_unit_test(scope_of_no_interface_stays_a_number),
	    cmocka_unit_test(longest_address_fits_its_text),
	    cmocka_unit_test(bad_ports_are_rejected),
	    cmocka_unit_test(anything_else_is_rejected),
	    cmocka_unit_test(bad_scopes_are_rejected),
	    cmocka_unit_test(overlong_text_is_rejected),
	    cmocka_unit_test(host_is_shown_without_port),
	    cmocka_unit_test(port_is_set_in_either_family),
	    cmocka_unit_test(equal_means_host_and_port),
	    cmocka_unit_test(same_host_means_all_but_the_port),
	    cmocka_unit_test(
		loopback_is_a_network_in_ipv4_and_one_address_in_ipv6),
	    cmocka_unit_test(any_is_the_address_of_zeros),
	    cmocka_unit_test(unset_address_is_nothing),
	    cmocka_unit_test(addresses_of_a_network_have_its_number),
	    cmocka_unit_test(prefixes_are_read_and_shown),
	    cmocka_unit_test(bits_behind_the_prefix_are_cleared),
	    cmocka_unit_test(bad_prefixes_are_rejected),
	    cmocka_unit_test(prefix_has_its_first_and_last_address),
	    cmocka_unit_test(prefix_on_an_octet_ends_there),
	    cmocka_unit_test(host_prefix_has_one_address),
	    cmocka_unit_test(mapped_address_counts_as_ipv4),
	    cmocka_unit_test(all_of_one_family_has_none_of_the_other),
	};

	return cmocka_run_group_tests_name("addr", tests, NULL, NULL);
}
