#include "dns/answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dns/name.h"
#include "dns/wire.h"
#include "oracle.h"

static uint8_t memory[1 << 20];
static struct arena arena;
static struct answer answer;
static struct request request;
static struct encoding encoding;
static uint8_t wire[MESSAGE_MAX];
static size_t len;

static const uint8_t *
name(const char *text)
{
	struct name parsed;
	const uint8_t *copy;

	assert_int_equal(name_from_text(&parsed, text), NAME_OK);
	copy = arena_copy(&arena, parsed.wire, parsed.len);
	assert_non_null(copy);
	return copy;
}

static void
ask(const char *text, uint16_t type)
{
	request = (struct request){
	    .id = 0x1234,
	    .flags = FLAG_RD | FLAG_AD,
	    .has_question = true,
	    .question = {.type = type, .class = CLASS_IN},
	    .edns = {.present = true, .udp_size = 1232},
	};
	name_set(&request.question.name, name(text));
}

static int
setup(void **state)
{
	(void)state;
	arena_init(&arena, memory, sizeof(memory));
	memset(&answer, 0xa5, sizeof(answer));
	answer_reset(&answer);
	encoding = (struct encoding){
	    .limit = 1232,
	    .udp_size = 512,
	    .extended_errors = true,
	    .transport = TRANSPORT_UDP,
	};
	ask("www.Run.app", TYPE_A);
	return 0;
}

/* An RRset of n addresses 192.0.2.1 and on. */
static const struct rrset *
addresses(size_t n)
{
	struct rdata records[4096];
	uint8_t *octets = arena_alloc(&arena, 4 * n);

	assert_non_null(octets);
	for (size_t i = 0; i < n; i++) {
		const uint8_t address[] = {192, 0, (uint8_t)(2 + i / 255),
		    (uint8_t)(i % 255 + 1)};

		memcpy(octets + 4 * i, address, 4);
		records[i] = (struct rdata){.bytes = octets + 4 * i, .len = 4};
	}
	return rrset_pack(&arena, TYPE_A, 300, records, n);
}

/* An RRset of one record of octets and a name after them. */
static const struct rrset *
naming(uint16_t type, size_t octets, const char *text)
{
	const uint8_t *target = name(text);
	struct rdata record = {.len = (uint16_t)(octets + name_size(target))};
	uint8_t *bytes = arena_calloc(&arena, 1, record.len);

	assert_non_null(bytes);
	memcpy(bytes + octets, target, name_size(target));
	record.bytes = bytes;
	return rrset_pack(&arena, type, 60, &record, 1);
}

static void
encode(void)
{
	len = answer_encode(&answer, &request, &encoding, wire, sizeof(wire));
	assert_true(len > 0);
}

static const char *
section(ldns_pkt_section which)
{
	return oracle_section(wire, len, which);
}

static uint16_t
word(size_t at)
{
	return (uint16_t)(wire[at] << 8 | wire[at + 1]);
}

static void
header_is(uint16_t flags, uint16_t questions, uint16_t answers,
    uint16_t authorities, uint16_t additionals)
{
	assert_int_equal(word(2), flags);
	assert_int_equal(word(4), questions);
	assert_int_equal(word(6), answers);
	assert_int_equal(word(8), authorities);
	assert_int_equal(word(10), additionals);
}

static void
an_answer_is_encoded_and_ldns_reads_it(void **state)
{
	(void)state;
	answer_add(&answer, SECTION_ANSWER, name("www.run.app"), addresses(2));
	encode();
	assert_int_equal(word(0), 0x1234);
	header_is(FLAG_QR | FLAG_RD | FLAG_RA, 1, 2, 0, 1);
	assert_string_equal(section(LDNS_SECTION_ANSWER),
	    "www.Run.app. 300 IN A 192.0.2.1\n"
	    "www.Run.app. 300 IN A 192.0.2.2\n");
	assert_string_equal(section(LDNS_SECTION_QUESTION),
	    "www.Run.app. IN A\n");
}

static void
claim_110_two_addresses_make_115_octets(void **state)
{
	const char *owner =
	    "clouddns-vpc-a.default.svc.clouddns-vpc.clouddns-vpc-1";

	(void)state;
	ask(owner, TYPE_A);
	answer_add(&answer, SECTION_ANSWER, name(owner), addresses(2));
	encode();
	assert_int_equal(len, 115);
}

