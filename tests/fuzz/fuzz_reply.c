#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <ldns/ldns.h>

#include "dns/answer.h"
#include "dns/reply.h"
#include "dns/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_SIZE = 512 * 1024 };

static uint8_t memory[2][ARENA_SIZE];
static uint8_t encoded[MESSAGE_MAX];

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check_rrset(const struct rrset *rrset)
{
	const uint8_t *at = NULL;
	uint16_t len = 0;

	must(rrset->count > 0);
	for (unsigned i = 0; i < rrset->count; i++) {
		at = rrset_next(rrset, at, &len);
		must(at != NULL);
	}
	must(rrset_next(rrset, at, &len) == NULL);
}

/* What the contract of reply_parse promises. */
static void
check_reply(const struct reply *reply)
{
	must(reply->count <= REPLY_ITEMS);
	must(!reply->truncated || reply->count == 0);
	must(!reply->answered || !reply->has_soa);
	must(reply->cookie == NULL ||
	    reply->cookie->server_len <= COOKIE_SERVER_MAX);
	must(reply->error == NULL || strlen(reply->error->text) <= EDNS_TEXT);
	must(reply->count > 0 || reply->ttl == 0);
	for (size_t i = 0; i < reply->count; i++) {
		must(reply->items[i].rrset->ttl >= reply->ttl);
		must(reply->items[i].section != SECTION_ADDITIONAL);
		check_rrset(reply->items[i].rrset);
	}
}

/* Types whose rdata the scanner takes apart as far as ldns does. */
static bool
is_plain(uint16_t type)
{
	return type == TYPE_A || type == TYPE_AAAA || type == TYPE_NS ||
	    type == TYPE_CNAME || type == TYPE_SOA || type == TYPE_PTR ||
	    type == TYPE_MX || type == TYPE_SRV || type == TYPE_DNAME ||
	    type == TYPE_NAPTR;
}

/* ldns finds as many records in what we wrote as we put there. */
static void
check_ldns(const struct reply *reply, const uint8_t *wire, size_t len)
{
	ldns_pkt *packet = NULL;
	size_t records = 0;

	for (size_t i = 0; i < reply->count; i++) {
		if (!is_plain(reply->items[i].rrset->type))
			return;
		records += reply->items[i].rrset->count;
	}
	must(ldns_wire2pkt(&packet, wire, len) == LDNS_STATUS_OK);
	must(ldns_rr_list_rr_count(ldns_pkt_answer(packet)) +
		ldns_rr_list_rr_count(ldns_pkt_authority(packet)) ==
	    records);
	ldns_pkt_free(packet);
}

static size_t
encode(const struct reply *reply, const struct question *question,
    const struct asking *asking)
{
	const struct request request = {
	    .id = asking->id,
	    .has_question = true,
	    .question = *question,
	    .edns = {.present = true, .udp_size = UDP_SIZE_SAFE},
	};
	const struct encoding encoding = {
	    .limit = MESSAGE_MAX,
	    .transport = TRANSPORT_TCP,
	};
	struct answer answer;

	answer_reset(&answer);
	answer.rcode = reply->rcode;
	for (size_t i = 0; i < reply->count; i++) {
		must(answer_add(&answer, reply->items[i].section,
			 reply->items[i].owner, reply->items[i].rrset) != NULL);
	}
	return answer_encode(&answer, &request, &encoding, encoded,
	    sizeof(encoded));
}

static void
check_same(const struct reply *a, const struct reply *b)
{
	must(a->rcode == b->rcode && a->ttl == b->ttl);
	must(a->answered == b->answered && a->has_soa == b->has_soa);
	must(name_equal(a->target, b->target));
	must(a->count == b->count);
	for (size_t i = 0; i < a->count; i++) {
		const struct rrset *one = a->items[i].rrset;
		const struct rrset *other = b->items[i].rrset;

		must(name_equal(a->items[i].owner, b->items[i].owner));
		must(one->type == other->type && one->ttl == other->ttl);
		/* Compression may make records equal whose names differed in
		 * case alone. */
		must(one->count >= other->count);
		must(is_plain(one->type) || one->count == other->count);
	}
}

/*
 * An answer written anew reads the same, unless it has grown too large: for
 * a message, or in the number of pointers that a reader follows.
 */
static void
check_again(const struct reply *reply, const struct question *question,
    const struct asking *asking)
{
	const size_t len = encode(reply, question, asking);
	uint8_t sent[REQUEST_MAX];
	const size_t sent_len =
	    request_build(asking, question, sent, sizeof(sent));
	struct arena arena;
	struct reply again;

	must(len >= HEADER_SIZE);
	must(reply_matches(encoded, len, sent, sent_len) == MATCH);
	arena_init(&arena, memory[1], sizeof(memory[1]));
	if ((encoded[3] & FLAG_RCODE) == RCODE_SERVFAIL)
		return;
	check_ldns(reply, encoded, len);
	if (reply_parse(&again, encoded, len, asking, &arena) != PARSE_OK)
		return;
	check_reply(&again);
	check_same(reply, &again);
}

/* The first octet's lowest bit is DO; the message follows. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader reader;
	struct asking asking;
	struct question question;
	struct arena arena;
	struct reply reply;

	if (size < 1 + HEADER_SIZE)
		return 0;
	reader = reader_over(data + 1, size - 1);
	asking = (struct asking){
	    .id = reader_u16(&reader),
	    .dnssec_ok = (data[0] & 1) != 0,
	};
	reader.at = HEADER_SIZE;
	arena_init(&arena, memory[0], sizeof(memory[0]));
	if (!request_question(&question, &reader) ||
	    reply_parse(&reply, data + 1, size - 1, &asking, &arena) !=
		PARSE_OK)
		return 0;
	check_reply(&reply);
	if (question.class == CLASS_IN)
		check_again(&reply, &question, &asking);
	return 0;
}
