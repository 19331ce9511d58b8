#include "dns/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dns/name.h"
#include "dns/wire.h"
#include "oracle.h"

static uint8_t memory[512 * 1024];
static struct arena arena;
static struct oracle_message message;
static struct asking asking;
static struct reply reply;
static uint8_t wire[ORACLE_MAX];
static struct writer out; /* over wire, for what ldns would not write */

static int
setup(void **state)
{
	(void)state;
	arena_init(&arena, memory, sizeof(memory));
	message = (struct oracle_message){
	    .id = 0x1234,
	    .flags = FLAG_QR | FLAG_RD | FLAG_RA,
	    .name = "WWW.Example.com.",
	    .type = TYPE_A,
	};
	asking = (struct asking){.id = 0x1234};
	reply = (struct reply){.count = 77};
	return 0;
}

static enum parse
parse(size_t len)
{
	return reply_parse(&reply, wire, len, &asking, &arena);
}

/* Parses the message as ldns writes it. */
static void
take(void)
{
	assert_int_equal(parse(oracle_write(&message, wire)), PARSE_OK);
}

static struct name
named(const char *text)
{
	struct name name;

	assert_int_equal(name_from_text(&name, text), NAME_OK);
	return name;
}

static void
item_is(size_t i, enum section section, const char *owner, uint16_t type,
    uint16_t count)
{
	char buf[NAME_TEXT];

	assert_true(i < reply.count);
	assert_int_equal(reply.items[i].section, section);
	assert_string_equal(name_to_text(reply.items[i].owner, buf), owner);
	assert_int_equal(reply.items[i].rrset->type, type);
	assert_int_equal(reply.items[i].rrset->count, count);
}

static void
target_is(const char *text)
{
	char buf[NAME_TEXT];

	assert_string_equal(name_to_text(reply.target, buf), text);
}

/* Begins a message by hand: header and the question example. A. */
static void
begin(uint16_t answers, uint16_t authorities, uint16_t additionals)
{
	out = writer_over(wire, sizeof(wire));
	writer_u16(&out, 0x1234);
	writer_u16(&out, FLAG_QR);
	writer_u16(&out, 1);
	writer_u16(&out, answers);
	writer_u16(&out, authorities);
	writer_u16(&out, additionals);
	writer_bytes(&out, "\7example", 9);
	writer_u16(&out, TYPE_A);
	writer_u16(&out, CLASS_IN);
}

/* Appends a record of the question's name with len octets of rdata. */
static void
append(uint16_t type, const char *rdata, size_t len)
{
	writer_u16(&out, 0xc00c);
	writer_u16(&out, type);
	writer_u16(&out, CLASS_IN);
	writer_u32(&out, 300);
	writer_u16(&out, (uint16_t)len);
	writer_bytes(&out, rdata, len);
}

static void
append_options(uint32_t extended, const void *options, size_t len)
{
	writer_u8(&out, 0);
	writer_u16(&out, TYPE_OPT);
	writer_u16(&out, 1232);
	writer_u32(&out, extended);
	writer_u16(&out, (uint16_t)len);
	writer_bytes(&out, options, len);
}

static void
append_opt(uint32_t extended)
{
	append_options(extended, "", 0);
}

static void
an_address_is_taken(void **state)
{
	uint16_t len;

	(void)state;
	message.answer = "www.example.com. 300 IN A 192.0.2.1";
	message.edns = true;
	take();
	assert_true(reply.answered);
	assert_false(reply.truncated);
	assert_false(reply.has_soa);
	assert_int_equal(reply.rcode, RCODE_NOERROR);
	assert_int_equal(reply.ttl, 300);
	assert_int_equal(reply.count, 1);
	item_is(0, SECTION_ANSWER, "www.example.com.", TYPE_A, 1);
	assert_memory_equal(rrset_first(reply.items[0].rrset, &len),
	    "\300\0\2\1", 4);
	target_is("www.example.com.");
}

static void
records_of_one_rrset_may_lie_apart(void **state)
{
	(void)state;
	message.answer = "www.example.com. 300 IN A 192.0.2.1\n"
			 "www.example.com. 300 IN TXT x\n"
			 "WWW.example.com. 60 IN A 192.0.2.3\n"
			 "other.example.com. 10 IN A 192.0.2.9\n"
			 "www.example.com. 90 IN A 192.0.2.2\n";
	take();
	assert_int_equal(reply.count, 1);
	item_is(0, SECTION_ANSWER, "www.example.com.", TYPE_A, 3);
	assert_int_equal(reply.items[0].rrset->ttl, 60);
	assert_int_equal(reply.ttl, 60);
}

