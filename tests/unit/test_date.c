#include "ctl/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
spans_are(uint64_t seconds, const char *text)
{
	char buf[DATE_SPAN];

	assert_string_equal(date_span(seconds, buf), text);
}

static void
a_span_leaves_out_what_is_zero(void **state)
{
	(void)state;
	spans_are(0, "0s");
	spans_are(900, "15m");
	spans_are(86400 + 3 * 3600 + 4, "1d 3h 4s");
}

static void
the_longest_span_fits(void **state)
{
	(void)state;
	spans_are(UINT64_MAX, "213503982334601d 7h 15s");
}

static void
a_time_is_written_as_it_is_read(void **state)
{
	char buf[DATE_TEXT];
	int64_t at = 0;

	(void)state;
	assert_true(date_parse("2027-01-05T08:30:00Z", &at));
	assert_string_equal(date_format(at, buf), "2027-01-05T08:30:00Z");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_span_leaves_out_what_is_zero),
	    cmocka_unit_test(the_longest_span_fits),
	    cmocka_unit_test(a_time_is_written_as_it_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
