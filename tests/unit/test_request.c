#include "dns/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dns/wire.h"
#include "oracle.h"

/* A query in the making; tests change an octet or append. */
static uint8_t wire[QUERY_MAX + 1];
static struct writer query;
static struct request request;

enum { ARCOUNT_AT = 10, QUESTION_AT = 12, QUESTION_LEN = 13 };

/* Asks for a.Run.app, type A, with RD and CD. */
static int
setup(void **state)
{
	static const uint8_t head[] = {0x12, 0x34, 0x01, 0x10, 0, 1, 0, 0, 0, 0,
	    0, 0, 1, 'a', 3, 'R', 'u', 'n', 3, 'a', 'p', 'p', 0, 0, 1, 0, 1};

	(void)state;
	query = writer_over(wire, sizeof(wire));
	writer_bytes(&query, head, sizeof(head));
	memset(&request, 0xa5, sizeof(request));
	return 0;
}

static enum parse
parse(void)
{
	return request_parse(&request, wire, query.at);
}

/* Appends an OPT record that claims len octets of options. */
static void
append_opt(uint16_t udp_size, uint32_t extended, uint16_t len)
{
	wire[ARCOUNT_AT + 1]++;
	writer_u8(&query, 0);
	writer_u16(&query, TYPE_OPT);
	writer_u16(&query, udp_size);
	writer_u32(&query, extended);
	writer_u16(&query, len);
}

static void
append_option(uint16_t code, uint16_t len)
{
	writer_u16(&query, code);
	writer_u16(&query, len);
	memset(writer_room(&query, len), 0, len);
}

static void
a_query_is_read_whole(void **state)
{
	(void)state;
	append_opt(1232, 0x8000, 0);
	assert_int_equal(parse(), PARSE_OK);
	assert_int_equal(request.id, 0x1234);
	assert_int_equal(request.flags, FLAG_RD | FLAG_CD);
	assert_true(request.has_question);
	assert_int_equal(request.question.type, TYPE_A);
	assert_int_equal(request.question.class, CLASS_IN);
	assert_int_equal(request.question.name.labels, 3);
	assert_memory_equal(request.question.name.wire, "\1a\3Run\3app", 11);
	assert_true(request.edns.present);
	assert_true(request.edns.dnssec_ok);
	assert_int_equal(request.edns.udp_size, 1232);
}

static void
without_opt_there_is_no_edns(void **state)
{
	(void)state;
	assert_int_equal(parse(), PARSE_OK);
	assert_false(request.edns.present);
	assert_false(request.edns.dnssec_ok);
	assert_int_equal(request.edns.udp_size, 512);
}

static void
what_is_no_query_is_dropped(void **state)
{
	(void)state;
	assert_int_equal(request_parse(&request, wire, 11), PARSE_DROP);
	assert_int_equal(request_parse(&request, wire, 0), PARSE_DROP);
	wire[2] |= 0x80;
	assert_int_equal(parse(), PARSE_DROP);
}

static void
another_opcode_comes_before_any_other_complaint(void **state)
{
	(void)state;
	wire[2] |= 5 << 3;
	query.at = HEADER_SIZE;
	assert_int_equal(parse(), PARSE_NOTIMP);
	assert_false(request.has_question);
}

static void
a_header_alone_is_malformed(void **state)
{
	(void)state;
	query.at = HEADER_SIZE;
	assert_int_equal(parse(), PARSE_FORMERR);
	assert_false(request.has_question);
	assert_false(request.edns.present);
}

static void
no_question_and_two_are_malformed(void **state)
{
	(void)state;
	wire[5] = 0;
	assert_int_equal(parse(), PARSE_FORMERR);
	assert_false(request.has_question);
	wire[5] = 2;
	assert_int_equal(parse(), PARSE_FORMERR);
	assert_false(request.has_question);
}

static void
every_cut_of_a_query_is_malformed(void **state)
{
	(void)state;
	append_opt(1232, 0, 8);
	append_option(65001, 4);
	for (size_t len = HEADER_SIZE; len < query.at; len++) {
		assert_int_equal(request_parse(&request, wire, len),
		    PARSE_FORMERR);
	}
	assert_int_equal(parse(), PARSE_OK);
}

