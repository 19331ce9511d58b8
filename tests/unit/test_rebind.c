#include "core/rebind.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dns/message.h"

enum { ROOM = 4096 };

static uint8_t room[ROOM];

/* Whether a record of this address alone leads inside. */
static bool
inside(const char *address)
{
	struct arena arena;
	uint8_t wire[16];
	const bool in6 = strchr(address, ':') != NULL;
	const struct rdata rdata = {.bytes = wire, .len = in6 ? 16 : 4};

	arena_init(&arena, room, sizeof(room));
	assert_int_equal(inet_pton(in6 ? AF_INET6 : AF_INET, address, wire), 1);
	return rebind_is_inside(
	    rrset_pack(&arena, in6 ? TYPE_AAAA : TYPE_A, 60, &rdata, 1));
}

/* A record of a type in hexadecimal. */
static bool
inside_wire(uint16_t type, const void *wire, size_t len)
{
	struct arena arena;
	const struct rdata rdata = {.bytes = wire, .len = (uint16_t)len};

	arena_init(&arena, room, sizeof(room));
	return rebind_is_inside(rrset_pack(&arena, type, 60, &rdata, 1));
}

static void
private_addresses_are_inside(void **state)
{
	(void)state;
	assert_true(inside("10.0.0.0"));
	assert_true(inside("10.255.255.255"));
	assert_true(inside("172.16.0.0"));
	assert_true(inside("172.31.255.255"));
	assert_true(inside("192.168.0.0"));
	assert_true(inside("192.168.255.255"));
	assert_true(inside("100.64.0.0"));
	assert_true(inside("100.127.255.255"));
}

static void
addresses_of_this_host_and_link_are_inside(void **state)
{
	(void)state;
	assert_true(inside("0.0.0.0"));
	assert_true(inside("0.255.255.255"));
	assert_true(inside("127.0.0.1"));
	assert_true(inside("127.255.255.255"));
	assert_true(inside("169.254.0.0"));
	assert_true(inside("169.254.169.254"));
	assert_true(inside("224.0.0.1"));
	assert_true(inside("240.0.0.1"));
	assert_true(inside("255.255.255.255"));
}

static void
their_neighbours_are_not(void **state)
{
	(void)state;
	assert_false(inside("1.0.0.0"));
	assert_false(inside("9.255.255.255"));
	assert_false(inside("11.0.0.0"));
	assert_false(inside("100.63.255.255"));
	assert_false(inside("100.128.0.0"));
	assert_false(inside("126.255.255.255"));
	assert_false(inside("128.0.0.0"));
	assert_false(inside("169.253.255.255"));
	assert_false(inside("169.255.0.0"));
	assert_false(inside("172.15.255.255"));
	assert_false(inside("172.32.0.0"));
	assert_false(inside("192.167.255.255"));
	assert_false(inside("192.169.0.0"));
	assert_false(inside("223.255.255.255"));
}

static void
ipv6_has_an_inside_too(void **state)
{
	(void)state;
	assert_true(inside("::"));
	assert_true(inside("::1"));
	assert_true(inside("fc00::"));
	assert_true(inside("fdff:ffff::1"));
	assert_true(inside("fe80::1"));
	assert_true(inside("febf::1"));
	assert_true(inside("ff02::fb"));
	assert_false(inside("fbff::1"));
	assert_false(inside("fe00::1"));
	assert_false(inside("fec0::1"));
	assert_false(inside("2001:db8::1"));
	assert_false(inside("2a00:1450:4001::200e"));
}

static void
an_address_within_an_address_counts(void **state)
{
	(void)state;
	assert_true(inside("::ffff:192.168.1.1"));
	assert_true(inside("::10.0.0.1"));
	assert_true(inside("64:ff9b::127.0.0.1"));
	assert_true(inside("2002:a00:1::1"));
	assert_false(inside("::ffff:203.0.113.5"));
	assert_false(inside("64:ff9b::203.0.113.5"));
	assert_false(inside("2002:cb00:7105::1"));
	assert_false(inside("64:ff9b:1::10.0.0.1"));
}

static void
any_of_several_is_enough(void **state)
{
	static const uint8_t outer[] = {203, 0, 113, 5};
	static const uint8_t inner[] = {10, 0, 0, 1};
	const struct rdata rdata[] = {{outer, 4}, {inner, 4}, {outer, 4}};
	struct arena arena;

	(void)state;
	arena_init(&arena, room, sizeof(room));
	assert_true(rebind_is_inside(rrset_pack(&arena, TYPE_A, 60, rdata, 3)));
	assert_false(
	    rebind_is_inside(rrset_pack(&arena, TYPE_A, 60, rdata, 1)));
}

static void
hints_are_addresses(void **state)
{
	static const uint8_t first[] = {0, 1, 0, 0, 4, 0, 4, 10, 0, 0, 1};
	static const uint8_t second[] = {0, 1, 1, 'a', 0, 0, 1, 0, 3, 2, 'h',
	    '2', 0, 4, 0, 8, 203, 0, 113, 5, 127, 0, 0, 1};
	static const uint8_t six[] = {0, 1, 0, 0, 6, 0, 16, 0xfd, 0, 0, 0, 0, 0,
	    0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
	static const uint8_t none[] = {0, 1, 0, 0, 4, 0, 4, 203, 0, 113, 5};

	(void)state;
	assert_true(inside_wire(TYPE_HTTPS, first, sizeof(first)));
	assert_true(inside_wire(TYPE_SVCB, second, sizeof(second)));
	assert_true(inside_wire(TYPE_HTTPS, six, sizeof(six)));
	assert_false(inside_wire(TYPE_HTTPS, none, sizeof(none)));
	assert_false(inside_wire(TYPE_TXT, first, sizeof(first)));
}

/* Cut anywhere it is read no further than it goes; ASan watches. */
static void
a_broken_hint_is_none(void **state)
{
	static const uint8_t wire[] = {0, 1, 0, 0, 4, 0, 4, 10, 0, 0, 1};

	(void)state;
	for (size_t len = 1; len < sizeof(wire); len++)
		assert_false(inside_wire(TYPE_HTTPS, wire, len));
	assert_false(inside_wire(TYPE_A, wire, 3));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(private_addresses_are_inside),
	    cmocka_unit_test(addresses_of_this_host_and_link_are_inside),
	    cmocka_unit_test(their_neighbours_are_not),
	    cmocka_unit_test(ipv6_has_an_inside_too),
	    cmocka_unit_test(an_address_within_an_address_counts),
	    cmocka_unit_test(any_of_several_is_enough),
	    cmocka_unit_test(hints_are_addresses),
	    cmocka_unit_test(a_broken_hint_is_none),
	};

	return cmocka_run_group_tests_name("rebind", tests, NULL, NULL);
}
