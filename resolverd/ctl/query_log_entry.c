#include "ctl/query_log_entry.h"

#include <assert.h>
#include <string.h>

#include "core/server.h"
#include "ctl/response.h"

enum {
	ID_DIGITS = 12, /* of 36 kinds */
	NANO_DIGITS = 9,
	RDATA_MOST = 260,
	LOWER = 0x20,		 /* what makes a capital letter a small one */
	ANSWER_RECORD_HEAD = 64, /* TTL, type, tabs */
};

#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_US UINT64_C(1000)

/* A query as one network sees it. */
struct side {
	const char *network;
	const char *target_name;
	enum target_type target;
	enum target_type last; /* whose answer it is in the end */
	const char *source_type;
	const char *vm; /* members, or "" */
};

const char *
query_log_entry_severity(const struct qlog_record *record)
{
	switch (record->rcode) {
	case RCODE_NOERROR:
		return "INFO";
	case RCODE_SERVFAIL:
		return "ERROR";
	default:
		return "NOTICE";
	}
}

/* Twelve of 0-9 and a-z, as Cloud Logging has them. */
static void
put_id(struct line *line, uint64_t id)
{
	static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	char text[ID_DIGITS];

	for (unsigned i = 0; i < ID_DIGITS; i++) {
		text[i] = letters[id % (sizeof(letters) - 1)];
		id /= sizeof(letters) - 1;
	}
	line_octets(line, text, sizeof(text));
}

/* ,"key":"text" where the text may be anything. */
static void
put_text(struct line *line, const char *key, const char *text)
{
	line_put(line, key);
	line_json(line, text, strlen(text));
}

static void
put_bool(struct line *line, const char *key, bool value)
{
	line_put(line, key);
	line_put(line, value ? "true" : "false");
}

static void
put_host(struct line *line, const char *key, const struct addr *addr)
{
	char text[ADDR_TEXT];

	put_text(line, key, addr_format_host(addr, text));
}

/* Which entry this is. */

static struct side
client_side(const struct query_log_entry *entry)
{
	const struct qlog_record *record = entry->record;
	struct side side = {
	    .network = record->network,
	    .target = record->target,
	    .target_name = record->target_name,
	    .source_type = "gce-vm",
	    .vm = "",
	};

	if (record->own) {
		side.source_type = "fqdn-forwarding-target";
	} else if (record->inbound) {
		side.source_type = "inbound-forwarding";
	} else {
		side.vm = query_log_labels_vm(entry->labels, record->network,
		    &record->client);
	}
	return side;
}

static struct side
producer_side(const struct qlog_side *producer)
{
	return (struct side){
	    .network = producer->network,
	    .target = producer->target,
	    .target_name = producer->target_name,
	    .source_type = "peering-zone",
	    .vm = "",
	};
}

static struct side
side_of(const struct query_log_entry *entry, unsigned n)
{
	const struct qlog_record *record = entry->record;
	struct side side;

	assert(n <= record->producer_count);
	side = n == 0 ? client_side(entry)
		      : producer_side(&record->producers[n - 1]);
	side.last = record->producer_count == 0
	    ? record->target
	    : record->producers[record->producer_count - 1].target;
	return side;
}

/* Whether the zone that answers is one of ours (the sheet's default). */
static bool
is_authoritative(const struct side *side)
{
	switch (side->last) {
	case TARGET_PRIVATE_ZONE:
	case TARGET_RESPONSE_POLICY:
	case TARGET_INTERNAL:
		return true;
	case TARGET_FORWARDING_ZONE:
	case TARGET_FORWARDING_POLICY:
	case TARGET_PEERING_ZONE:
	case TARGET_EXTERNAL:
	case TARGET_NONE:
		break;
	}
	return false;
}

static bool
is_forwarded(const struct side *side)
{
	return side->last == TARGET_FORWARDING_ZONE ||
	    side->last == TARGET_FORWARDING_POLICY;
}

/* Cloud Logging's JSON, in the order of its samples. */

/* A type's name, which is letters, digits and hyphens. */
static void
put_lower(struct line *line, const char *type)
{
	for (; *type != '\0'; type++) {
		const uint8_t letter = (uint8_t)((uint8_t)*type | LOWER);

		line_octets(line, &letter, 1);
	}
}