static void
duplicates_are_dropped(void **state)
{
	(void)state;
	begin(3, 0, 0);
	append(TYPE_A, "\1\2\3\4", 4);
	append(TYPE_A, "\1\2\3\5", 4);
	append(TYPE_A, "\1\2\3\4", 4);
	assert_int_equal(parse(out.at), PARSE_OK);
	item_is(0, SECTION_ANSWER, "example.", TYPE_A, 2);
}

static void
a_chain_is_followed_in_any_order(void **state)
{
	(void)state;
	message.answer = "b.example.net. 20 IN A 192.0.2.1\n"
			 "a.example.org. 40 IN CNAME B.example.net.\n"
			 "www.example.com. 30 IN CNAME a.example.org.\n";
	take();
	assert_true(reply.answered);
	assert_int_equal(reply.count, 3);
	item_is(0, SECTION_ANSWER, "www.example.com.", TYPE_CNAME, 1);
	item_is(1, SECTION_ANSWER, "a.example.org.", TYPE_CNAME, 1);
	item_is(2, SECTION_ANSWER, "b.example.net.", TYPE_A, 1);
	target_is("b.example.net.");
	assert_int_equal(reply.ttl, 20);
}

static void
names_in_rdata_come_whole_and_in_their_case(void **state)
{
	uint16_t len;
	const uint8_t *rdata;

	(void)state;
	message.answer = "www.example.com. 30 IN CNAME Web.Example.com.\n";
	take();
	rdata = rrset_first(reply.items[0].rrset, &len);
	assert_int_equal(len, 17);
	assert_memory_equal(rdata, "\3Web\7Example\3", 13);
	assert_false(reply.answered);
}

/* What is not on the way from the question is nobody's answer. */
static void
strangers_are_left_out(void **state)
{
	(void)state;
	message.answer = "www.example.com. 300 IN A 192.0.2.1\n"
			 "victim.test. 300 IN A 192.0.2.66\n"
			 "x.test. 300 IN CNAME victim.test.\n";
	message.authority = "example.com. 300 IN NS ns.victim.test.\n"
			    "www.example.com. 300 IN A 192.0.2.67\n";
	message.additional = "ns.victim.test. 300 IN A 192.0.2.68\n";
	take();
	assert_int_equal(reply.count, 1);
	item_is(0, SECTION_ANSWER, "www.example.com.", TYPE_A, 1);
}

static void
an_asked_cname_is_the_answer_and_no_chain(void **state)
{
	(void)state;
	message.type = TYPE_CNAME;
	message.answer = "www.example.com. 30 IN CNAME a.example.org.\n"
			 "a.example.org. 30 IN CNAME b.example.org.\n";
	take();
	assert_true(reply.answered);
	assert_int_equal(reply.count, 1);
	target_is("www.example.com.");
}

static void
of_two_cnames_the_first_counts(void **state)
{
	(void)state;
	message.answer = "www.example.com. 30 IN CNAME z.example.org.\n"
			 "www.example.com. 30 IN CNAME a.example.org.\n"
			 "a.example.org. 30 IN A 192.0.2.1\n"
			 "z.example.org. 30 IN A 192.0.2.2\n";
	take();
	item_is(0, SECTION_ANSWER, "www.example.com.", TYPE_CNAME, 1);
	item_is(1, SECTION_ANSWER, "z.example.org.", TYPE_A, 1);
}

static void
the_asked_type_wins_over_a_cname_beside_it(void **state)
{
	(void)state;
	message.answer = "www.example.com. 30 IN CNAME a.example.org.\n"
			 "a.example.org. 30 IN A 192.0.2.2\n"
			 "www.example.com. 30 IN A 192.0.2.1\n";
	take();
	assert_int_equal(reply.count, 1);
	item_is(0, SECTION_ANSWER, "www.example.com.", TYPE_A, 1);
}

static void
any_takes_all_types_of_the_name(void **state)
{
	(void)state;
	message.type = TYPE_ANY;
	message.answer = "www.example.com. 30 IN A 192.0.2.1\n"
			 "www.example.com. 30 IN TXT a\n"
			 "other.example.com. 30 IN TXT a\n"
			 "www.example.com. 30 IN A 192.0.2.2\n";
	take();
	assert_true(reply.answered);
	assert_int_equal(reply.count, 2);
	item_is(0, SECTION_ANSWER, "www.example.com.", TYPE_A, 2);
	item_is(1, SECTION_ANSWER, "www.example.com.", TYPE_TXT, 1);
}

