#include "ctl/mode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct mode_choice nothing = {.mode = MODE_RESTRICTED};

static char buf[256];

static struct mode_choice
psc_of(const char *address)
{
	struct mode_choice choice = nothing;

	assert_null(mode_read(&choice, "psc", address, &nothing, buf));
	return choice;
}

static void
a_mode_is_read_by_its_word(void **state)
{
	struct mode_choice choice = nothing;

	(void)state;
	assert_null(mode_read(&choice, "private", NULL, &nothing, buf));
	assert_int_equal(choice.mode, MODE_PRIVATE);
}

static void
psc_has_its_address_in_its_text(void **state)
{
	const struct mode_choice choice = psc_of("10.1.2.3");
	char text[MODE_TEXT];

	(void)state;
	assert_string_equal(mode_text(&choice, text), "psc (10.1.2.3)");
}

static void
psc_takes_the_address_that_is_configured(void **state)
{
	const struct mode_choice configured = psc_of("10.1.2.3");
	struct mode_choice choice = nothing;

	(void)state;
	assert_null(mode_read(&choice, "psc", NULL, &configured, buf));
	assert_true(mode_equal(&choice, &configured));
}

static void
psc_without_any_address_is_refused(void **state)
{
	struct mode_choice choice = nothing;

	(void)state;
	assert_string_equal(mode_read(&choice, "psc", NULL, &nothing, buf),
	    "mode psc needs the endpoint's address: psc 10.10.10.10");
	assert_int_equal(choice.mode, MODE_RESTRICTED);
}

static void
an_address_has_no_port_and_no_other_family(void **state)
{
	struct mode_choice choice = nothing;

	(void)state;
	assert_non_null(
	    mode_read(&choice, "psc", "10.1.2.3:53", &nothing, buf));
	assert_non_null(mode_read(&choice, "psc", "::1", &nothing, buf));
}

static void
control_octets_do_not_reach_a_complaint(void **state)
{
	struct mode_choice choice = nothing;

	(void)state;
	assert_string_equal(mode_read(&choice, "psc", "\x1b[31m", &nothing,
				buf),
	    "the endpoint's address must be an IPv4 address such as "
	    "10.10.10.10, not '\\x1b[31m'");
}

static void
other_modes_are_equal_whatever_address_they_keep(void **state)
{
	struct mode_choice a = psc_of("10.1.2.3");
	struct mode_choice b = psc_of("10.1.2.4");

	(void)state;
	assert_false(mode_equal(&a, &b));
	a.mode = MODE_OFF;
	b.mode = MODE_OFF;
	assert_true(mode_equal(&a, &b));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_mode_is_read_by_its_word),
	    cmocka_unit_test(psc_has_its_address_in_its_text),
	    cmocka_unit_test(psc_takes_the_address_that_is_configured),
	    cmocka_unit_test(psc_without_any_address_is_refused),
	    cmocka_unit_test(an_address_has_no_port_and_no_other_family),
	    cmocka_unit_test(control_octets_do_not_reach_a_complaint),
	    cmocka_unit_test(other_modes_are_equal_whatever_address_they_keep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