/* "name.<TAB>ttl<TAB>IN<TAB>type<TAB>value", all records, cut at 260 octets. */
static void
put_rdata(struct line *line, const struct query_answer *answer)
{
	static const char cut[] = "...";
	/* Any one record may be longer than all that is shown. */
	static char text[ANSWER_ROOM + ANSWER_RECORDS * ANSWER_RECORD_HEAD];
	struct line rdata = line_in(text, sizeof(text));

	for (unsigned i = 0; i < answer->records && rdata.len <= RDATA_MOST;
	     i++) {
		const struct query_record *record = &answer->record[i];

		if (i > 0)
			line_octets(&rdata, "\n", 1);
		line_octets(&rdata, record->owner, record->owner_len);
		line_octets(&rdata, "\t", 1);
		line_number(&rdata, record->ttl);
		line_put(&rdata, "\tIN\t");
		put_lower(&rdata, query_answer_type(record->type));
		line_octets(&rdata, "\t", 1);
		line_octets(&rdata, record->value, record->value_len);
	}
	if (rdata.len > RDATA_MOST) {
		rdata.len = RDATA_MOST - strlen(cut);
		line_put(&rdata, cut);
	}
	line_put(line, ",\"rdata\":");
	line_json(line, rdata.text, rdata.len);
}

static void
put_structured(struct line *line, const struct query_answer *answer)
{
	if (answer->records == 0)
		return;
	for (unsigned i = 0; i < answer->records; i++) {
		const struct query_record *record = &answer->record[i];

		line_put(line, i == 0 ? ",\"structuredRdata\":[" : ",");
		line_put(line, "{\"class\":\"IN\",\"domainName\":");
		line_json(line, record->owner, record->owner_len);
		line_put(line, ",\"rvalue\":");
		line_json(line, record->value, record->value_len);
		line_put(line, ",\"ttl\":\"");
		line_number(line, record->ttl);
		put_text(line, "\",\"type\":", query_answer_type(record->type));
		line_octets(line, "}", 1);
	}
	line_octets(line, "]", 1);
}

/* Where a query was forwarded to, and what went wrong there. */
static void
put_egress(struct line *line, const struct qlog_record *record,
    const struct side *side)
{
	if (!is_forwarded(side))
		return;
	if (record->server.len != 0)
		put_host(line, ",\"destinationIP\":", &record->server);
}

static void
put_egress_error(struct line *line, const struct qlog_record *record,
    const struct side *side)
{
	if (is_forwarded(side) && record->origin == ORIGIN_ERROR &&
	    record->why[0] != '\0')
		put_text(line, ",\"egressError\":", record->why);
}

static void
put_question(struct line *line, const struct query_answer *answer)
{
	if (!answer->has_question)
		return;
	put_text(line, ",\"queryName\":", answer->name);
	put_text(line, ",\"queryType\":", query_answer_type(answer->type));
}

static void
put_payload(struct line *line, const struct query_log_entry *entry,
    const struct side *side)
{
	const struct qlog_record *record = entry->record;
	char rcode[RESPONSE_RCODE_TEXT];

	put_bool(line, "\"authAnswer\":", is_authoritative(side));
	put_egress(line, record, side);
	if (record->dns64)
		put_bool(line, ",\"dns64Translated\":", record->translated);
	put_egress_error(line, record, side);
	line_put(line,
	    record->transport == TRANSPORT_UDP ? ",\"protocol\":\"UDP\""
					       : ",\"protocol\":\"TCP\"");
	put_question(line, entry->answer);
	put_rdata(line, entry->answer);
	put_text(line,
	    ",\"responseCode\":", response_rcode(record->rcode, rcode));
	line_put(line, ",\"serverLatency\":");
	line_number(line, record->latency / NS_PER_MS);
	if (!record->own)
		put_host(line, ",\"sourceIP\":", &record->client);
	put_text(line, ",\"sourceNetwork\":", record->network);
	put_structured(line, entry->answer);
	line_put(line, side->vm);
}

static void
put_resource(struct line *line, const struct query_log_network *network,
    const struct side *side)
{
	line_put(line, ",\"resource\":{\"labels\":{");
	line_put(line, network->labels);
	put_text(line, ",\"source_type\":", side->source_type);
	put_text(line, ",\"target_name\":", side->target_name);
	put_text(line, ",\"target_type\":", target_text(side->target));
	line_put(line, "},\"type\":\"dns_query\"}");
}