/* n links from the question to c(n).example. */
static size_t
write_chain(unsigned n)
{
	static char text[4096];
	size_t at = (size_t)snprintf(text, sizeof(text),
	    "www.example.com. 30 IN CNAME c1.example.\n");

	for (unsigned i = 1; i < n; i++) {
		at += (size_t)snprintf(text + at, sizeof(text) - at,
		    "c%u.example. 30 IN CNAME c%u.example.\n", i, i + 1);
	}
	message.answer = text;
	return oracle_write(&message, wire);
}

static void
a_chain_of_16_links_is_followed_and_no_longer_one(void **state)
{
	(void)state;
	assert_int_equal(parse(write_chain(16)), PARSE_OK);
	assert_int_equal(reply.count, 16);
	target_is("c16.example.");
	assert_false(reply.endless);
	assert_int_equal(parse(write_chain(17)), PARSE_OK);
	assert_true(reply.endless);
	assert_int_equal(reply.count, 0);
	assert_int_equal(reply.ttl, 0);
}

static void
a_loop_is_endless(void **state)
{
	(void)state;
	message.answer = "www.example.com. 30 IN CNAME a.example.\n"
			 "a.example. 30 IN CNAME WWW.example.com.\n";
	assert_int_equal(parse(oracle_write(&message, wire)), PARSE_OK);
	assert_true(reply.endless);
	assert_int_equal(reply.count, 0);
	message.answer = "www.example.com. 30 IN CNAME www.example.com.\n";
	assert_int_equal(parse(oracle_write(&message, wire)), PARSE_OK);
	assert_true(reply.endless);
	assert_int_equal(reply.count, 0);
}

static void
a_dname_is_kept_with_the_cname_it_makes(void **state)
{
	(void)state;
	message.answer = "example.com. 30 IN DNAME example.net.\n"
			 "www.example.com. 30 IN CNAME www.example.net.\n"
			 "www.example.net. 30 IN A 192.0.2.1\n";
	take();
	assert_int_equal(reply.count, 3);
	item_is(0, SECTION_ANSWER, "example.com.", TYPE_DNAME, 1);
	item_is(1, SECTION_ANSWER, "www.example.com.", TYPE_CNAME, 1);
	item_is(2, SECTION_ANSWER, "www.example.net.", TYPE_A, 1);
}

static void
a_dname_that_makes_another_name_is_left_out(void **state)
{
	(void)state;
	message.answer = "example.com. 30 IN DNAME example.org.\n"
			 "example.net. 30 IN DNAME example.com.\n"
			 "www.example.com. 30 IN DNAME www.example.net.\n"
			 "www.example.com. 30 IN CNAME www.example.net.\n"
			 "www.example.net. 30 IN A 192.0.2.1\n";
	take();
	assert_int_equal(reply.count, 2);
	item_is(0, SECTION_ANSWER, "www.example.com.", TYPE_CNAME, 1);
	item_is(1, SECTION_ANSWER, "www.example.net.", TYPE_A, 1);
}

static void
nodata_keeps_the_soa_and_its_minimum(void **state)
{
	(void)state;
	message.authority = "example.com. 900 IN SOA ns.example.com. "
			    "h.example.com. 1 2 3 4 300\n";
	take();
	assert_false(reply.answered);
	assert_true(reply.has_soa);
	assert_int_equal(reply.ttl, 300);
	item_is(0, SECTION_AUTHORITY, "example.com.", TYPE_SOA, 1);
	assert_int_equal(reply.items[0].rrset->ttl, 300);
}

static void
the_soas_own_ttl_caps_too(void **state)
{
	(void)state;
	message.flags |= RCODE_NXDOMAIN;
	message.authority = "com. 60 IN SOA ns.example.com. "
			    "h.example.com. 1 2 3 4 300\n";
	take();
	assert_int_equal(reply.rcode, RCODE_NXDOMAIN);
	assert_true(reply.has_soa);
	assert_int_equal(reply.ttl, 60);
}

static void
a_soa_that_does_not_cover_the_chains_end_is_left_out(void **state)
{
	(void)state;
	message.answer = "www.example.com. 30 IN CNAME a.example.net.\n";
	message.authority = "example.com. 900 IN SOA n. h. 1 2 3 4 300\n"
			    "b.a.example.net. 900 IN SOA n. h. 1 2 3 4 300\n";
	take();
	assert_false(reply.has_soa);
	assert_int_equal(reply.count, 1);
}