static void
claim_111_six_addresses_make_135_octets(void **state)
{
	(void)state;
	ask("google.com", TYPE_A);
	answer_add(&answer, SECTION_ANSWER, name("google.com"), addresses(6));
	encode();
	assert_int_equal(len, 135);
}

static void
flags_are_echoed_and_ad_is_not(void **state)
{
	(void)state;
	request.flags =
	    FLAG_RD | FLAG_AD | FLAG_CD | FLAG_Z | FLAG_TC | FLAG_AA | 0x000f;
	encode();
	header_is(FLAG_QR | FLAG_RD | FLAG_RA | FLAG_CD, 1, 0, 0, 1);
	request.flags = 0;
	answer.authoritative = true;
	answer.authentic = true;
	answer.rcode = RCODE_NXDOMAIN;
	encode();
	header_is(FLAG_QR | FLAG_AA | FLAG_RA | FLAG_AD | RCODE_NXDOMAIN, 1, 0,
	    0, 1);
}

static void
another_opcode_is_echoed_without_a_question(void **state)
{
	(void)state;
	request.flags = 4 << 11;
	request.has_question = false;
	request.edns.present = false;
	answer.rcode = RCODE_NOTIMP;
	encode();
	assert_int_equal(len, HEADER_SIZE);
	header_is(FLAG_QR | 4 << 11 | FLAG_RA | RCODE_NOTIMP, 0, 0, 0, 0);
}

static void
opt_comes_only_when_asked_for(void **state)
{
	(void)state;
	encode();
	assert_memory_equal(wire + len - OPT_SIZE, "\0\0\51\2\0\0\0\0\0\0\0",
	    OPT_SIZE);
	request.edns.present = false;
	encode();
	header_is(FLAG_QR | FLAG_RD | FLAG_RA, 1, 0, 0, 0);
	assert_int_equal(len, HEADER_SIZE + 13 + 4);
}

static void
do_is_set_only_when_told(void **state)
{
	(void)state;
	request.edns.dnssec_ok = true;
	encode();
	assert_int_equal(word(len - 4), 0);
	encoding.dnssec_ok = true;
	encode();
	assert_int_equal(word(len - 4), EDNS_DO);
}

static void
badvers_goes_into_the_opt_record(void **state)
{
	(void)state;
	answer.rcode = RCODE_BADVERS;
	encode();
	assert_int_equal(word(2) & FLAG_RCODE, 0);
	assert_int_equal(wire[len - 6], 1);
	assert_int_equal(wire[len - 5], 0);
}

static void
without_opt_a_long_rcode_becomes_servfail(void **state)
{
	(void)state;
	request.edns.present = false;
	answer.rcode = 23;
	encode();
	assert_int_equal(word(2) & FLAG_RCODE, RCODE_SERVFAIL);
}

static void
the_ttl_of_the_item_is_sent(void **state)
{
	struct answer_item *item = answer_add(&answer, SECTION_ANSWER,
	    name("www.run.app"), addresses(1));

	(void)state;
	item->ttl = 17;
	encode();
	assert_string_equal(section(LDNS_SECTION_ANSWER),
	    "www.Run.app. 17 IN A 192.0.2.1\n");
}

static void
order_begins_with_the_first_of_the_item(void **state)
{
	struct answer_item *item = answer_add(&answer, SECTION_ANSWER,
	    name("www.run.app"), addresses(3));

	(void)state;
	item->first = 2;
	encode();
	assert_string_equal(section(LDNS_SECTION_ANSWER),
	    "www.Run.app. 300 IN A 192.0.2.3\n"
	    "www.Run.app. 300 IN A 192.0.2.1\n"
	    "www.Run.app. 300 IN A 192.0.2.2\n");
}

static void
sections_are_written_in_their_order(void **state)
{
	(void)state;
	answer_add(&answer, SECTION_ADDITIONAL, name("ns.run.app"),
	    addresses(1));
	answer_add(&answer, SECTION_AUTHORITY, name("run.app"),
	    naming(TYPE_NS, 0, "ns.run.app"));
	answer_add(&answer, SECTION_ANSWER, name("www.run.app"), addresses(1));
	encode();
	header_is(FLAG_QR | FLAG_RD | FLAG_RA, 1, 1, 1, 2);
	assert_string_equal(section(LDNS_SECTION_AUTHORITY),
	    "Run.app. 60 IN NS ns.Run.app.\n");
	assert_string_equal(section(LDNS_SECTION_ADDITIONAL),
	    "ns.Run.app. 300 IN A 192.0.2.1\n");
}

