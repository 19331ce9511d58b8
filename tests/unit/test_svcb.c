#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "dns/message.h"
#include "dns/rdata.h"
#include "dns/svcb.h"

static uint8_t wire[4096];
static char text_out[4096];

static const char *
fault(const char *text)
{
	struct writer writer = writer_over(wire, sizeof(wire));

	return rdata_from_text(TYPE_SVCB, text, &writer);
}

static const char *
octets(const char *text)
{
	struct writer writer = writer_over(wire, sizeof(wire));

	assert_null(rdata_from_text(TYPE_SVCB, text, &writer));
	for (size_t i = 0; i < writer.at; i++)
		snprintf(text_out + 2 * i, 3, "%02x", wire[i]);
	return text_out;
}

static const char *
again(const char *text)
{
	struct writer writer = writer_over(wire, sizeof(wire));

	assert_null(rdata_from_text(TYPE_HTTPS, text, &writer));
	return rdata_to_text(TYPE_HTTPS, wire, (uint16_t)writer.at, text_out,
	    sizeof(text_out));
}

static bool
fits(const char *data, size_t len)
{
	return svcb_fits((const uint8_t *)data, len);
}

#define FOO_COM "03666f6f076578616d706c6503636f6d00"
#define FOO_ORG "03666f6f076578616d706c65036f726700"

/* RFC 9460 appendix D.1 and D.2, figures 2 to 10. */

static void
figure_2_alias(void **state)
{
	(void)state;
	assert_string_equal(octets("0 foo.example.com."), "0000" FOO_COM);
}

static void
figure_3_target_is_the_owner(void **state)
{
	(void)state;
	assert_string_equal(octets("1 ."), "000100");
}

static void
figure_4_port(void **state)
{
	(void)state;
	assert_string_equal(octets("16 foo.example.com. port=53"),
	    "0010" FOO_COM "0003"
	    "0002"
	    "0035");
}

static void
figure_5_generic_key(void **state)
{
	(void)state;
	assert_string_equal(octets("1 foo.example.com. key667=hello"),
	    "0001" FOO_COM "029b"
	    "0005"
	    "68656c6c6f");
}

static void
figure_6_generic_key_quoted_with_an_escape(void **state)
{
	(void)state;
	assert_string_equal(octets(
				"1 foo.example.com. key667=\"hello\\210qoo\""),
	    "0001" FOO_COM "029b"
	    "0009"
	    "68656c6c6fd2716f6f");
}

static void
figure_7_two_ipv6_hints_quoted(void **state)
{
	(void)state;
	assert_string_equal(octets("1 foo.example.com. "
				   "ipv6hint=\"2001:db8::1,2001:db8::53:1\""),
	    "0001" FOO_COM "0006"
	    "0020"
	    "20010db8000000000000000000000001"
	    "20010db8000000000000000000530001");
}

static void
figure_8_ipv6_hint_with_an_ipv4_tail(void **state)
{
	(void)state;
	assert_string_equal(octets("1 foo.example.com. "
				   "ipv6hint=\"2001:db8:122:344::192.0.2.33\""),
	    "0001" FOO_COM "0006"
	    "0010"
	    "20010db8012203440000"
	    "0000c0000221");
}

static void
figure_9_parameters_and_mandatory_keys_are_sorted(void **state)
{
	(void)state;
	assert_string_equal(octets(
				"16 foo.example.org. alpn=h2,h3-19 "
				"mandatory=ipv4hint,alpn ipv4hint=192.0.2.1"),
	    "0010" FOO_ORG "0000"
	    "0004"
	    "00010004"
	    "0001"
	    "0009"
	    "02683205"
	    "68332d3139"
	    "0004"
	    "0004"
	    "c0000201");
}

static void
figure_10_alpn_with_an_escaped_comma_and_backslash(void **state)
{
	const char *const expected = "0010" FOO_ORG "0001"
				     "000c"
				     "08665c6f6f2c626172"
				     "026832";

	(void)state;
	assert_string_equal(
	    octets("16 foo.example.org. alpn=\"f\\\\\\\\oo\\\\,bar,h2\""),
	    expected);
	assert_string_equal(
	    octets("16 foo.example.org. alpn=f\\\\\\092oo\\092,bar,h2"),
	    expected);
}