void
query_log_entry_cloud(struct line *line, const struct query_log_entry *entry,
    unsigned side)
{
	const struct side seen = side_of(entry, side);
	const struct query_log_network *network =
	    query_log_labels_network(entry->labels, seen.network);

	line_put(line, "{\"insertId\":\"");
	put_id(line, entry->id);
	line_put(line, "\",\"jsonPayload\":{");
	put_payload(line, entry, &seen);
	line_put(line, "},\"logName\":");
	line_put(line, network->log_name);
	put_resource(line, network, &seen);
	put_text(line,
	    ",\"severity\":", query_log_entry_severity(entry->record));
	line_put(line, ",\"timestamp\":\"");
	line_time(line, entry->record->at, NANO_DIGITS);
	line_put(line, "\"}");
}

/* Text. */

/* Who was in charge, if it has a name: "zone:corp" or "rule:run-all". */
static bool
put_owner(struct line *line, const struct qlog_record *record)
{
	if (record->target_name[0] == '\0')
		return false;
	switch (record->target) {
	case TARGET_RESPONSE_POLICY:
		line_put(line, "rule:");
		break;
	case TARGET_FORWARDING_POLICY:
		line_put(line, "policy:");
		break;
	case TARGET_PRIVATE_ZONE:
	case TARGET_FORWARDING_ZONE:
	case TARGET_PEERING_ZONE:
	case TARGET_INTERNAL:
	case TARGET_EXTERNAL:
	case TARGET_NONE:
		line_put(line, "zone:");
		break;
	}
	line_word(line, record->target_name);
	return true;
}

static void
put_server(struct line *line, const struct qlog_record *record)
{
	const struct upstream_server server = {
	    .addr = record->server,
	    .carrier = record->carrier,
	};
	char text[SERVER_TEXT];

	if (record->server.len == 0)
		return;
	line_octets(line, ":", 1);
	line_word(line, server_format(&server, text));
}

void
query_log_entry_source(struct line *line, const struct qlog_record *record)
{
	const bool owned = put_owner(line, record);

	if (owned &&
	    (record->origin == ORIGIN_ZONE || record->origin == ORIGIN_RULE))
		return;
	if (owned)
		line_octets(line, ",", 1);
	line_put(line, origin_text(record->origin));
	put_server(line, record);
}

static void
put_ttl(struct line *line, const struct query_answer *answer)
{
	if (!answer->has_ttl) {
		line_octets(line, "-", 1);
		return;
	}
	line_number(line, answer->ttl);
	line_octets(line, "s", 1);
}

/* "NOERROR 2", "NOERROR,tc 0". */
static void
put_outcome(struct line *line, const struct query_log_entry *entry)
{
	char rcode[RESPONSE_RCODE_TEXT];

	line_put(line, response_rcode(entry->record->rcode, rcode));
	if (entry->answer->truncated)
		line_put(line, ",tc");
	line_octets(line, " ", 1);
	line_number(line, entry->answer->count);
}

static void
put_client(struct line *line, const struct qlog_record *record)
{
	char client[ADDR_TEXT];

	line_word(line,
	    record->own ? "self" : addr_format_host(&record->client, client));
	line_octets(line, " ", 1);
	line_word(line, record->network);
	line_put(line, record->transport == TRANSPORT_UDP ? " udp " : " tcp ");
}

void
query_log_entry_text(struct line *line, const struct query_log_entry *entry)
{
	const struct qlog_record *record = entry->record;
	const struct query_answer *answer = entry->answer;

	put_client(line, record);
	line_word(line, answer->has_question ? answer->name : "");
	line_octets(line, " ", 1);
	line_word(line,
	    answer->has_question ? query_answer_type(answer->type) : "");
	line_octets(line, " ", 1);
	put_outcome(line, entry);
	line_octets(line, " ", 1);
	query_log_entry_source(line, record);
	line_octets(line, " ", 1);
	put_ttl(line, answer);
	line_octets(line, " ", 1);
	line_number(line, record->latency / NS_PER_US);
	line_put(line, "us");
	if (record->why[0] != '\0') {
		line_put(line, ": ");
		line_words(line, record->why);
	}
}