/* The target ends like the question; the address points at the target. */
static void
a_chain_is_compressed(void **state)
{
	(void)state;
	answer_add(&answer, SECTION_ANSWER, name("www.run.app"),
	    naming(TYPE_CNAME, 0, "x.run.app"));
	answer_add(&answer, SECTION_ANSWER, name("x.run.app"), addresses(1));
	encode();
	assert_int_equal(len, 12 + 17 + (12 + 4) + (12 + 4) + OPT_SIZE);
	assert_string_equal(section(LDNS_SECTION_ANSWER),
	    "www.Run.app. 60 IN CNAME x.Run.app.\n"
	    "x.Run.app. 300 IN A 192.0.2.1\n");
}

static void
a_wildcards_target_is_a_pointer_into_the_question(void **state)
{
	(void)state;
	answer_add(&answer, SECTION_ANSWER, name("www.run.app"),
	    naming(TYPE_CNAME, 0, "run.app"));
	encode();
	assert_int_equal(word(29), 0xc00c);
	assert_int_equal(word(41), 0xc00c + 4);
	assert_int_equal(len, 12 + 17 + 12 + 2 + OPT_SIZE);
}

static void
names_of_newer_types_stay_whole(void **state)
{
	(void)state;
	ask("www.run.app", TYPE_SRV);
	answer_add(&answer, SECTION_ANSWER, name("www.run.app"),
	    naming(TYPE_SRV, 6, "x.run.app"));
	encode();
	assert_int_equal(len, 12 + 17 + 12 + 6 + 11 + OPT_SIZE);
	assert_string_equal(section(LDNS_SECTION_ANSWER),
	    "www.run.app. 60 IN SRV 0 0 0 x.run.app.\n");
}

static void
an_mx_target_is_compressed_after_its_preference(void **state)
{
	(void)state;
	ask("run.app", TYPE_MX);
	answer_add(&answer, SECTION_ANSWER, name("run.app"),
	    naming(TYPE_MX, 2, "mx.run.app"));
	encode();
	assert_int_equal(len, 12 + 13 + 12 + 2 + 5 + OPT_SIZE);
	assert_string_equal(section(LDNS_SECTION_ANSWER),
	    "run.app. 60 IN MX 0 mx.run.app.\n");
}

/* Two names of the root zone: mname, rname, and twenty octets. */
static void
a_soa_is_compressed_and_its_numbers_follow(void **state)
{
	static const uint8_t rdata[] =
	    "\2ns\3run\3app\0\4host\3run\3app\0"
	    "\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5";
	const struct rdata record = {
	    .bytes = rdata,
	    .len = sizeof(rdata) - 1,
	};

	(void)state;
	answer_add(&answer, SECTION_AUTHORITY, name("run.app"),
	    rrset_pack(&arena, TYPE_SOA, 60, &record, 1));
	encode();
	assert_string_equal(section(LDNS_SECTION_AUTHORITY),
	    "Run.app. 60 IN SOA ns.Run.app. host.Run.app. 1 2 3 4 5\n");
	assert_int_equal(len, 12 + 17 + 12 + 5 + 7 + 20 + OPT_SIZE);
}

static void
the_root_is_never_a_pointer(void **state)
{
	(void)state;
	ask(".", TYPE_NS);
	answer_add(&answer, SECTION_ANSWER, name("."), naming(TYPE_NS, 0, "."));
	encode();
	assert_int_equal(len, 12 + 5 + 11 + 1 + OPT_SIZE);
	assert_string_equal(section(LDNS_SECTION_ANSWER), ". 60 IN NS .\n");
}

static void
an_unknown_type_goes_out_as_it_is(void **state)
{
	const struct rdata record = {.bytes = (const uint8_t *)"\300\0", 2};

	(void)state;
	answer_add(&answer, SECTION_ANSWER, name("www.run.app"),
	    rrset_pack(&arena, 65280, 5, &record, 1));
	encode();
	assert_string_equal(section(LDNS_SECTION_ANSWER),
	    "www.Run.app. 5 IN TYPE65280 \\# 2 c000\n");
}

static void
what_does_not_fit_udp_leaves_tc_and_no_records(void **state)
{
	(void)state;
	encoding.limit = 512;
	answer_add(&answer, SECTION_ANSWER, name("www.run.app"), addresses(30));
	encode();
	header_is(FLAG_QR | FLAG_TC | FLAG_RD | FLAG_RA, 1, 0, 0, 1);
	assert_int_equal(len, 12 + 17 + OPT_SIZE);
}