static void
a_chain_that_ends_in_nothing_keeps_chain_and_soa(void **state)
{
	(void)state;
	message.answer = "www.example.com. 30 IN CNAME a.example.net.\n";
	message.authority = "example.net. 900 IN SOA n. h. 1 2 3 4 300\n";
	take();
	assert_true(reply.has_soa);
	assert_int_equal(reply.count, 2);
	assert_int_equal(reply.ttl, 30);
}

static void
a_positive_answer_has_no_soa(void **state)
{
	(void)state;
	message.answer = "www.example.com. 300 IN A 192.0.2.1\n";
	message.authority = "example.com. 60 IN SOA n. h. 1 2 3 4 5\n";
	take();
	assert_false(reply.has_soa);
	assert_int_equal(reply.count, 1);
	assert_int_equal(reply.ttl, 300);
}

static void
an_asked_soa_is_an_answer(void **state)
{
	(void)state;
	message.type = TYPE_SOA;
	message.answer = "www.example.com. 300 IN SOA n. h. 1 2 3 4 5\n";
	take();
	assert_true(reply.answered);
	assert_false(reply.has_soa);
	assert_int_equal(reply.ttl, 300);
}

static void
an_empty_answer_may_not_be_kept(void **state)
{
	(void)state;
	take();
	assert_int_equal(reply.count, 0);
	assert_int_equal(reply.ttl, 0);
	target_is("www.example.com.");
}

static const char signed_answer[] =
    "www.example.com. 300 IN A 192.0.2.1\n"
    "www.example.com. 200 IN RRSIG A 8 3 300 20300101000000 20200101000000 "
    "1 example.com. AAAA\n"
    "www.example.com. 100 IN RRSIG TXT 8 3 300 20300101000000 "
    "20200101000000 1 example.com. AAAA\n";
static const char signed_proof[] =
    "a.example.com. 300 IN NSEC z.example.com. A\n"
    "a.example.com. 300 IN RRSIG NSEC 8 3 300 20300101000000 "
    "20200101000000 1 example.com. AAAA\n"
    "example.com. 300 IN NS ns.example.com.\n";

static void
signatures_and_proofs_come_with_do(void **state)
{
	(void)state;
	asking.dnssec_ok = true;
	message.answer = signed_answer;
	message.authority = signed_proof;
	take();
	assert_int_equal(reply.count, 4);
	item_is(0, SECTION_ANSWER, "www.example.com.", TYPE_A, 1);
	item_is(1, SECTION_ANSWER, "www.example.com.", TYPE_RRSIG, 1);
	item_is(2, SECTION_AUTHORITY, "a.example.com.", TYPE_NSEC, 1);
	item_is(3, SECTION_AUTHORITY, "a.example.com.", TYPE_RRSIG, 1);
	assert_int_equal(reply.ttl, 200);
}

static void
without_do_there_are_no_signatures(void **state)
{
	(void)state;
	message.answer = signed_answer;
	message.authority = signed_proof;
	take();
	assert_int_equal(reply.count, 1);
	assert_int_equal(reply.ttl, 300);
}

static void
asked_signatures_are_told_apart_by_what_they_cover(void **state)
{
	(void)state;
	message.type = TYPE_RRSIG;
	message.answer = signed_answer;
	take();
	assert_int_equal(reply.count, 2);
	assert_int_equal(reply.items[0].rrset->ttl, 200);
	assert_int_equal(reply.items[1].rrset->ttl, 100);
}

static void
flags_and_the_extended_rcode_are_read(void **state)
{
	(void)state;
	begin(0, 0, 1);
	append_opt(0x01000000);
	writer_patch_u16(&out, 2, FLAG_QR | FLAG_AD | 7);
	assert_int_equal(parse(out.at), PARSE_OK);
	assert_int_equal(reply.rcode, 16 + 7);
	assert_true(reply.authentic);
}

static void
a_server_cookie_is_kept(void **state)
{
	(void)state;
	begin(0, 0, 1);
	append_options(0, "\0\12\0\20myself!!theserve", 20);
	assert_int_equal(parse(out.at), PARSE_OK);
	assert_memory_equal(reply.cookie->client, "myself!!", 8);
	assert_int_equal(reply.cookie->server_len, 8);
	assert_memory_equal(reply.cookie->server, "theserve", 8);
}

/* RFC 7873 section 5.3: it is not an answer at all. */
static void
a_cookie_of_a_wrong_length_is_malformed(void **state)
{
	(void)state;
	begin(0, 0, 1);
	append_options(0, "\0\12\0\7myself!", 11);
	assert_int_equal(parse(out.at), PARSE_FORMERR);
}