static void
octets_after_the_last_record_are_malformed(void **state)
{
	(void)state;
	writer_u8(&query, 0);
	assert_int_equal(parse(), PARSE_FORMERR);
	assert_true(request.has_question);
}

static void
a_compressed_question_is_malformed(void **state)
{
	(void)state;
	query.at = QUESTION_AT;
	writer_u16(&query, 0xc000);
	writer_u32(&query, 0x00010001);
	assert_int_equal(parse(), PARSE_FORMERR);
	assert_false(request.has_question);
}

static void
records_outside_additional_are_malformed(void **state)
{
	(void)state;
	wire[7] = 1;
	assert_int_equal(parse(), PARSE_FORMERR);
	wire[7] = 0;
	wire[9] = 1;
	assert_int_equal(parse(), PARSE_FORMERR);
	assert_true(request.has_question);
}

static void
a_truncated_query_is_malformed(void **state)
{
	(void)state;
	wire[2] |= 0x02;
	assert_int_equal(parse(), PARSE_FORMERR);
	assert_true(request.has_question);
}

static void
two_opt_records_are_malformed(void **state)
{
	(void)state;
	append_opt(1232, 0, 0);
	append_opt(1232, 0, 0);
	assert_int_equal(parse(), PARSE_FORMERR);
}

static void
an_opt_record_with_a_name_is_malformed(void **state)
{
	(void)state;
	wire[ARCOUNT_AT + 1] = 1;
	writer_u16(&query, 0xc00c);
	writer_u16(&query, TYPE_OPT);
	writer_u16(&query, 1232);
	writer_u32(&query, 0);
	writer_u16(&query, 0);
	assert_int_equal(parse(), PARSE_FORMERR);
	assert_false(request.edns.present);
}

static void
an_option_must_fit_its_record(void **state)
{
	(void)state;
	append_opt(1232, 0, 6);
	writer_u16(&query, 65001);
	writer_u16(&query, 3);
	writer_u16(&query, 0);
	assert_int_equal(parse(), PARSE_FORMERR);
	assert_true(request.edns.present);
	wire[query.at - 3] = 2;
	assert_int_equal(parse(), PARSE_OK);
}

static void
sixteen_options_are_taken_and_no_more(void **state)
{
	(void)state;
	append_opt(1232, 0, 16 * 4);
	for (unsigned i = 0; i < 16; i++)
		append_option(65001, 0);
	assert_int_equal(parse(), PARSE_OK);
	append_option(65001, 0);
	wire[QUESTION_AT + QUESTION_LEN + 2 + 10] = 17 * 4;
	assert_int_equal(parse(), PARSE_FORMERR);
}

static void
options_of_512_octets_are_taken_and_no_more(void **state)
{
	(void)state;
	append_opt(1232, 0, 512);
	append_option(12, 508);
	assert_int_equal(parse(), PARSE_OK);
	setup(NULL);
	append_opt(1232, 0, 513);
	append_option(12, 509);
	assert_int_equal(parse(), PARSE_FORMERR);
}

/* RFC 7873 section 5.2.1: as if we did not know what it is. */
static void
a_cookie_is_ignored(void **state)
{
	(void)state;
	append_opt(1232, 0, 12 + 20);
	append_option(OPTION_COOKIE, 8);
	append_option(OPTION_COOKIE, 16);
	assert_int_equal(parse(), PARSE_OK);
}

/* RFC 7873 section 5.2.2. */
static void
a_cookie_of_a_wrong_length_is_malformed(void **state)
{
	(void)state;
	append_opt(1232, 0, 4 + 9);
	append_option(OPTION_COOKIE, 9);
	assert_int_equal(parse(), PARSE_FORMERR);
	assert_true(request.edns.present);
}