/* 29 + 29 * 16 + 11 octets are 504: one more record is too many. */
static void
the_limit_is_used_to_the_last_octet(void **state)
{
	(void)state;
	encoding.limit = 504;
	answer_add(&answer, SECTION_ANSWER, name("www.run.app"), addresses(29));
	encode();
	assert_int_equal(len, 504);
	encoding.limit = 503;
	encode();
	assert_int_equal(len, 12 + 17 + OPT_SIZE);
}

static void
what_does_not_fit_tcp_becomes_servfail(void **state)
{
	(void)state;
	encoding.limit = MESSAGE_MAX;
	encoding.transport = TRANSPORT_TCP;
	answer.authoritative = true;
	answer_add(&answer, SECTION_ANSWER, name("www.run.app"),
	    addresses(4096));
	encode();
	header_is(FLAG_QR | FLAG_RD | FLAG_RA | RCODE_SERVFAIL, 1, 0, 0, 1);
}

static void
tcp_takes_what_udp_does_not(void **state)
{
	(void)state;
	encoding.limit = MESSAGE_MAX;
	encoding.transport = TRANSPORT_TCP;
	answer_add(&answer, SECTION_ANSWER, name("www.run.app"),
	    addresses(4000));
	encode();
	header_is(FLAG_QR | FLAG_RD | FLAG_RA, 1, 4000, 0, 1);
	assert_int_equal(len, 12 + 17 + 4000 * 16 + OPT_SIZE);
}

/* Names that all differ, beyond the reach of a pointer at the end. */
static void
many_names_are_read_back_the_same(void **state)
{
	char text[64];

	(void)state;
	encoding.limit = MESSAGE_MAX;
	encoding.transport = TRANSPORT_TCP;
	for (unsigned i = 0; i < ANSWER_ITEMS; i++) {
		snprintf(text, sizeof(text), "h%u.some.name.number%u.test", i,
		    i % 40);
		answer_add(&answer, SECTION_ANSWER, name(text), addresses(14));
	}
	encode();
	assert_true(len > 0x3fff);
	assert_non_null(strstr(section(LDNS_SECTION_ANSWER),
	    "h95.some.name.number15.test. 300 IN A 192.0.2.14\n"));
	assert_non_null(strstr(section(LDNS_SECTION_ANSWER),
	    "h0.some.name.number0.test. 300 IN A 192.0.2.1\n"));
}

/* 16,384 octets is where no pointer leads to. */
static void
a_name_beyond_a_pointers_reach_is_written_whole(void **state)
{
	(void)state;
	encoding.limit = MESSAGE_MAX;
	answer_add(&answer, SECTION_ANSWER, name("www.run.app"),
	    addresses(1100));
	answer_add(&answer, SECTION_AUTHORITY, name("other.test"),
	    naming(TYPE_NS, 0, "ns.other.test"));
	answer_add(&answer, SECTION_AUTHORITY, name("ns.other.test"),
	    addresses(2));
	encode();
	assert_string_equal(section(LDNS_SECTION_AUTHORITY),
	    "other.test. 60 IN NS ns.other.test.\n"
	    "ns.other.test. 300 IN A 192.0.2.1\n"
	    "ns.other.test. 300 IN A 192.0.2.2\n");
}

static void
no_pointer_leads_to_a_pointer(void **state)
{
	(void)state;
	answer_add(&answer, SECTION_ANSWER, name("run.app"), addresses(2));
	encode();
	assert_int_equal(word(29), 0xc00c + 4);
	assert_int_equal(word(29 + 16), 0xc00c + 4);
}

static void
without_a_question_nothing_points_to_it(void **state)
{
	(void)state;
	request.has_question = false;
	answer_add(&answer, SECTION_ANSWER, name("www.run.app"), addresses(1));
	encode();
	assert_string_equal(section(LDNS_SECTION_ANSWER),
	    "www.run.app. 300 IN A 192.0.2.1\n");
}

static void
an_extended_error_is_an_option_with_text(void **state)
{
	(void)state;
	answer.rcode = RCODE_SERVFAIL;
	answer.ede = EDE_NETWORK_ERROR;
	answer.ede_text = "down";
	encode();
	assert_memory_equal(wire + len - 12, "\0\12\0\17\0\6\0\27down", 12);
	encoding.extended_errors = false;
	encode();
	assert_int_equal(len, 12 + 17 + OPT_SIZE);
}

