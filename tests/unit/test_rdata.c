#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ldns/ldns.h>
#include <stdlib.h>
#include <string.h>

#include "dns/message.h"
#include "dns/rdata.h"

enum { DATA_MAX = 65535, TEXT_MAX = 4 * DATA_MAX };

static uint8_t wire[DATA_MAX + 1];
static char text_out[TEXT_MAX];

/* Reads text and returns what is wrong with it. */
static const char *
fault(uint16_t type, const char *text)
{
	struct writer writer = writer_over(wire, sizeof(wire));
	const char *const found = rdata_from_text(type, text, &writer);

	assert_false(writer.bad);
	assert_true(found == NULL || writer.at == 0);
	return found;
}

/* Reads text and returns the octets as hexadecimal digits. */
static const char *
octets(uint16_t type, const char *text)
{
	struct writer writer = writer_over(wire, sizeof(wire));

	assert_null(rdata_from_text(type, text, &writer));
	for (size_t i = 0; i < writer.at; i++)
		snprintf(text_out + 2 * i, 3, "%02x", wire[i]);
	text_out[2 * writer.at] = '\0';
	return text_out;
}

/* Reads text and writes it again. */
static const char *
again(uint16_t type, const char *text)
{
	struct writer writer = writer_over(wire, sizeof(wire));

	assert_null(rdata_from_text(type, text, &writer));
	return rdata_to_text(type, wire, (uint16_t)writer.at, text_out,
	    sizeof(text_out));
}

/* Whether ldns gets the same octets from the same text. */
static void
agree(uint16_t type, const char *text)
{
	struct writer writer = writer_over(wire, sizeof(wire));
	char line[1024];
	char name[RDATA_TYPE_TEXT];
	ldns_rr *rr;
	uint8_t *theirs;
	size_t size;
	const size_t head = 1 + 2 + 2 + 4 + 2;

	snprintf(line, sizeof(line), ". 0 IN %s %s",
	    rdata_type_to_text(type, name), text);
	assert_int_equal(ldns_rr_new_frm_str(&rr, line, 0, NULL, NULL),
	    LDNS_STATUS_OK);
	assert_int_equal(ldns_rr2wire(&theirs, rr, LDNS_SECTION_ANSWER, &size),
	    LDNS_STATUS_OK);
	assert_null(rdata_from_text(type, text, &writer));
	assert_int_equal(writer.at, size - head);
	assert_memory_equal(wire, theirs + head, writer.at);
	free(theirs);
	ldns_rr_free(rr);
}

/* Types. */

static void
mnemonics_ignore_letter_case(void **state)
{
	uint16_t type;

	(void)state;
	assert_true(rdata_type_from_text("cName", &type));
	assert_int_equal(type, TYPE_CNAME);
	assert_true(rdata_type_from_text("type65280", &type));
	assert_int_equal(type, 65280);
}

static void
what_is_no_type_is_refused(void **state)
{
	uint16_t type = 7;

	(void)state;
	assert_false(rdata_type_from_text("", &type));
	assert_false(rdata_type_from_text("BOGUS", &type));
	assert_false(rdata_type_from_text("TYPE", &type));
	assert_false(rdata_type_from_text("TYPE1x", &type));
	assert_false(rdata_type_from_text("TYPE65536", &type));
	assert_false(rdata_type_from_text("ALIAS", &type));
	assert_int_equal(type, 7);
}

static void
every_type_reads_back_from_its_text(void **state)
{
	char buf[RDATA_TYPE_TEXT];

	(void)state;
	for (unsigned i = 0; i <= UINT16_MAX; i++) {
		uint16_t type = (uint16_t)~i;

		assert_true(
		    rdata_type_from_text(rdata_type_to_text((uint16_t)i, buf),
			&type));
		assert_int_equal(type, i);
	}
}

