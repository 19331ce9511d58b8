#include "ctl/response.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/json_writer.h"
#include "dns/edns.h"
#include "dns/name.h"
#include "dns/rdata.h"
#include "dns/scan.h"
#include "dns/wire.h"

enum {
	RECORDS_MAX = 4096,
	DATA_ROOM = 256, /* text of a record, beside \DDD for each octet */
	COLUMN = 24,	 /* where dig has the TTL */
	TAB = 8,
	SECTIONS = 3,
};

/* One reading of a message. */
struct reading {
	struct response *response;
	struct arena *arena;
	struct response_record *records;
};

static const char *const rcodes[] = {"NOERROR", "FORMERR", "SERVFAIL",
    "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET",
    "NOTAUTH", "NOTZONE", "DSOTYPENI", NULL, NULL, NULL, NULL, "BADVERS"};

const char *
response_rcode(unsigned rcode, char buf[RESPONSE_RCODE_TEXT])
{
	if (rcode < sizeof(rcodes) / sizeof(rcodes[0]) && rcodes[rcode] != NULL)
		return rcodes[rcode];
	snprintf(buf, RESPONSE_RCODE_TEXT, "RCODE%u", rcode);
	return buf;
}

static const char *
keep_type(struct reading *reading, uint16_t type)
{
	char text[RDATA_TYPE_TEXT];

	return arena_strdup(reading->arena, rdata_type_to_text(type, text));
}

/* An Extended DNS Error among the options of the OPT record's data. */
static void
read_options(struct reading *reading, const uint8_t *options, size_t len)
{
	const struct edns_error *error;
	struct edns_options found;

	if (!edns_read(&found, options, len) || !found.has_error)
		return;
	error = edns_error_keep(&found, reading->arena);
	if (error == NULL)
		return;
	reading->response->ede = error->code;
	reading->response->ede_text = error->text;
}

/* Steps over a record, and looks into it when it is the OPT record. */
static void
read_past(struct reading *reading, struct reader *reader)
{
	struct response *response = reading->response;
	struct name owner;
	uint16_t class;
	uint32_t ttl;
	uint16_t type;
	uint16_t len;
	const uint8_t *data;

	name_read(&owner, reader);
	type = reader_u16(reader);
	class = reader_u16(reader);
	ttl = reader_u32(reader);
	len = reader_u16(reader);
	data = reader_bytes(reader, len);
	if (data == NULL || type != TYPE_OPT)
		return;
	response->edns = true;
	response->udp_size = class;
	response->rcode |= (uint16_t)(ttl >> 24 << 4);
	read_options(reading, data, len);
}

static bool
read_opt(struct reading *reading, const uint8_t *wire, size_t len)
{
	const uint16_t *counts = reading->response->counts;
	const unsigned records = (unsigned)counts[1] + counts[2] + counts[3];
	struct reader reader = reader_over(wire, len);
	struct question question;

	reader.at = HEADER_SIZE;
	request_question(&question, &reader);
	for (unsigned i = 0; i < records && !reader.bad; i++)
		read_past(reading, &reader);
	return !reader.bad;
}

/* The owner in the letter case that it has in the message. */
static const char *
read_owner(struct reading *reading, const struct scan *scan, uint16_t at)
{
	struct reader reader = reader_over(scan->reader.wire, scan->reader.len);
	struct name name;
	char text[NAME_TEXT];

	reader.at = at;
	if (!name_read(&name, &reader))
		return NULL;
	return arena_strdup(reading->arena, name_to_text(name.wire, text));
}

static bool
read_record(struct reading *reading, struct scan *scan,
    const struct record *from)
{
	struct response *response = reading->response;
	const struct rdata rdata = scan_rdata(scan, from, reading->arena);
	const size_t room = 4 * (size_t)rdata.len + DATA_ROOM;
	char *data = arena_alloc(reading->arena, room);

	if (rdata.bytes == NULL || data == NULL)
		return false;
	reading->records[response->count++] = (struct response_record){
	    .section = (enum section)from->section,
	    .owner = read_owner(reading, scan, from->owner),
	    .ttl = from->ttl,
	    .type = keep_type(reading, from->type),
	    .data =
		rdata_to_text(from->type, rdata.bytes, rdata.len, data, room),
	};
	return !reading->arena->full;
}