/* RFC 6891 section 6.1.1: whoever sends an OPT record gets one. */
static void
the_opt_record_of_a_message_without_a_question_is_read(void **state)
{
	(void)state;
	query.at = HEADER_SIZE;
	wire[5] = 0;
	append_opt(1400, 0, 4);
	append_option(65001, 0);
	assert_int_equal(parse(), PARSE_FORMERR);
	assert_true(request.edns.present);
	assert_int_equal(request.edns.udp_size, 1400);
	writer_u8(&query, 0);
	assert_int_equal(parse(), PARSE_FORMERR);
	assert_false(request.edns.present);
	assert_int_equal(request.edns.udp_size, 512);
}

static void
the_opt_record_of_two_questions_is_read(void **state)
{
	(void)state;
	wire[5] = 2;
	writer_bytes(&query, wire + QUESTION_AT, 15);
	append_opt(1400, 0, 0);
	assert_int_equal(parse(), PARSE_FORMERR);
	assert_false(request.has_question);
	assert_true(request.edns.present);
}

/* An UPDATE: a zone, no prerequisite, a record to be added (RFC 2136). */
static void
the_opt_record_of_another_opcode_is_read(void **state)
{
	(void)state;
	wire[2] |= 5 << 3;
	wire[9] = 1;
	writer_u16(&query, 0xc00c);
	writer_u16(&query, TYPE_A);
	writer_u16(&query, CLASS_IN);
	writer_u32(&query, 60);
	writer_u16(&query, 4);
	writer_u32(&query, 0x01020304);
	append_opt(1400, EDNS_DO, 0);
	assert_int_equal(parse(), PARSE_NOTIMP);
	assert_false(request.has_question);
	assert_true(request.edns.present);
	assert_true(request.edns.dnssec_ok);
	append_opt(1400, 0, 0);
	assert_int_equal(parse(), PARSE_NOTIMP);
	assert_false(request.edns.present);
}

static void
the_opt_record_behind_records_out_of_place_is_read(void **state)
{
	(void)state;
	wire[7] = 1;
	writer_bytes(&query, "\300\14\0\1\0\1\0\0\0\0\0\0", 12);
	append_opt(1400, 0, 0);
	assert_int_equal(parse(), PARSE_FORMERR);
	assert_true(request.edns.present);
	assert_int_equal(request.edns.udp_size, 1400);
}

static void
an_opt_record_in_another_section_is_malformed(void **state)
{
	(void)state;
	append_opt(1400, 0, 0);
	wire[7] = 1;
	wire[ARCOUNT_AT + 1] = 0;
	assert_int_equal(parse(), PARSE_FORMERR);
	assert_false(request.edns.present);
}

static void
another_edns_version_is_told_apart(void **state)
{
	(void)state;
	append_opt(1232, 0x00010000, 0);
	assert_int_equal(parse(), PARSE_BADVERS);
	assert_true(request.edns.present);
	assert_true(request.has_question);
	assert_int_equal(request.edns.version, 1);
}

static void
options_of_another_edns_version_are_not_looked_at(void **state)
{
	(void)state;
	append_opt(1232, 1 << 16, 3);
	writer_bytes(&query, "\1\2\3", 3);
	assert_int_equal(parse(), PARSE_BADVERS);
}

static void
a_small_udp_size_counts_as_512(void **state)
{
	(void)state;
	append_opt(0, 0, 0);
	assert_int_equal(parse(), PARSE_OK);
	assert_int_equal(request.edns.udp_size, 512);
}

/* A TSIG whose owner is a pointer, then an OPT (RFC 8945). */
static void
other_records_are_stepped_over(void **state)
{
	(void)state;
	wire[ARCOUNT_AT + 1] = 1;
	writer_u16(&query, 0xc00c);
	writer_u16(&query, TYPE_TSIG);
	writer_u16(&query, CLASS_ANY);
	writer_u32(&query, 0);
	writer_u16(&query, 3);
	writer_bytes(&query, "abc", 3);
	append_opt(4096, 0, 0);
	assert_int_equal(parse(), PARSE_OK);
	assert_int_equal(request.edns.udp_size, 4096);
}

