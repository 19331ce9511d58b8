#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ctl/own_addresses.h"

static struct addr
address(const char *text)
{
	struct addr addr;

	assert_true(addr_parse(text, 53, &addr));
	return addr;
}

static bool
reaches_us(const char *listen, const char *server)
{
	const struct addr listening = address(listen);
	const struct addr asked = address(server);
	struct own_addresses own;

	own_addresses_find(&own, &listening, 1);
	return own_addresses_has(&own, &asked);
}

static void
what_it_listens_on_is_its_own(void **state)
{
	(void)state;
	assert_true(reaches_us("192.0.2.1", "192.0.2.1"));
	assert_false(reaches_us("192.0.2.1", "192.0.2.2"));
}

static void
another_port_is_somebody_else(void **state)
{
	(void)state;
	assert_false(reaches_us("127.0.0.1:5353", "127.0.0.1"));
	assert_false(reaches_us("0.0.0.0:5353", "127.0.0.1"));
}

static void
every_address_takes_in_all_of_loopback(void **state)
{
	(void)state;
	assert_true(reaches_us("0.0.0.0", "127.0.0.1"));
	assert_true(reaches_us("0.0.0.0", "127.8.9.1"));
	assert_true(reaches_us("[::]", "::1"));
}

static void
every_address_of_one_family_is_none_of_the_other(void **state)
{
	(void)state;
	assert_false(reaches_us("0.0.0.0", "::1"));
	assert_false(reaches_us("[::]", "127.0.0.1"));
}

static void
every_address_takes_in_no_stranger(void **state)
{
	(void)state;
	assert_false(reaches_us("0.0.0.0", "192.0.2.1"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_it_listens_on_is_its_own),
	    cmocka_unit_test(another_port_is_somebody_else),
	    cmocka_unit_test(every_address_takes_in_all_of_loopback),
	    cmocka_unit_test(every_address_of_one_family_is_none_of_the_other),
	    cmocka_unit_test(every_address_takes_in_no_stranger),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