static bool
same_set(const struct response_record *a, const struct response_record *b)
{
	return a->section == b->section && strcmp(a->type, b->type) == 0 &&
	    strcasecmp(a->owner, b->owner) == 0;
}

/* The records of a set have no order: give them one, so that texts compare. */
static void
sort_records(struct response_record *records, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		const struct response_record record = records[i];
		size_t at = i;

		while (at > 0 && same_set(&records[at - 1], &record) &&
		    strcmp(records[at - 1].data, record.data) > 0) {
			records[at] = records[at - 1];
			at--;
		}
		records[at] = record;
	}
}

static bool
read_records(struct reading *reading, struct scan *scan)
{
	if (!scan_records(scan, RECORDS_MAX, reading->arena))
		return false;
	reading->records = arena_calloc(reading->arena, scan->count + 1,
	    sizeof(*reading->records));
	reading->response->records = reading->records;
	for (size_t i = 0; i < scan->count; i++) {
		if (reading->records == NULL ||
		    !read_record(reading, scan, &scan->records[i]))
			return false;
	}
	sort_records(reading->records, reading->response->count);
	return true;
}

static void
read_header(struct response *response, const uint8_t *wire, size_t len)
{
	struct reader reader = reader_over(wire, len);

	reader_u16(&reader);
	response->flags = reader_u16(&reader);
	response->rcode = response->flags & FLAG_RCODE;
	for (unsigned i = 0; i < 4; i++)
		response->counts[i] = reader_u16(&reader);
}

bool
response_read(struct response *response, const uint8_t *wire, size_t len,
    struct arena *arena)
{
	struct reading reading = {.response = response, .arena = arena};
	char text[NAME_TEXT];
	struct scan scan;

	*response = (struct response){.ede = EDE_NONE};
	if (len < HEADER_SIZE || !scan_question(&scan, wire, len))
		return false;
	read_header(response, wire, len);
	response->name =
	    arena_strdup(arena, name_to_text(scan.question.name.wire, text));
	response->type = keep_type(&reading, scan.question.type);
	return read_opt(&reading, wire, len) && read_records(&reading, &scan);
}

static const struct {
	uint16_t bit;
	const char *name;
} flags[] = {
    {FLAG_QR, "qr"},
    {FLAG_AA, "aa"},
    {FLAG_TC, "tc"},
    {FLAG_RD, "rd"},
    {FLAG_RA, "ra"},
    {FLAG_AD, "ad"},
    {FLAG_CD, "cd"},
};

enum { FLAGS = sizeof(flags) / sizeof(flags[0]) };

void
response_print_flags(const struct response *response, FILE *out)
{
	for (size_t i = 0; i < FLAGS; i++) {
		if ((response->flags & flags[i].bit) != 0)
			fprintf(out, " %s", flags[i].name);
	}
}

static void
print_header(const struct response *response, FILE *out)
{
	char rcode[RESPONSE_RCODE_TEXT];

	fprintf(out, ";; ->>HEADER<<- opcode: QUERY, status: %s\n;; flags:",
	    response_rcode(response->rcode, rcode));
	response_print_flags(response, out);
	fprintf(out, "; QUERY: %u, ANSWER: %u, AUTHORITY: %u, ADDITIONAL: %u\n",
	    response->counts[0], response->counts[1], response->counts[2],
	    response->counts[3]);
}

/* What dig says of it. */
static const char *
ede_name(int code)
{
	const char *const name = edns_error_name((uint16_t)code);

	return name == NULL ? "Unknown" : name;
}

static void
print_edns(const struct response *response, FILE *out)
{
	if (!response->edns)
		return;
	fprintf(out,
	    "\n;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; "
	    "udp: %u\n",
	    response->udp_size);
	if (response->ede != EDE_NONE) {
		fprintf(out, "; EDE: %d (%s): (%s)\n", response->ede,
		    ede_name(response->ede), response->ede_text);
	}
}