/* One octet more than QUERY_MAX, all of it well formed. */
static void
a_query_of_4096_octets_is_taken_and_no_longer_one(void **state)
{
	const size_t fixed = query.at + 11;

	(void)state;
	wire[ARCOUNT_AT + 1] = 1;
	writer_u8(&query, 0);
	writer_u16(&query, TYPE_TXT);
	writer_u16(&query, CLASS_IN);
	writer_u32(&query, 0);
	writer_u16(&query, (uint16_t)(QUERY_MAX - fixed));
	memset(writer_room(&query, QUERY_MAX - fixed), 0, QUERY_MAX - fixed);
	assert_int_equal(parse(), PARSE_OK);
	writer_u8(&query, 0);
	writer_patch_u16(&query, fixed - 2, (uint16_t)(QUERY_MAX + 1 - fixed));
	assert_int_equal(parse(), PARSE_FORMERR);
	assert_true(request.has_question);
}

static void
ldns_reads_what_we_ask(void **state)
{
	const struct asking asking = {
	    .id = 0xbeef,
	    .dnssec_ok = true,
	    .checking_disabled = true,
	    .udp_size = 1232,
	};
	ldns_pkt *packet;
	size_t len;

	(void)state;
	assert_int_equal(parse(), PARSE_OK);
	len = request_build(&asking, &request.question, wire, sizeof(wire));
	assert_int_equal(len, HEADER_SIZE + QUESTION_LEN + 2 + OPT_SIZE);
	packet = oracle_read(wire, len);
	assert_int_equal(ldns_pkt_id(packet), 0xbeef);
	assert_true(ldns_pkt_rd(packet));
	assert_true(ldns_pkt_cd(packet));
	assert_false(ldns_pkt_ad(packet));
	assert_true(ldns_pkt_edns_do(packet));
	assert_int_equal(ldns_pkt_edns_udp_size(packet), 1232);
	assert_int_equal(ldns_pkt_qdcount(packet), 1);
	ldns_pkt_free(packet);
}

static void
we_read_what_we_ask(void **state)
{
	const struct asking asking = {.id = 7, .udp_size = 1232};
	struct request again;
	size_t len;

	(void)state;
	assert_int_equal(parse(), PARSE_OK);
	len = request_build(&asking, &request.question, wire, sizeof(wire));
	assert_int_equal(request_parse(&again, wire, len), PARSE_OK);
	assert_int_equal(again.id, 7);
	assert_int_equal(again.flags, FLAG_RD);
	assert_false(again.edns.dnssec_ok);
	assert_memory_equal(again.question.name.wire,
	    request.question.name.wire, request.question.name.len);
}

static void
a_cookie_and_padding_go_into_the_opt_record(void **state)
{
	const struct cookie cookie = {
	    .client = "myself!!",
	    .server_len = 8,
	    .server = "theserve",
	};
	const struct asking asking = {
	    .id = 7,
	    .udp_size = 1232,
	    .block = EDNS_BLOCK,
	    .cookie = &cookie,
	};
	struct edns_options options;
	size_t len;

	(void)state;
	assert_int_equal(parse(), PARSE_OK);
	len = request_build(&asking, &request.question, wire, sizeof(wire));
	assert_int_equal(len, 128);
	assert_int_equal(request_parse(&request, wire, len), PARSE_OK);
	assert_true(edns_read(&options, wire + 38, len - 38));
	assert_true(options.has_cookie);
	assert_memory_equal(options.cookie.client, "myself!!", 8);
	assert_memory_equal(options.cookie.server, "theserve", 8);
}

static void
without_an_opt_record_there_is_no_option(void **state)
{
	const struct cookie cookie = {.server_len = 0};
	const struct asking asking = {
	    .block = EDNS_BLOCK,
	    .cookie = &cookie,
	    .wants_authentic = true,
	};

	(void)state;
	assert_int_equal(parse(), PARSE_OK);
	assert_int_equal(request_build(&asking, &request.question, wire,
			     sizeof(wire)),
	    HEADER_SIZE + QUESTION_LEN + 2);
	assert_int_equal(request_parse(&request, wire, 27), PARSE_OK);
	assert_int_equal(request.flags, FLAG_RD | FLAG_AD);
}

