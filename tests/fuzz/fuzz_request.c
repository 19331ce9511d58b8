#include <stdlib.h>
#include <string.h>

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
	const struct asking asking = {.id = 7, .udp_size = UDP_SIZE_SAFE};
	uint8_t wire[HEADER_SIZE + NAME_SIZE + 4 + OPT_SIZE];
	const size_t len = request_build(&asking, question, wire, sizeof(wire));
	struct request again;

	must(len > 0);
	must(request_parse(&again, wire, len) == PARSE_OK);
	must(again.question.type == question->type);
	must(again.question.class == question->class);
	must(again.question.name.len == question->name.len);
	must(memcmp(again.question.name.wire, question->name.wire,
		 question->name.len) == 0);
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
	case PARSE_NOTIMP:
		must(!request.has_question);
		break;
	case PARSE_FORMERR:
		break;
	}
	if (request.has_question) {
		must(request.edns.udp_size >= UDP_SIZE_CLASSIC);
		check_built(&request.question);
	}
	return 0;
}