/* RFC 9460 appendix D.3, figures 11 to 14. */

static void
figure_11_a_key_twice_is_refused(void **state)
{
	(void)state;
	assert_string_equal(fault("1 foo.example.com. key123=abc key123=def"),
	    "has a parameter twice");
	assert_string_equal(fault("1 . alpn=h2 key1=\\002h3"),
	    "has a parameter twice");
}

static void
figure_12_a_missing_value_is_refused(void **state)
{
	const char *const message =
	    "has a parameter without the value its key needs";

	(void)state;
	assert_string_equal(fault("1 foo.example.com. mandatory"), message);
	assert_string_equal(fault("1 foo.example.com. alpn"), message);
	assert_string_equal(fault("1 foo.example.com. port"), message);
	assert_string_equal(fault("1 foo.example.com. ipv4hint"), message);
	assert_string_equal(fault("1 foo.example.com. ipv6hint"), message);
	assert_string_equal(fault("1 foo.example.com. ech"), message);
}

static void
figure_13_a_value_for_no_default_alpn_is_refused(void **state)
{
	(void)state;
	assert_string_equal(
	    fault("1 foo.example.com. alpn=h2 no-default-alpn=abc"),
	    "has a value for no-default-alpn");
}

static void
figure_14_mandatory_must_make_sense(void **state)
{
	(void)state;
	assert_string_equal(fault("1 foo.example.com. mandatory=key123"),
	    "lists a key under mandatory that it does not have");
	assert_non_null(fault("1 foo.example.com. mandatory=mandatory"));
	assert_non_null(
	    fault("1 foo.example.com. mandatory=key123,key123 key123=abc"));
}

/* Beyond the appendix. */

static void
no_default_alpn_needs_alpn(void **state)
{
	(void)state;
	assert_string_equal(fault("1 . no-default-alpn"),
	    "has no-default-alpn without alpn");
	assert_string_equal(octets("1 . no-default-alpn alpn=h2"),
	    "000100"
	    "0001"
	    "0003"
	    "026832"
	    "0002"
	    "0000");
}

static void
bad_values_are_refused(void **state)
{
	(void)state;
	assert_string_equal(fault("1 . port=65536"),
	    "has a port that is not a number from 0 to 65535");
	assert_string_equal(fault("1 . ipv4hint=1.2.3"),
	    "has an ipv4hint that is not an IPv4 address");
	assert_string_equal(fault("1 . ipv4hint=1.2.3.4,"),
	    "has an ipv4hint that is not an IPv4 address");
	assert_string_equal(fault("1 . ipv6hint=1.2.3.4"),
	    "has an ipv6hint that is not an IPv6 address");
	assert_string_equal(fault("1 . ech=A"), "has an ech not in base64");
	assert_string_equal(fault("1 . ech=AB=="), "has an ech not in base64");
	assert_non_null(fault("1 . alpn=\\256"));
	assert_non_null(fault("1 . key1=abc"));
}

static void
a_protocol_has_1_to_255_octets(void **state)
{
	const char *const message =
	    "has a protocol in alpn that is not 1 to 255 octets long";
	char text[512];

	(void)state;
	assert_string_equal(fault("1 . alpn="), message);
	assert_string_equal(fault("1 . alpn=h2,,h3"), message);
	snprintf(text, sizeof(text), "1 . alpn=%0255u", 0U);
	assert_null(fault(text));
	snprintf(text, sizeof(text), "1 . alpn=%0256u", 0U);
	assert_string_equal(fault(text), message);
}

static void
bad_keys_are_refused(void **state)
{
	const char *const message = "has a parameter whose key is not known";

	(void)state;
	assert_string_equal(fault("1 . alpm=h2"), message);
	assert_string_equal(fault("1 . =h2"), message);
	assert_string_equal(fault("1 . key"), message);
	assert_string_equal(fault("1 . key65535"), message);
	assert_string_equal(fault("1 . key007"), message);
	assert_non_null(fault("1 . \"alpn=h2\""));
}