static void
why_a_server_failed_is_kept(void **state)
{
	(void)state;
	begin(0, 0, 1);
	append_options(0, "\0\17\0\11\0\7expired", 13);
	writer_patch_u16(&out, 2, FLAG_QR | RCODE_SERVFAIL);
	assert_int_equal(parse(out.at), PARSE_OK);
	assert_int_equal(reply.rcode, RCODE_SERVFAIL);
	assert_int_equal(reply.error->code, 7);
	assert_string_equal(reply.error->text, "expired");
	assert_null(reply.cookie);
}

static void
an_opt_record_may_say_nothing(void **state)
{
	(void)state;
	begin(0, 0, 1);
	append_opt(0);
	assert_int_equal(parse(out.at), PARSE_OK);
	assert_null(reply.cookie);
	assert_null(reply.error);
}

static void
a_truncated_message_is_not_looked_into(void **state)
{
	(void)state;
	begin(9, 9, 9);
	append(TYPE_A, "\1\2\3\4", 4);
	writer_patch_u16(&out, 2, FLAG_QR | FLAG_TC);
	assert_int_equal(parse(out.at), PARSE_OK);
	assert_true(reply.truncated);
	assert_int_equal(reply.count, 0);
	assert_false(reply.answered);
	target_is("example.");
}

static void
a_ttl_with_the_highest_bit_counts_as_zero(void **state)
{
	(void)state;
	begin(1, 0, 0);
	append(TYPE_A, "\1\2\3\4", 4);
	wire[out.at - 10] = 0x80;
	assert_int_equal(parse(out.at), PARSE_OK);
	assert_int_equal(reply.ttl, 0);
	wire[out.at - 10] = 0x7f;
	assert_int_equal(parse(out.at), PARSE_OK);
	assert_int_equal(reply.ttl, 0x7f00012c);
}

static void
another_class_is_left_out(void **state)
{
	(void)state;
	begin(1, 0, 0);
	append(TYPE_A, "\1\2\3\4", 4);
	wire[out.at - 11] = CLASS_CH;
	assert_int_equal(parse(out.at), PARSE_OK);
	assert_int_equal(reply.count, 0);
}

/* A message of one record of a type; the record is not even asked for. */
static enum parse
parse_one(uint16_t type, const char *rdata, size_t len)
{
	begin(0, 0, 1);
	append(type, rdata, len);
	return parse(out.at);
}

static void
fixed_types_have_their_size(void **state)
{
	(void)state;
	assert_int_equal(parse_one(TYPE_A, "\1\2\3\4", 4), PARSE_OK);
	assert_int_equal(parse_one(TYPE_A, "\1\2\3\4", 3), PARSE_FORMERR);
	assert_int_equal(parse_one(TYPE_A, "\1\2\3\4\5", 5), PARSE_FORMERR);
	assert_int_equal(parse_one(TYPE_A, "", 0), PARSE_FORMERR);
	assert_int_equal(parse_one(TYPE_AAAA, "\1\2\3\4", 4), PARSE_FORMERR);
}

static void
a_name_ends_exactly_with_its_rdata(void **state)
{
	(void)state;
	assert_int_equal(parse_one(TYPE_NS, "\1a\0", 3), PARSE_OK);
	assert_int_equal(parse_one(TYPE_NS, "\1a\300\14", 4), PARSE_OK);
	assert_int_equal(parse_one(TYPE_NS, "\1a\0x", 4), PARSE_FORMERR);
	assert_int_equal(parse_one(TYPE_NS, "\1a", 2), PARSE_FORMERR);
	assert_int_equal(parse_one(TYPE_NS, "\300", 1), PARSE_FORMERR);
	assert_int_equal(parse_one(TYPE_NS, "", 0), PARSE_FORMERR);
	assert_int_equal(parse_one(TYPE_MX, "\0\1", 2), PARSE_FORMERR);
	assert_int_equal(parse_one(TYPE_MX, "\0\1\0", 3), PARSE_OK);
	assert_int_equal(parse_one(TYPE_SOA, "\0\0\1\2\3", 5), PARSE_FORMERR);
	assert_int_equal(parse_one(TYPE_RRSIG, "\0\1", 2), PARSE_FORMERR);
}

/* A name that would go on in the next record's octets. */
static void
a_label_does_not_leave_its_rdata(void **state)
{
	(void)state;
	begin(0, 0, 2);
	append(TYPE_NS, "\077a", 2);
	append(TYPE_TXT, "", 0);
	writer_bytes(&out, signed_answer, 64);
	assert_int_equal(parse(out.at), PARSE_FORMERR);
}

