#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <ldns/ldns.h>

#include "dns/answer.h"
#include "dns/reply.h"
#include "dns/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* What we build from a client's question must be read as the same one. */
static void
check_built(const struct question *question)
{
	const struct asking asking = {
	    .id = 7,
	    .udp_size = UDP_SIZE_SAFE,
	    .block = EDNS_BLOCK,
	};
	uint8_t wire[REQUEST_MAX];
	const size_t len = request_build(&asking, question, wire, sizeof(wire));
	struct request again;

	must(len > 0 && len % EDNS_BLOCK == 0);
	must(request_parse(&again, wire, len) == PARSE_OK);
	must(again.question.type == question->type);
	must(again.question.class == question->class);
	must(again.question.name.len == question->name.len);
	must(memcmp(again.question.name.wire, question->name.wire,
		 question->name.len) == 0);
}

static void
check_ldns(const struct request *request, const uint8_t *wire, size_t len)
{
	ldns_pkt *packet = NULL;

	must(ldns_wire2pkt(&packet, wire, len) == LDNS_STATUS_OK);
	must(ldns_pkt_qr(packet) && ldns_pkt_id(packet) == request->id);
	must(ldns_pkt_edns(packet) == request->edns.present);
	must(ldns_pkt_qdcount(packet) == request->has_question);
	ldns_pkt_free(packet);
}

/*
 * An error is told in a message that is never longer than the query, that
 * ldns reads, and that its sender would take for the answer to its question.
 */
static void
check_error(const struct request *request, const uint8_t *query, size_t size)
{
	const struct encoding encoding = {
	    .limit = UDP_SIZE_CLASSIC,
	    .udp_size = UDP_SIZE_SAFE,
	};
	struct answer answer;
	uint8_t wire[UDP_SIZE_CLASSIC];
	size_t len;

	answer_reset(&answer);
	answer.rcode = RCODE_FORMERR;
	len = answer_encode(&answer, request, &encoding, wire, sizeof(wire));
	must(len >= HEADER_SIZE && len <= size);
	check_ldns(request, wire, len);
	if (request->has_question)
		must(reply_matches(wire, len, query, size) == MATCH);
}

static void
check_request(const struct request *request, const uint8_t *wire, size_t size)
{
	must(request->edns.udp_size >= UDP_SIZE_CLASSIC);
	check_error(request, wire, size);
	if (request->has_question)
		check_built(&request->question);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct request request = {.has_question = false};

	switch (request_parse(&request, data, size)) {
	case PARSE_OK:
		must(request.has_question && size <= QUERY_MAX);
		must(request.edns.version == 0);
		break;
	case PARSE_BADVERS:
		must(request.has_question && request.edns.present);
		break;
	case PARSE_DROP:
		must(!request.has_question);
		return 0;
	case PARSE_NOTIMP:
		must(!request.has_question);
		break;
	case PARSE_FORMERR:
		break;
	}
	check_request(&request, data, size);
	return 0;
}