static void
priority_and_target_are_checked(void **state)
{
	(void)state;
	assert_string_equal(fault("alpn=h2 ."),
	    "has a priority that is not a number from 0 to 65535");
	assert_string_equal(fault("1"),
	    "needs a priority, a name and parameters, as in "
	    "'1 . alpn=h2,h3'");
	assert_string_equal(fault("1 svc alpn=h2"),
	    "has a name that must end with a dot");
}

static void
no_room_is_told_apart_from_bad_text(void **state)
{
	struct writer writer = writer_over(wire, 9);

	(void)state;
	assert_string_equal(rdata_from_text(TYPE_SVCB, "1 . alpn=h2", &writer),
	    "is too long for one record");
	assert_int_equal(writer.at, 0);
}

static void
every_key_reads_back(void **state)
{
	(void)state;
	assert_string_equal(again("1 . key9=\"a b;\" port=0 ech=AAEC "
				  "ipv6hint=::1,::2 key8 ALPN=h2,h3 "
				  "ipv4hint=1.2.3.4,5.6.7.8 "
				  "no-default-alpn mandatory=key9,alpn"),
	    "1 . mandatory=alpn,key9 alpn=h2,h3 no-default-alpn port=0 "
	    "ipv4hint=1.2.3.4,5.6.7.8 ech=AAEC ipv6hint=::1,::2 key8 "
	    "key9=a\\032b\\;");
	assert_string_equal(again("1 . alpn=\"f\\\\\\\\oo\\\\,bar,h2\""),
	    "1 . alpn=f\\\\\\\\oo\\\\,bar,h2");
}

static void
base64_is_padded_as_needed(void **state)
{
	(void)state;
	assert_string_equal(again("1 . ech=/w=="), "1 . ech=/w==");
	assert_string_equal(again("1 . ech=//8="), "1 . ech=//8=");
	assert_string_equal(again("1 . ech=////"), "1 . ech=////");
}

static void
wire_with_disorder_does_not_fit(void **state)
{
	(void)state;
	assert_true(fits("\0\1\0\0\3\0\2\0\1", 9));
	assert_false(fits("\0\1\0\0\3\0\2\0\1\0\3\0\2\0\1", 15));
	assert_false(fits("\0\1\0\0\3\0\2\0\1\0\1\0\3\2h2", 16));
	assert_false(fits("\0\1\0\0\3\0\2\0", 8));
	assert_false(fits("\0\1\0\0\3\0\1\0", 8));
	assert_false(fits("\0\1\0\0\1\0\2\2h", 9));
	assert_false(fits("\0\1\0\0\1\0\0", 7));
	assert_false(fits("\0\1\xc0\0", 4));
	assert_false(fits("\0\1", 2));
	assert_false(fits("\0\1\0\xff\xff\0\0", 7));
	assert_false(fits("", 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(figure_2_alias),
	    cmocka_unit_test(figure_3_target_is_the_owner),
	    cmocka_unit_test(figure_4_port),
	    cmocka_unit_test(figure_5_generic_key),
	    cmocka_unit_test(figure_6_generic_key_quoted_with_an_escape),
	    cmocka_unit_test(figure_7_two_ipv6_hints_quoted),
	    cmocka_unit_test(figure_8_ipv6_hint_with_an_ipv4_tail),
	    cmocka_unit_test(figure_9_parameters_and_mandatory_keys_are_sorted),
	    cmocka_unit_test(
		figure_10_alpn_with_an_escaped_comma_and_backslash),
	    cmocka_unit_test(figure_11_a_key_twice_is_refused),
	    cmocka_unit_test(figure_12_a_missing_value_is_refused),
	    cmocka_unit_test(figure_13_a_value_for_no_default_alpn_is_refused),
	    cmocka_unit_test(figure_14_mandatory_must_make_sense),
	    cmocka_unit_test(no_default_alpn_needs_alpn),
	    cmocka_unit_test(bad_values_are_refused),
	    cmocka_unit_test(a_protocol_has_1_to_255_octets),
	    cmocka_unit_test(bad_keys_are_refused),
	    cmocka_unit_test(priority_and_target_are_checked),
	    cmocka_unit_test(no_room_is_told_apart_from_bad_text),
	    cmocka_unit_test(every_key_reads_back),
	    cmocka_unit_test(base64_is_padded_as_needed),
	    cmocka_unit_test(wire_with_disorder_does_not_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