static void
a_pointer_does_not_lead_forwards(void **state)
{
	(void)state;
	/* The rdata stands at 37; this leads to itself. */
	assert_int_equal(parse_one(TYPE_NS, "\300\45", 2), PARSE_FORMERR);
	assert_int_equal(parse_one(TYPE_NS, "\300\14", 2), PARSE_OK);
}

static void
octets_after_the_last_record_are_malformed(void **state)
{
	(void)state;
	begin(1, 0, 0);
	append(TYPE_A, "\1\2\3\4", 4);
	writer_u8(&out, 0);
	assert_int_equal(parse(out.at), PARSE_FORMERR);
}

static void
every_cut_of_a_message_is_malformed(void **state)
{
	size_t len;

	(void)state;
	message.answer = signed_answer;
	message.authority = signed_proof;
	message.edns = true;
	len = oracle_write(&message, wire);
	assert_int_equal(parse(len), PARSE_OK);
	for (size_t cut = 0; cut < len; cut++) {
		arena_reset(&arena);
		assert_int_equal(parse(cut), PARSE_FORMERR);
	}
}

static void
an_opt_record_stands_alone_and_in_its_place(void **state)
{
	(void)state;
	begin(0, 0, 2);
	append_opt(0);
	append_opt(0);
	assert_int_equal(parse(out.at), PARSE_FORMERR);
	begin(1, 0, 0);
	append_opt(0);
	assert_int_equal(parse(out.at), PARSE_FORMERR);
	assert_int_equal(parse_one(TYPE_OPT, "", 0), PARSE_FORMERR);
}

static void
counts_beyond_the_octets_take_no_memory(void **state)
{
	(void)state;
	begin(4000, 0, 0);
	append(TYPE_A, "\1\2\3\4", 4);
	assert_int_equal(parse(out.at), PARSE_FORMERR);
	assert_true((size_t)(arena.at - memory) < 4096);
}

static void
records_of_512_are_taken_and_no_more(void **state)
{
	(void)state;
	begin(0, 0, 512);
	for (unsigned i = 0; i < 512; i++)
		writer_bytes(&out, "\0\0\20\0\1\0\0\0\0\0\0", 11);
	assert_int_equal(parse(out.at), PARSE_OK);
	writer_bytes(&out, "\0\0\20\0\1\0\0\0\0\0\0", 11);
	writer_patch_u16(&out, 10, 513);
	assert_int_equal(parse(out.at), PARSE_FORMERR);
}

/* Appends a record whose owner is not a pointer. */
static void
append_whole(uint16_t type, const void *rdata, size_t len)
{
	writer_bytes(&out, "\7EXAMPLE", 9);
	writer_u16(&out, type);
	writer_u16(&out, CLASS_IN);
	writer_u32(&out, 300);
	writer_u16(&out, (uint16_t)len);
	writer_bytes(&out, rdata, len);
}

/* As many as are too many when they stand apart, below. */
static void
a_name_is_not_read_again_where_it_stands(void **state)
{
	(void)state;
	begin(512, 0, 0);
	for (unsigned i = 0; i < 512; i++)
		append(TYPE_CNAME, "\1a", 3);
	assert_int_equal(parse(out.at), PARSE_OK);
	target_is("a.");
}

static void
owners_that_stand_apart_are_compared(void **state)
{
	(void)state;
	begin(512, 0, 0);
	for (uint16_t i = 0; i < 512; i++) {
		const char rdata[] = {10, 0, (char)(i >> 8), (char)i};

		append_whole(TYPE_A, rdata, sizeof(rdata));
	}
	assert_int_equal(parse(out.at), PARSE_OK);
	item_is(0, SECTION_ANSWER, "example.", TYPE_A, 512);
}

/* Each owner is looked at by the search for links and when they are taken. */
static void
names_of_1024_are_compared_and_no_more(void **state)
{
	(void)state;
	begin(511, 0, 0);
	for (unsigned i = 0; i < 511; i++)
		append_whole(TYPE_CNAME, "\1a", 3);
	assert_int_equal(parse(out.at), PARSE_OK);
	begin(512, 0, 0);
	for (unsigned i = 0; i < 512; i++)
		append_whole(TYPE_CNAME, "\1a", 3);
	assert_int_equal(parse(out.at), PARSE_FORMERR);
}

