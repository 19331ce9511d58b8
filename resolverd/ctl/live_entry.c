#include "ctl/live_entry.h"

#include <string.h>

#include "base/json_writer.h"
#include "base/line.h"
#include "ctl/response.h"
#include "dns/rdata.h"
#include "dns/request.h"

enum { NS_MICROSECOND = 1000, MICRO_DIGITS = 6 };

/* The reply. */

/* What a record says of itself, its rdata stepped over. */
struct head {
	uint16_t type;
	uint32_t ttl;
};

static struct head
read_head(struct reader *reader)
{
	struct head head;
	struct name owner;

	name_read(&owner, reader);
	head.type = reader_u16(reader);
	reader_u16(reader);
	head.ttl = reader_u32(reader);
	reader_bytes(reader, reader_u16(reader));
	return head;
}

static void
keep_ttl(struct live_entry *entry, uint32_t ttl)
{
	if (!entry->has_ttl || ttl < entry->ttl)
		entry->ttl = ttl;
	entry->has_ttl = true;
}

static void
read_ttl(struct live_entry *entry, struct reader *reader, unsigned authority)
{
	for (unsigned i = 0; i < entry->answers; i++) {
		const struct head head = read_head(reader);

		if (reader->bad)
			return;
		keep_ttl(entry, head.ttl);
	}
	/* RFC 2308 section 3: there it tells how long there is nothing. */
	for (unsigned i = 0; entry->answers == 0 && i < authority; i++) {
		const struct head head = read_head(reader);

		if (!reader->bad && head.type == TYPE_SOA)
			keep_ttl(entry, head.ttl);
		if (reader->bad)
			return;
	}
}

static void
read_reply(struct live_entry *entry, const uint8_t *reply, size_t len)
{
	struct reader reader = reader_over(reply, len);
	struct question question;
	unsigned authority;

	reader_bytes(&reader, HEADER_SIZE - 3 * sizeof(uint16_t));
	entry->answers = reader_u16(&reader);
	authority = reader_u16(&reader);
	reader_u16(&reader);
	if (!request_question(&question, &reader))
		return;
	entry->has_question = true;
	entry->name = question.name;
	entry->type = question.type;
	read_ttl(entry, &reader, authority);
}

bool
live_entry_read(struct live_entry *entry, const struct qlog_record *record,
    const uint8_t *reply)
{
	*entry = (struct live_entry){
	    .at = record->at,
	    .latency = record->latency,
	    .client = record->client,
	    .server = record->server,
	    .transport = record->transport,
	    .origin = record->origin,
	    .rcode = record->rcode,
	    .ede = record->ede,
	};
	_Static_assert(sizeof(entry->why) == sizeof(record->why), "copied");
	memcpy(entry->network, record->network, sizeof(entry->network));
	memcpy(entry->target_name, record->target_name,
	    sizeof(entry->target_name));
	memcpy(entry->rule, record->rule, sizeof(entry->rule));
	memcpy(entry->why, record->why, sizeof(entry->why));
	if (record->has_question)
		read_reply(entry, reply, record->len);
	return !record->own;
}

/* JSON. */

const char *
live_entry_time(uint64_t at, char buf[LIVE_ENTRY_TIME])
{
	struct line line = line_in(buf, LIVE_ENTRY_TIME);

	line_time(&line, at, MICRO_DIGITS);
	line_octets(&line, "", 1); /* the terminator */
	return buf;
}

static void
write_filled(struct json_writer *writer, const char *key, const char *text)
{
	if (text[0] != '\0')
		json_writer_text(writer, key, text);
}

static void
write_question(const struct live_entry *entry, struct json_writer *writer)
{
	char name[NAME_TEXT];
	char type[RDATA_TYPE_TEXT];

	if (!entry->has_question)
		return;
	json_writer_text(writer, "name", name_to_text(entry->name.wire, name));
	json_writer_text(writer, "type", rdata_type_to_text(entry->type, type));
}

static void
write_client(const struct live_entry *entry, struct json_writer *writer)
{
	char addr[ADDR_TEXT];

	json_writer_text(writer, "client",
	    addr_format_host(&entry->client, addr));
	json_writer_text(writer, "transport",
	    entry->transport == TRANSPORT_TCP ? "tcp" : "udp");
	write_filled(writer, "network", entry->network);
}

static void
write_source(const struct live_entry *entry, struct json_writer *writer)
{
	char addr[ADDR_TEXT];

	json_writer_text(writer, "source", origin_text(entry->origin));
	write_filled(writer, "rule", entry->rule);
	write_filled(writer, "target", entry->target_name);
	if (entry->server.len == 0)
		return;
	json_writer_text(writer, "server", addr_format(&entry->server, addr));
}

void
live_entry_write(const struct live_entry *entry, struct json_writer *writer)
{
	char time[LIVE_ENTRY_TIME];
	char rcode[RESPONSE_RCODE_TEXT];

	json_writer_text(writer, "time", live_entry_time(entry->at, time));
	write_client(entry, writer);
	write_question(entry, writer);
	json_writer_text(writer, "rcode", response_rcode(entry->rcode, rcode));
	write_source(entry, writer);
	json_writer_number(writer, "answers", entry->answers);
	if (entry->has_ttl)
		json_writer_number(writer, "ttl", entry->ttl);
	json_writer_number(writer, "latency_us",
	    entry->latency / NS_MICROSECOND);
	if (entry->why[0] == '\0')
		return;
	json_writer_object(writer, "extended_error");
	json_writer_number(writer, "code", entry->ede);
	json_writer_text(writer, "text", entry->why);
	json_writer_end(writer);
}