static void
unknown_types_have_numbers(void **state)
{
	char buf[RDATA_TYPE_TEXT];

	(void)state;
	assert_string_equal(rdata_type_to_text(65280, buf), "TYPE65280");
	assert_string_equal(rdata_type_to_text(TYPE_HTTPS, buf), "HTTPS");
	assert_string_equal(rdata_type_to_text(TYPE_AXFR, buf), "AXFR");
}

/* Text to wire. */

static void
every_supported_type_has_its_wire_form(void **state)
{
	(void)state;
	assert_string_equal(octets(TYPE_A, "10.0.0.1"), "0a000001");
	assert_string_equal(octets(TYPE_AAAA, "2001:db8::1"),
	    "20010db8000000000000000000000001");
	assert_string_equal(octets(TYPE_CAA, "0 issue \"pki.goog\""),
	    "00056973737565706b692e676f6f67");
	assert_string_equal(octets(TYPE_CNAME, "Run.App."),
	    "0352756e0341707000");
	assert_string_equal(octets(TYPE_DS, "60485 5 1 2BB183 AF5F"),
	    "ec4505012bb183af5f");
	assert_string_equal(octets(TYPE_HTTPS, "1 . alpn=h2"),
	    "00010000010003026832");
	assert_string_equal(octets(TYPE_MX, "10 mx.a."), "000a026d78016100");
	assert_string_equal(octets(TYPE_NAPTR,
				"100 10 \"u\" \"E2U+sip\" \"!.*!a!\" ."),
	    "0064000a0175074532552b73697006212e2a21612100");
	assert_string_equal(octets(TYPE_NS, "ns.a."), "026e73016100");
	assert_string_equal(octets(TYPE_PTR, "a.b."), "0161016200");
	assert_string_equal(octets(TYPE_SOA, "a. b. 1 2 3 4 5"),
	    "016100016200"
	    "0000000100000002000000030000000400000005");
	assert_string_equal(octets(TYPE_SPF, "\"v=spf1 -all\""),
	    "0b763d73706631202d616c6c");
	assert_string_equal(octets(TYPE_SRV, "1 2 3 a."), "000100020003016100");
	assert_string_equal(octets(TYPE_SSHFP, "4 2 1234 5678"),
	    "040212345678");
	assert_string_equal(octets(TYPE_SVCB, "0 a."), "0000016100");
	assert_string_equal(octets(TYPE_TLSA, "3 1 1 d2ABDE"), "030101d2abde");
	assert_string_equal(octets(TYPE_TXT, "\"a b\" c"), "036120620163");
}

static void
ipseckey_takes_each_kind_of_gateway(void **state)
{
	(void)state;
	assert_string_equal(octets(TYPE_IPSECKEY, "10 0 2 . AQNR"),
	    "0a000201"
	    "0351");
	assert_string_equal(octets(TYPE_IPSECKEY, "10 1 2 192.0.2.1 AQ NR"),
	    "0a0102c0000201"
	    "010351");
	assert_string_equal(octets(TYPE_IPSECKEY, "10 2 2 ::1 AQNR"),
	    "0a02020000000000000000000000000000000101"
	    "0351");
	assert_string_equal(octets(TYPE_IPSECKEY, "10 3 2 gw.a. AQNR"),
	    "0a0302026777016100"
	    "010351");
	assert_string_equal(octets(TYPE_IPSECKEY, "10 0 0 ."), "0a0000");
	assert_non_null(fault(TYPE_IPSECKEY, "10 1 2 . AQNR"));
	assert_non_null(fault(TYPE_IPSECKEY, "10 0 2 192.0.2.1 AQNR"));
	assert_non_null(fault(TYPE_IPSECKEY, "10 3 2 gw.a AQNR"));
	assert_non_null(fault(TYPE_IPSECKEY, "10 4 2 gw.a. AQNR"));
}