static void
rrsets_of_96_are_taken_and_no_more(void **state)
{
	(void)state;
	begin(96, 0, 0);
	writer_patch_u16(&out, 21, TYPE_ANY);
	for (uint16_t i = 0; i < 96; i++)
		append((uint16_t)(1000 + i), "", 0);
	assert_int_equal(parse(out.at), PARSE_OK);
	assert_int_equal(reply.count, 96);
	append(2000, "", 0);
	writer_patch_u16(&out, 6, 97);
	assert_int_equal(parse(out.at), PARSE_FORMERR);
}

static void
a_full_arena_is_malformed(void **state)
{
	size_t len;

	(void)state;
	message.answer = "www.example.com. 30 IN CNAME a.example.net.\n"
			 "a.example.net. 30 IN A 192.0.2.1\n";
	len = oracle_write(&message, wire);
	for (size_t size = 0; size < 3000; size += 8) {
		arena_init(&arena, memory, size);
		assert_int_equal(parse(len), PARSE_FORMERR);
	}
	arena_init(&arena, memory, 8000);
	assert_int_equal(parse(len), PARSE_OK);
}

/* A question that we sent with the id of the messages here. */
struct sent {
	uint8_t wire[REQUEST_MAX];
	size_t len;
};

static struct sent
asked(const char *text, uint16_t type)
{
	const struct question question = {
	    .name = named(text),
	    .type = type,
	    .class = CLASS_IN,
	};
	struct sent sent;

	asking.udp_size = UDP_SIZE_SAFE;
	sent.len =
	    request_build(&asking, &question, sent.wire, sizeof(sent.wire));
	return sent;
}

static enum match
match(size_t len, const struct sent *sent)
{
	return reply_matches(wire, len, sent->wire, sent->len);
}

static enum match
matches(const char *text, uint16_t type)
{
	const struct sent sent = asked(text, type);

	return match(oracle_write(&message, wire), &sent);
}

static void
a_reply_matches_its_question_only(void **state)
{
	(void)state;
	assert_int_equal(matches("WWW.Example.com", TYPE_A), MATCH);
	assert_int_equal(matches("WWW.Example.org", TYPE_A), MATCH_NO);
	assert_int_equal(matches("WW.Example.com", TYPE_A), MATCH_NO);
	assert_int_equal(matches("WWW.Example.com", TYPE_AAAA), MATCH_NO);
	asking.id = 0x1235;
	assert_int_equal(matches("WWW.Example.com", TYPE_A), MATCH_NO);
	asking.id = 0x1234;
	message.flags &= (uint16_t)~FLAG_QR;
	assert_int_equal(matches("WWW.Example.com", TYPE_A), MATCH_NO);
}

/* The case is chosen at random, and whoever forges has to guess it too. */
static void
another_letter_case_is_told_apart(void **state)
{
	(void)state;
	assert_int_equal(matches("WWW.Example.coM", TYPE_A), MATCH_BUT_CASE);
	assert_int_equal(matches("WWW.Example.coM", TYPE_AAAA), MATCH_NO);
}

static void
a_strange_header_matches_nothing(void **state)
{
	const struct sent sent = asked("example", TYPE_A);

	(void)state;
	begin(0, 0, 0);
	assert_int_equal(match(out.at, &sent), MATCH);
	for (size_t cut = 0; cut < out.at; cut++)
		assert_int_equal(match(cut, &sent), MATCH_NO);
	writer_patch_u16(&out, 2, FLAG_QR | 5 << 11);
	assert_int_equal(match(out.at, &sent), MATCH_NO);
	writer_patch_u16(&out, 2, FLAG_QR);
	writer_patch_u16(&out, 4, 2);
	assert_int_equal(match(out.at, &sent), MATCH_NO);
	writer_patch_u16(&out, 4, 0);
	assert_int_equal(match(out.at, &sent), MATCH_NO);
}

static void
another_class_in_the_question_matches_nothing(void **state)
{
	const struct sent sent = asked("example", TYPE_A);

	(void)state;
	begin(0, 0, 0);
	wire[out.at - 1] = CLASS_CH;
	assert_int_equal(match(out.at, &sent), MATCH_NO);
}

/* Its name ends with a pointer, here to an octet of the header. */
static void
a_question_with_a_pointer_matches_nothing(void **state)
{
	const struct sent sent = asked("example", TYPE_A);

	(void)state;
	begin(0, 0, 0);
	out.at = 20;
	writer_u16(&out, 0xc006);
	writer_u32(&out, TYPE_A << 16 | CLASS_IN);
	assert_int_equal(match(out.at, &sent), MATCH_NO);
}

