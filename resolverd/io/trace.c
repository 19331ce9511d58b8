#include "io/trace.h"

#include <stdio.h>

#include "base/log.h"
#include "core/account.h"
#include "core/engine.h"
#include "core/policy.h"
#include "core/server.h"
#include "dns/rdata.h"
#include "io/clock.h"

enum {
	COUNT_AT = 6, /* ANCOUNT in the header (RFC 1035 section 4.1.1) */
	TEXT_SIZE = 32,
	ORIGIN_SIZE = SERVER_TEXT + TEXT_SIZE,
	QUESTION_SIZE = NAME_TEXT + RDATA_TYPE_TEXT,
	OWNER_SIZE = 96, /* a resource name has 63 octets */
	HEAD_SIZE = ADDR_TEXT + QUESTION_SIZE + 2 * TEXT_SIZE,
};

/* By number; what the engine never answers with has no text. */
static const char *const rcodes[] = {
    [RCODE_NOERROR] = "NOERROR",
    [RCODE_FORMERR] = "FORMERR",
    [RCODE_SERVFAIL] = "SERVFAIL",
    [RCODE_NXDOMAIN] = "NXDOMAIN",
    [RCODE_NOTIMP] = "NOTIMP",
    [RCODE_REFUSED] = "REFUSED",
    [RCODE_BADVERS] = "BADVERS",
};

enum { RCODES = sizeof(rcodes) / sizeof(rcodes[0]) };

static const char *
trace_rcode(const struct query *query)
{
	const unsigned rcode = account_rcode(query);

	if (rcode >= RCODES || rcodes[rcode] == NULL)
		return "unknown";
	return rcodes[rcode];
}

static const char *
trace_transport(enum transport transport)
{
	switch (transport) {
	case TRANSPORT_UDP:
		return "udp";
	case TRANSPORT_TCP:
		return "tcp";
	}
	return "";
}

static const char *
trace_carrier(enum carrier carrier)
{
	switch (carrier) {
	case CARRIER_UDP:
		return "udp";
	case CARRIER_TCP:
		return "tcp";
	case CARRIER_TLS:
		return "tls";
	}
	return "";
}

static const char *
trace_question(const struct question *question, char text[QUESTION_SIZE])
{
	char name[NAME_TEXT];
	char type[RDATA_TYPE_TEXT];

	snprintf(text, QUESTION_SIZE, "%s %s",
	    name_to_text(question->name.wire, name),
	    rdata_type_to_text(question->type, type));
	return text;
}

/* How many records, and whether some were left out. */
static const char *
trace_records(const struct query *query, char text[TEXT_SIZE])
{
	const uint8_t *out = query->out;
	const unsigned count = (unsigned)out[COUNT_AT] << 8 | out[COUNT_AT + 1];
	const char *cut = (out[2] & FLAG_TC >> 8) != 0 ? ", truncated" : "";

	snprintf(text, TEXT_SIZE, "%u record%s%s", count, count == 1 ? "" : "s",
	    cut);
	return text;
}

/* Who in the configuration was in charge: ", zone NAME" or "". */
static const char *
trace_owner(const struct query *query, char text[OWNER_SIZE])
{
	const struct account_side side = account_side(query, 0);

	text[0] = '\0';
	if (side.target_name[0] == '\0')
		return text;
	switch (side.target) {
	case TARGET_PRIVATE_ZONE:
	case TARGET_FORWARDING_ZONE:
	case TARGET_PEERING_ZONE:
	case TARGET_INTERNAL:
		snprintf(text, OWNER_SIZE, ", zone %s", side.target_name);
		break;
	case TARGET_RESPONSE_POLICY:
		snprintf(text, OWNER_SIZE, ", rule %s", side.target_name);
		break;
	case TARGET_FORWARDING_POLICY:
	case TARGET_EXTERNAL:
	case TARGET_NONE:
		break;
	}
	return text;
}

/* Who else than that answered: ", cache" and so on, or "". */
static const char *
trace_origin(const struct query *query, char text[ORIGIN_SIZE])
{
	const struct transmission *sent = account_server(query);
	char server[SERVER_TEXT];

	text[0] = '\0';
	switch (account_origin(query)) {
	case ORIGIN_CACHE:
		return ", cache";
	case ORIGIN_UPSTREAM:
		if (sent == NULL)
			return ", upstream, asked for another query";
		snprintf(text, ORIGIN_SIZE, ", upstream %s",
		    server_format(sent->server, server));
		break;
	case ORIGIN_RULE:
	case ORIGIN_ZONE:
	case ORIGIN_STALE:
	case ORIGIN_SPECIAL:
	case ORIGIN_ERROR:
		break;
	}
	return text;
}

void
trace_answer(const struct query *query)
{
	const struct request *request = &query->request;
	const struct answer *answer = &query->answer;
	char client[ADDR_TEXT];
	char question[QUESTION_SIZE] = "without a question";
	char records[TEXT_SIZE];
	char owner[OWNER_SIZE];
	char origin[ORIGIN_SIZE];
	char head[HEAD_SIZE];

	addr_format_host(&query->client, client);
	if (request->has_question)
		trace_question(&request->question, question);
	snprintf(head, sizeof(head), "%s %s %s: %s", client,
	    trace_transport(query->transport), question, trace_rcode(query));
	if (answer->ede_text != NULL) {
		log_debug("query %s: %s", head, answer->ede_text);
	} else {
		log_debug("query %s, %s%s%s", head,
		    trace_records(query, records), trace_owner(query, owner),
		    trace_origin(query, origin));
	}
}

void
trace_inside(struct log_gate *gate, const struct query *query)
{
	const bool blocked = query->answer.ede == EDE_FILTERED;
	char client[ADDR_TEXT];
	char question[QUESTION_SIZE];
	char more[TEXT_SIZE] = "";
	unsigned suppressed;

	if (!log_gate_open(gate, clock_now(), &suppressed))
		return;
	if (suppressed > 0)
		snprintf(more, sizeof(more), "; %u more", suppressed);
	log_warn("rebinding: %s for %s: inside addresses from outside are "
		 "%s%s",
	    trace_question(&query->request.question, question),
	    addr_format_host(&query->client, client),
	    blocked ? "left out" : "passed on", more);
}

void
trace_ask(const struct query *query)
{
	const struct transmission *sent = &query->sent[query->ask];
	char question[QUESTION_SIZE];
	char server[SERVER_TEXT];

	log_debug("ask %s %s %s", server_format(sent->server, server),
	    trace_carrier(sent->carrier),
	    trace_question(&query->asked, question));
}