static void
an_extended_error_may_be_zero_and_without_text(void **state)
{
	(void)state;
	answer.ede = EDE_OTHER;
	encode();
	assert_memory_equal(wire + len - 8, "\0\6\0\17\0\2\0\0", 8);
}

static void
without_opt_there_is_no_extended_error(void **state)
{
	(void)state;
	request.edns.present = false;
	answer.ede = EDE_OTHER;
	encode();
	assert_int_equal(len, 12 + 17);
}

static void
the_error_text_is_dropped_when_it_does_not_fit(void **state)
{
	static char text[600];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	encoding.limit = 512;
	answer.ede = EDE_OTHER;
	answer.ede_text = text;
	encode();
	assert_int_equal(len, 12 + 17 + OPT_SIZE + 6);
	len = answer_encode(&answer, &request, &encoding, wire, 12 + 17 + 16);
	assert_int_equal(len, 12 + 17 + OPT_SIZE);
}

static void
too_small_a_buffer_takes_nothing(void **state)
{
	(void)state;
	assert_int_equal(answer_encode(&answer, &request, &encoding, wire,
			     12 + 17 + OPT_SIZE - 1),
	    0);
	assert_int_equal(answer_encode(&answer, &request, &encoding, wire, 11),
	    0);
	assert_int_equal(answer_encode(&answer, &request, &encoding, wire,
			     12 + 17 + OPT_SIZE),
	    12 + 17 + OPT_SIZE);
}

static void
the_97th_item_is_too_many(void **state)
{
	const struct rrset *rrset = addresses(1);
	const uint8_t *owner = name("x");

	(void)state;
	for (unsigned i = 0; i < ANSWER_ITEMS; i++) {
		assert_non_null(
		    answer_add(&answer, SECTION_ANSWER, owner, rrset));
	}
	assert_false(answer.overflow);
	assert_null(answer_add(&answer, SECTION_ANSWER, owner, rrset));
	assert_true(answer.overflow);
	answer_reset(&answer);
	assert_false(answer.overflow);
	assert_int_equal(answer.count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, setup)
	    TEST(an_answer_is_encoded_and_ldns_reads_it),
	    TEST(claim_110_two_addresses_make_115_octets),
	    TEST(claim_111_six_addresses_make_135_octets),
	    TEST(flags_are_echoed_and_ad_is_not),
	    TEST(another_opcode_is_echoed_without_a_question),
	    TEST(opt_comes_only_when_asked_for),
	    TEST(do_is_set_only_when_told),
	    TEST(badvers_goes_into_the_opt_record),
	    TEST(without_opt_a_long_rcode_becomes_servfail),
	    TEST(the_ttl_of_the_item_is_sent),
	    TEST(order_begins_with_the_first_of_the_item),
	    TEST(sections_are_written_in_their_order),
	    TEST(a_chain_is_compressed),
	    TEST(a_wildcards_target_is_a_pointer_into_the_question),
	    TEST(names_of_newer_types_stay_whole),
	    TEST(an_mx_target_is_compressed_after_its_preference),
	    TEST(a_soa_is_compressed_and_its_numbers_follow),
	    TEST(the_root_is_never_a_pointer),
	    TEST(an_unknown_type_goes_out_as_it_is),
	    TEST(what_does_not_fit_udp_leaves_tc_and_no_records),
	    TEST(the_limit_is_used_to_the_last_octet),
	    TEST(what_does_not_fit_tcp_becomes_servfail),
	    TEST(tcp_takes_what_udp_does_not),
	    TEST(many_names_are_read_back_the_same),
	    TEST(a_name_beyond_a_pointers_reach_is_written_whole),
	    TEST(no_pointer_leads_to_a_pointer),
	    TEST(without_a_question_nothing_points_to_it),
	    TEST(an_extended_error_is_an_option_with_text),
	    TEST(an_extended_error_may_be_zero_and_without_text),
	    TEST(without_opt_there_is_no_extended_error),
	    TEST(the_error_text_is_dropped_when_it_does_not_fit),
	    TEST(too_small_a_buffer_takes_nothing),
	    TEST(the_97th_item_is_too_many),
	};

	return cmocka_run_group_tests_name("answer", tests, NULL, NULL);
}