/* A bare header with these flags. */
static bool
rejects(uint16_t flags)
{
	const struct sent sent = asked("example", TYPE_A);

	begin(0, 0, 0);
	writer_patch_u16(&out, 2, flags);
	writer_patch_u16(&out, 4, 0);
	return reply_rejects(wire, HEADER_SIZE, sent.wire, sent.len);
}

static void
a_bare_header_may_turn_us_down(void **state)
{
	(void)state;
	assert_true(rejects(FLAG_QR | RCODE_FORMERR));
	assert_true(rejects(FLAG_QR | RCODE_NOTIMP));
	assert_false(rejects(FLAG_QR | RCODE_SERVFAIL));
	assert_false(rejects(FLAG_QR | RCODE_NOERROR));
	assert_false(rejects(RCODE_FORMERR));
	asking.id = 7;
	assert_false(rejects(FLAG_QR | RCODE_FORMERR));
}

static void
who_repeats_the_question_turns_nobody_down(void **state)
{
	const struct sent sent = asked("example", TYPE_A);

	(void)state;
	begin(0, 0, 0);
	writer_patch_u16(&out, 2, FLAG_QR | RCODE_FORMERR);
	assert_false(reply_rejects(wire, out.at, sent.wire, sent.len));
	assert_false(reply_rejects(wire, 11, sent.wire, sent.len));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, setup)
	    TEST(an_address_is_taken),
	    TEST(records_of_one_rrset_may_lie_apart),
	    TEST(duplicates_are_dropped),
	    TEST(a_chain_is_followed_in_any_order),
	    TEST(names_in_rdata_come_whole_and_in_their_case),
	    TEST(strangers_are_left_out),
	    TEST(an_asked_cname_is_the_answer_and_no_chain),
	    TEST(of_two_cnames_the_first_counts),
	    TEST(the_asked_type_wins_over_a_cname_beside_it),
	    TEST(any_takes_all_types_of_the_name),
	    TEST(a_chain_of_16_links_is_followed_and_no_longer_one),
	    TEST(a_loop_is_endless),
	    TEST(a_dname_is_kept_with_the_cname_it_makes),
	    TEST(a_dname_that_makes_another_name_is_left_out),
	    TEST(nodata_keeps_the_soa_and_its_minimum),
	    TEST(the_soas_own_ttl_caps_too),
	    TEST(a_soa_that_does_not_cover_the_chains_end_is_left_out),
	    TEST(a_chain_that_ends_in_nothing_keeps_chain_and_soa),
	    TEST(a_positive_answer_has_no_soa),
	    TEST(an_asked_soa_is_an_answer),
	    TEST(an_empty_answer_may_not_be_kept),
	    TEST(signatures_and_proofs_come_with_do),
	    TEST(without_do_there_are_no_signatures),
	    TEST(asked_signatures_are_told_apart_by_what_they_cover),
	    TEST(flags_and_the_extended_rcode_are_read),
	    TEST(a_server_cookie_is_kept),
	    TEST(a_cookie_of_a_wrong_length_is_malformed),
	    TEST(why_a_server_failed_is_kept),
	    TEST(an_opt_record_may_say_nothing),
	    TEST(a_truncated_message_is_not_looked_into),
	    TEST(a_ttl_with_the_highest_bit_counts_as_zero),
	    TEST(another_class_is_left_out),
	    TEST(fixed_types_have_their_size),
	    TEST(a_name_ends_exactly_with_its_rdata),
	    TEST(a_label_does_not_leave_its_rdata),
	    TEST(a_pointer_does_not_lead_forwards),
	    TEST(octets_after_the_last_record_are_malformed),
	    TEST(every_cut_of_a_message_is_malformed),
	    TEST(an_opt_record_stands_alone_and_in_its_place),
	    TEST(counts_beyond_the_octets_take_no_memory),
	    TEST(records_of_512_are_taken_and_no_more),
	    TEST(a_name_is_not_read_again_where_it_stands),
	    TEST(owners_that_stand_apart_are_compared),
	    TEST(names_of_1024_are_compared_and_no_more),
	    TEST(rrsets_of_96_are_taken_and_no_more),
	    TEST(a_full_arena_is_malformed),
	    TEST(a_reply_matches_its_question_only),
	    TEST(another_letter_case_is_told_apart),
	    TEST(a_strange_header_matches_nothing),
	    TEST(another_class_in_the_question_matches_nothing),
	    TEST(a_question_with_a_pointer_matches_nothing),
	    TEST(a_bare_header_may_turn_us_down),
	    TEST(who_repeats_the_question_turns_nobody_down),
	};

	return cmocka_run_group_tests_name("reply", tests, NULL, NULL);
}