/* A name, and tabs up to the column where dig has the TTL. */
static void
print_owner(const char *owner, FILE *out)
{
	const size_t len = strlen(owner);

	fprintf(out, "%s\t", owner);
	for (size_t at = (len / TAB + 1) * TAB; at < COLUMN; at += TAB)
		putc('\t', out);
}

static void
print_section(const struct response *response, enum section section, FILE *out)
{
	static const char *const titles[SECTIONS] = {
	    [SECTION_ANSWER] = "ANSWER",
	    [SECTION_AUTHORITY] = "AUTHORITY",
	    [SECTION_ADDITIONAL] = "ADDITIONAL",
	};
	bool begun = false;

	for (size_t i = 0; i < response->count; i++) {
		const struct response_record *record = &response->records[i];

		if (record->section != section)
			continue;
		if (!begun)
			fprintf(out, "\n;; %s SECTION:\n", titles[section]);
		begun = true;
		print_owner(record->owner, out);
		fprintf(out, "%" PRIu32 "\tIN\t%s\t%s\n", record->ttl,
		    record->type, record->data);
	}
}

void
response_print(const struct response *response, FILE *out)
{
	print_header(response, out);
	print_edns(response, out);
	fprintf(out, "\n;; QUESTION SECTION:\n;%s\t\tIN\t%s\n", response->name,
	    response->type);
	print_section(response, SECTION_ANSWER, out);
	print_section(response, SECTION_AUTHORITY, out);
}

static void
write_section(const struct response *response, enum section section,
    const char *key, struct json_writer *writer)
{
	json_writer_array(writer, key);
	for (size_t i = 0; i < response->count; i++) {
		const struct response_record *record = &response->records[i];

		if (record->section != section)
			continue;
		json_writer_object(writer, NULL);
		json_writer_text(writer, "name", record->owner);
		json_writer_number(writer, "ttl", record->ttl);
		json_writer_text(writer, "type", record->type);
		json_writer_text(writer, "data", record->data);
		json_writer_end(writer);
	}
	json_writer_end(writer);
}

static void
write_ede(const struct response *response, struct json_writer *writer)
{
	if (response->ede == EDE_NONE)
		return;
	json_writer_object(writer, "extended_error");
	json_writer_number(writer, "code", (uint64_t)response->ede);
	json_writer_text(writer, "text", response->ede_text);
	json_writer_end(writer);
}

void
response_write(const struct response *response, const char *key,
    struct json_writer *writer)
{
	char rcode[RESPONSE_RCODE_TEXT];

	json_writer_object(writer, key);
	json_writer_text(writer, "status",
	    response_rcode(response->rcode, rcode));
	json_writer_array(writer, "flags");
	for (size_t i = 0; i < FLAGS; i++) {
		if ((response->flags & flags[i].bit) != 0)
			json_writer_text(writer, NULL, flags[i].name);
	}
	json_writer_end(writer);
	write_ede(response, writer);
	write_section(response, SECTION_ANSWER, "answer", writer);
	write_section(response, SECTION_AUTHORITY, "authority", writer);
	json_writer_end(writer);
}

static bool
same_record(const struct response_record *a, const struct response_record *b)
{
	return same_set(a, b) && strcmp(a->data, b->data) == 0;
}

/* Whether each answer of a is among b's. */
static bool
answers_within(const struct response *a, const struct response *b)
{
	for (size_t i = 0; i < a->count; i++) {
		const struct response_record *record = &a->records[i];
		size_t k = 0;

		if (record->section != SECTION_ANSWER)
			continue;
		while (k < b->count && !same_record(record, &b->records[k]))
			k++;
		if (k == b->count)
			return false;
	}
	return true;
}

bool
response_same(const struct response *a, const struct response *b)
{
	return a->rcode == b->rcode && answers_within(a, b) &&
	    answers_within(b, a);
}