static void
ldns_reads_the_same_octets(void **state)
{
	(void)state;
	agree(TYPE_A, "192.0.2.1");
	agree(TYPE_AAAA, "2001:db8:0:0:1::1");
	agree(TYPE_CAA, "128 issuewild \"\"");
	agree(TYPE_CNAME, "a\\.b.c\\032d.");
	agree(TYPE_DNSKEY, "257 3 13 AQNRU3mG");
	agree(TYPE_DS, "1 RSASHA256 2 abcd");
	agree(TYPE_HTTPS, "1 . alpn=h2,h3 port=8443 ipv4hint=192.0.2.1");
	agree(TYPE_IPSECKEY, "10 3 2 gw.example. AQNRU3mG7TVTO2BkR47usntb");
	agree(TYPE_MX, "65535 .");
	agree(TYPE_NAPTR, "1 2 \"\" \"a\\\"b\" \"\" a.");
	agree(TYPE_RRSIG, "A 8 3 300 20260101000000 20251201000000 1 a. AQNR");
	agree(TYPE_SOA, "a. b. 4294967295 1h 30m 2w 5");
	agree(TYPE_SSHFP, "4 2 aabb");
	agree(TYPE_TLSA, "DANE-EE SPKI SHA2-256 aabb");
	agree(TYPE_TXT, "\"\" \"\\000\\255\\\\\" plain");
}

static void
text_goes_behind_what_the_writer_holds(void **state)
{
	struct writer writer = writer_over(wire, 6);

	(void)state;
	writer_u16(&writer, 0x1234);
	assert_null(rdata_from_text(TYPE_A, "10.0.0.1", &writer));
	assert_int_equal(writer.at, 6);
	assert_memory_equal(wire, "\x12\x34\x0a\x00\x00\x01", 6);
}

static void
failure_leaves_the_writer_where_it_was(void **state)
{
	struct writer writer = writer_over(wire, 5);

	(void)state;
	writer_u16(&writer, 0x1234);
	assert_string_equal(rdata_from_text(TYPE_A, "10.0.0.1", &writer),
	    "is too long for one record");
	assert_string_equal(rdata_from_text(TYPE_MX, "1 a", &writer),
	    "has a name that must end with a dot");
	assert_int_equal(writer.at, 2);
	assert_false(writer.bad);
	assert_memory_equal(wire, "\x12\x34", 2);
}

static void
data_longer_than_a_record_is_refused(void **state)
{
	static char text[2 * DATA_MAX];
	const size_t strings = sizeof(text) / 2 / 2;

	(void)state;
	memset(text, 'a', sizeof(text));
	for (size_t i = 0; i < strings + 1; i++)
		text[2 * i + 1] = ' ';
	text[2 * strings] = '\0';
	assert_null(fault(TYPE_TXT, text));
	text[2 * strings] = 'a';
	text[2 * strings + 1] = '\0';
	assert_string_equal(fault(TYPE_TXT, text),
	    "is too long for one record");
}

/* Odd text. */

static void
odd_addresses_are_refused(void **state)
{
	(void)state;
	assert_string_equal(fault(TYPE_A, ""), "is not an IPv4 address");
	assert_string_equal(fault(TYPE_A, "1.2.3"), "is not an IPv4 address");
	assert_string_equal(fault(TYPE_A, "256.1.1.1"),
	    "is not an IPv4 address");
	assert_string_equal(fault(TYPE_A, "1.2.3.4.5"),
	    "is not an IPv4 address");
	assert_string_equal(fault(TYPE_A, "1.2.3.4 5"),
	    "is not an IPv4 address");
	assert_string_equal(fault(TYPE_A, "1.2.3.4x"),
	    "is not an IPv4 address");
	assert_string_equal(fault(TYPE_A, "::1"), "is not an IPv4 address");
	assert_string_equal(fault(TYPE_AAAA, "1.2.3.4"),
	    "is not an IPv6 address");
	assert_string_equal(fault(TYPE_AAAA, "1:2:3"),
	    "is not an IPv6 address");
	assert_string_equal(fault(TYPE_AAAA, "fe80::1%eth0"),
	    "is not an IPv6 address");
}