/* The longest name, the longest cookie. */
static void
the_longest_query_has_room(void **state)
{
	const struct cookie cookie = {.server_len = COOKIE_SERVER_MAX};
	const struct asking asking = {
	    .udp_size = 1232,
	    .block = EDNS_BLOCK,
	    .cookie = &cookie,
	};
	struct question question = {.type = TYPE_A, .class = CLASS_IN};

	(void)state;
	question.name.len = NAME_SIZE;
	memset(question.name.wire, 1, NAME_SIZE - 1);
	question.name.wire[NAME_SIZE - 1] = 0;
	assert_int_equal(request_build(&asking, &question, wire, REQUEST_MAX),
	    REQUEST_MAX);
	assert_int_equal(request_parse(&request, wire, REQUEST_MAX), PARSE_OK);
}

static void
too_small_a_buffer_builds_nothing(void **state)
{
	const struct asking asking = {.id = 7, .udp_size = 1232};
	uint8_t out[64];

	(void)state;
	assert_int_equal(parse(), PARSE_OK);
	assert_int_equal(request_build(&asking, &request.question, out, 37), 0);
	assert_int_equal(request_build(&asking, &request.question, out, 38),
	    38);
}

static void
we_read_what_ldns_asks(void **state)
{
	const struct oracle_message message = {
	    .id = 99,
	    .flags = FLAG_RD,
	    .name = "Example.COM.",
	    .type = TYPE_HTTPS,
	    .edns = true,
	};
	static uint8_t theirs[ORACLE_MAX];
	const size_t len = oracle_write(&message, theirs);

	(void)state;
	assert_int_equal(request_parse(&request, theirs, len), PARSE_OK);
	assert_int_equal(request.id, 99);
	assert_int_equal(request.question.type, TYPE_HTTPS);
	assert_memory_equal(request.question.name.wire, "\7Example\3COM", 13);
	assert_int_equal(request.edns.udp_size, 1232);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, setup)
	    TEST(a_query_is_read_whole),
	    TEST(without_opt_there_is_no_edns),
	    TEST(what_is_no_query_is_dropped),
	    TEST(another_opcode_comes_before_any_other_complaint),
	    TEST(a_header_alone_is_malformed),
	    TEST(no_question_and_two_are_malformed),
	    TEST(every_cut_of_a_query_is_malformed),
	    TEST(octets_after_the_last_record_are_malformed),
	    TEST(a_compressed_question_is_malformed),
	    TEST(records_outside_additional_are_malformed),
	    TEST(a_truncated_query_is_malformed),
	    TEST(two_opt_records_are_malformed),
	    TEST(an_opt_record_with_a_name_is_malformed),
	    TEST(an_option_must_fit_its_record),
	    TEST(sixteen_options_are_taken_and_no_more),
	    TEST(options_of_512_octets_are_taken_and_no_more),
	    TEST(a_cookie_is_ignored),
	    TEST(a_cookie_of_a_wrong_length_is_malformed),
	    TEST(the_opt_record_of_a_message_without_a_question_is_read),
	    TEST(the_opt_record_of_two_questions_is_read),
	    TEST(the_opt_record_of_another_opcode_is_read),
	    TEST(the_opt_record_behind_records_out_of_place_is_read),
	    TEST(an_opt_record_in_another_section_is_malformed),
	    TEST(another_edns_version_is_told_apart),
	    TEST(options_of_another_edns_version_are_not_looked_at),
	    TEST(a_small_udp_size_counts_as_512),
	    TEST(other_records_are_stepped_over),
	    TEST(a_query_of_4096_octets_is_taken_and_no_longer_one),
	    TEST(ldns_reads_what_we_ask),
	    TEST(we_read_what_we_ask),
	    TEST(a_cookie_and_padding_go_into_the_opt_record),
	    TEST(without_an_opt_record_there_is_no_option),
	    TEST(the_longest_query_has_room),
	    TEST(too_small_a_buffer_builds_nothing),
	    TEST(we_read_what_ldns_asks),
	};

	return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