static void
relative_names_are_refused(void **state)
{
	const char *const message = "has a name that must end with a dot";

	(void)state;
	assert_string_equal(fault(TYPE_CNAME, "run.app"), message);
	assert_string_equal(fault(TYPE_CNAME, "@"), message);
	assert_string_equal(fault(TYPE_MX, "10 mail"), message);
	assert_string_equal(fault(TYPE_SOA, "a. b 1 2 3 4 5"), message);
	assert_string_equal(fault(TYPE_SVCB, "1 svc"), message);
	assert_string_equal(fault(TYPE_CNAME, "a\\."), message);
}

static void
a_dot_after_an_escaped_backslash_ends_a_name(void **state)
{
	(void)state;
	assert_string_equal(octets(TYPE_CNAME, "a\\\\."), "02615c00");
}

static void
bad_names_are_refused(void **state)
{
	(void)state;
	assert_non_null(fault(TYPE_CNAME, "a..b."));
	assert_non_null(fault(TYPE_CNAME, "\\256."));
	assert_non_null(fault(TYPE_CNAME,
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."));
}

static void
numbers_out_of_range_are_refused(void **state)
{
	const char *const small =
	    "has a field that is not a number from 0 to 255";
	const char *const large =
	    "has a field that is not a number from 0 to 65535";

	(void)state;
	assert_string_equal(fault(TYPE_MX, "65536 a."), large);
	assert_string_equal(fault(TYPE_MX, "-1 a."), large);
	assert_string_equal(fault(TYPE_MX, "1x a."), large);
	assert_string_equal(fault(TYPE_SRV, "1 2 70000 a."), large);
	assert_string_equal(fault(TYPE_CAA, "256 issue \"a\""), small);
	assert_string_equal(fault(TYPE_TLSA, "256 1 1 aa"), small);
	assert_string_equal(fault(TYPE_DS, "1 300 1 aa"), small);
	assert_string_equal(fault(TYPE_SOA, "a. b. 4294967296 2 3 4 5"),
	    "has a field that is not a number from 0 to 4294967295");
	assert_non_null(fault(TYPE_SOA, "a. b. 1 2 3 4 99999999w"));
	assert_non_null(fault(TYPE_SOA, "a. b. 1 2 3 4 5x"));
}

static void
a_wrong_number_of_fields_gets_an_example(void **state)
{
	const char *const mx =
	    "needs a priority and a name, as in '10 mail.example.com.'";

	(void)state;
	assert_string_equal(fault(TYPE_MX, "mail.example.com."), mx);
	assert_string_equal(fault(TYPE_MX, ""), mx);
	assert_string_equal(fault(TYPE_MX, "10 20 mail.example.com."), mx);
	assert_string_equal(fault(TYPE_MX, "10 mail.example.com. x"), mx);
	assert_string_equal(fault(TYPE_CNAME, "a. b."),
	    "needs one name, as in 'www.example.com.'");
	assert_string_equal(fault(TYPE_TXT, ""),
	    "needs one string or more, as in '\"v=spf1 -all\"'");
	assert_string_equal(fault(TYPE_RP, "a."),
	    "has too few or too many fields for its type");
}

/* The quoted part of a hint is itself data of the type. */
static void
check_example(uint16_t type)
{
	char copy[256];
	char *open;

	snprintf(copy, sizeof(copy), "%s", fault(type, "1 2"));
	open = strchr(copy, '\'');
	assert_non_null(open);
	*strrchr(copy, '\'') = '\0';
	assert_null(fault(type, open + 1));
}

static void
every_example_in_a_message_is_right(void **state)
{
	(void)state;
	check_example(TYPE_CAA);
	check_example(TYPE_CNAME);
	check_example(TYPE_DS);
	check_example(TYPE_IPSECKEY);
	check_example(TYPE_NAPTR);
	check_example(TYPE_NS);
	check_example(TYPE_PTR);
	check_example(TYPE_SOA);
	check_example(TYPE_SRV);
	check_example(TYPE_SSHFP);
	check_example(TYPE_TLSA);
}

static void
strings_are_checked(void **state)
{
	static char text[300];

	(void)state;
	memset(text, 'a', 256);
	assert_string_equal(fault(TYPE_TXT, text),
	    "has a character-string longer than 255 octets");
	text[255] = '\0';
	assert_null(fault(TYPE_TXT, text));
	assert_string_equal(fault(TYPE_TXT, "\"a"),
	    "has a quote that is not closed");
	assert_string_equal(fault(TYPE_TXT, "\"a\"b"),
	    "has text right after a closing quote");
	assert_string_equal(fault(TYPE_TXT, "a\"b\""),
	    "has a quote in the middle of a word");
	assert_string_equal(fault(TYPE_TXT, "\\256"),
	    "has a \\ without a character, or \\DDD over 255");
	assert_non_null(fault(TYPE_TXT, "\\25"));
	assert_non_null(fault(TYPE_TXT, "a\\"));
	assert_string_equal(fault(TYPE_A, "\"1.2.3.4\""),
	    "has quotes where no string may stand");
	assert_non_null(fault(TYPE_CAA, "0 is-sue \"a\""));
}

static void
an_escape_counts_as_one_octet(void **state)
{
	static char text[4 * 256 + 1];

	(void)state;
	for (size_t i = 0; i < 255; i++)
		memcpy(text + 4 * i, "\\065", 5);
	assert_null(fault(TYPE_TXT, text));
}

static void
strings_keep_semicolons_and_utf8(void **state)
{
	(void)state;
	assert_string_equal(octets(TYPE_TXT, "v=DKIM1;p=\xc3\xa9"),
	    "0c763d444b494d313b703dc3a9");
}

static void
odd_hexadecimal_and_base64_are_refused(void **state)
{
	(void)state;
	assert_non_null(fault(TYPE_DS, "1 8 2 abc"));
	assert_non_null(fault(TYPE_DS, "1 8 2 xx"));
	assert_non_null(fault(TYPE_DS, "1 8 2"));
	assert_non_null(fault(TYPE_DNSKEY, "257 3 13 AQNRU"));
	assert_non_null(fault(TYPE_DNSKEY,
	    "257 3 13 AQ=="
	    "AQNR"));
	assert_non_null(fault(TYPE_DNSKEY, "257 3 13 0"));
	assert_non_null(fault(TYPE_DS, "1 NOSUCH 2 aa"));
}

/* RFC 3597. */

static void
every_type_takes_generic_data(void **state)
{
	(void)state;
	assert_string_equal(octets(TYPE_A, "\\# 4 0a000001"), "0a000001");
	assert_string_equal(octets(TYPE_A, " \\# 4 0a 00 00 01 "), "0a000001");
	assert_string_equal(octets(65280, "\\# 3 abCDef"), "abcdef");
	assert_string_equal(octets(65280, "\\# 0"), "");
	assert_string_equal(octets(TYPE_HTTPS, "\\# 7 000100029b0000"),
	    "000100029b0000");
}

static void
generic_data_must_fit_its_length_and_type(void **state)
{
	const char *const unfit =
	    "does not have the octets that its type needs";

	(void)state;
	assert_non_null(fault(65280, "\\# 3 abcd"));
	assert_non_null(fault(65280, "\\# 3"));
	assert_non_null(fault(65280, "\\# x abcd"));
	assert_non_null(fault(65280, "\\# 65536 ab"));
	assert_non_null(fault(65280, "\\#"));
	assert_non_null(fault(65280, "\\# 1 xy"));
	assert_string_equal(fault(TYPE_A, "\\# 3 0a0000"), unfit);
	assert_string_equal(fault(TYPE_A, "\\# 5 0a00000100"), unfit);
	assert_string_equal(fault(TYPE_CNAME, "\\# 3 056162"), unfit);
	assert_string_equal(fault(TYPE_CNAME, "\\# 2 c000"), unfit);
	assert_string_equal(fault(TYPE_TXT, "\\# 2 0561"), unfit);
	assert_string_equal(fault(TYPE_TXT, "\\# 0"), unfit);
	assert_string_equal(fault(TYPE_HTTPS, "\\# 6 000100000300"), unfit);
	assert_string_equal(fault(TYPE_SOA, "\\# 3 000000"), unfit);
}

static void
types_without_a_text_form_ask_for_the_generic_one(void **state)
{
	const char *const message =
	    "must be written in the form of RFC 3597, as in "
	    "'\\# 4 0a000001'";

	(void)state;
	assert_string_equal(fault(65280, "abc"), message);
	assert_string_equal(fault(TYPE_NSEC, "a. A NS"), message);
	assert_string_equal(fault(TYPE_NSEC, "a."), message);
	assert_string_equal(fault(TYPE_ANY, ""), message);
}

/* Under an origin. */

static void
names_in_a_master_file_lie_under_its_origin(void **state)
{
	struct writer writer = writer_over(wire, sizeof(wire));
	struct name origin;

	(void)state;
	assert_int_equal(name_from_text(&origin, "b."), NAME_OK);
	assert_null(rdata_from_text_under(TYPE_MX, "1 a", &origin, &writer));
	assert_null(rdata_from_text_under(TYPE_CNAME, "@", &origin, &writer));
	assert_null(rdata_from_text_under(TYPE_CNAME, "c.", &origin, &writer));
	assert_int_equal(writer.at, 7 + 3 + 3);
	assert_memory_equal(wire,
	    "\0\1\1a\1b\0"
	    "\1b\0"
	    "\1c\0",
	    13);
}

static void
a_name_too_long_under_its_origin_is_refused(void **state)
{
	struct writer writer = writer_over(wire, sizeof(wire));
	const char *const label =
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	char text[256];
	struct name origin;

	(void)state;
	snprintf(text, sizeof(text), "%s.%s.%s.%s.", label, label, label,
	    label);
	assert_int_equal(name_from_text(&origin, text), NAME_OK);
	assert_null(
	    rdata_from_text_under(TYPE_CNAME, "bcdef", &origin, &writer));
	assert_int_equal(writer.at, NAME_SIZE);
	assert_string_equal(rdata_from_text_under(TYPE_CNAME, "bcdefg", &origin,
				&writer),
	    name_error_text(NAME_LONG));
}

/* Wire to text. */

static void
every_supported_type_reads_back(void **state)
{
	(void)state;
	assert_string_equal(again(TYPE_A, "10.0.0.1"), "10.0.0.1");
	assert_string_equal(again(TYPE_AAAA, "2001:DB8:0::1"), "2001:db8::1");
	assert_string_equal(again(TYPE_CAA, "0 issue pki.goog"),
	    "0 issue \"pki.goog\"");
	assert_string_equal(again(TYPE_CNAME, "Run.App."), "Run.App.");
	assert_string_equal(again(TYPE_DS, "1 8 2 AB CD"), "1 8 2 abcd");
	assert_string_equal(again(TYPE_HTTPS, "1 . alpn=\"h2\""),
	    "1 . alpn=h2");
	assert_string_equal(again(TYPE_IPSECKEY, "10 0 2 . AQNR"),
	    "10 0 2 . AQNR");
	assert_string_equal(again(TYPE_IPSECKEY, "10 0 0 ."), "10 0 0 .");
	assert_string_equal(again(TYPE_IPSECKEY, "10 3 2 gw.a. AQNR"),
	    "10 3 2 gw.a. AQNR");
	assert_string_equal(again(TYPE_MX, "10 mail.a."), "10 mail.a.");
	assert_string_equal(again(TYPE_NAPTR, "1 2 u a+b \"\" ."),
	    "1 2 \"u\" \"a+b\" \"\" .");
	assert_string_equal(again(TYPE_NS, "a."), "a.");
	assert_string_equal(again(TYPE_PTR, "a\\.b."), "a\\.b.");
	assert_string_equal(again(TYPE_SOA, "a. b. 1 6h 3 4 5m"),
	    "a. b. 1 21600 3 4 300");
	assert_string_equal(again(TYPE_SPF, "a"), "\"a\"");
	assert_string_equal(again(TYPE_SRV, "1 2 3 a."), "1 2 3 a.");
	assert_string_equal(again(TYPE_SSHFP, "4 2 AB"), "4 2 ab");
	assert_string_equal(again(TYPE_SVCB, "0 a."), "0 a.");
	assert_string_equal(again(TYPE_TLSA, "3 1 1 AB"), "3 1 1 ab");
	assert_string_equal(again(TYPE_TXT, "\"a \\\"b\\\\\" c \\000"),
	    "\"a \\\"b\\\\\" \"c\" \"\\000\"");
}

static void
data_that_does_not_fit_its_type_is_written_in_generic_form(void **state)
{
	const uint8_t data[] = {0x01, 0x61, 0xff};

	(void)state;
	assert_string_equal(rdata_to_text(TYPE_A, data, 3, text_out,
				sizeof(text_out)),
	    "\\# 3 0161ff");
	assert_string_equal(rdata_to_text(TYPE_CNAME, data, 3, text_out,
				sizeof(text_out)),
	    "\\# 3 0161ff");
	assert_string_equal(rdata_to_text(65280, data, 3, text_out,
				sizeof(text_out)),
	    "\\# 3 0161ff");
	assert_string_equal(rdata_to_text(TYPE_A, data, 0, text_out,
				sizeof(text_out)),
	    "\\# 0");
}

static void
text_that_does_not_fit_is_cut(void **state)
{
	const uint8_t data[] = {10, 0, 0, 1};
	char small[6] = "xxxxx";

	(void)state;
	assert_string_equal(rdata_to_text(TYPE_A, data, 4, small,
				sizeof(small)),
	    "10.0.");
	assert_string_equal(rdata_to_text(TYPE_A, data, 4, small, 1), "");
	small[0] = 'y';
	rdata_to_text(TYPE_A, data, 4, small, 0);
	assert_int_equal(small[0], 'y');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(mnemonics_ignore_letter_case),
	    cmocka_unit_test(what_is_no_type_is_refused),
	    cmocka_unit_test(every_type_reads_back_from_its_text),
	    cmocka_unit_test(unknown_types_have_numbers),
	    cmocka_unit_test(every_supported_type_has_its_wire_form),
	    cmocka_unit_test(ipseckey_takes_each_kind_of_gateway),
	    cmocka_unit_test(ldns_reads_the_same_octets),
	    cmocka_unit_test(text_goes_behind_what_the_writer_holds),
	    cmocka_unit_test(failure_leaves_the_writer_where_it_was),
	    cmocka_unit_test(data_longer_than_a_record_is_refused),
	    cmocka_unit_test(odd_addresses_are_refused),
	    cmocka_unit_test(relative_names_are_refused),
	    cmocka_unit_test(a_dot_after_an_escaped_backslash_ends_a_name),
	    cmocka_unit_test(bad_names_are_refused),
	    cmocka_unit_test(numbers_out_of_range_are_refused),
	    cmocka_unit_test(a_wrong_number_of_fields_gets_an_example),
	    cmocka_unit_test(every_example_in_a_message_is_right),
	    cmocka_unit_test(strings_are_checked),
	    cmocka_unit_test(an_escape_counts_as_one_octet),
	    cmocka_unit_test(strings_keep_semicolons_and_utf8),
	    cmocka_unit_test(odd_hexadecimal_and_base64_are_refused),
	    cmocka_unit_test(every_type_takes_generic_data),
	    cmocka_unit_test(generic_data_must_fit_its_length_and_type),
	    cmocka_unit_test(types_without_a_text_form_ask_for_the_generic_one),
	    cmocka_unit_test(names_in_a_master_file_lie_under_its_origin),
	    cmocka_unit_test(a_name_too_long_under_its_origin_is_refused),
	    cmocka_unit_test(every_supported_type_reads_back),
	    cmocka_unit_test(
		data_that_does_not_fit_its_type_is_written_in_generic_form),
	    cmocka_unit_test(text_that_does_not_fit_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
