#include "dns/request.h"

#include "dns/wire.h"

enum {
	EDNS_VERSION_SHIFT = 16,
	SECTIONS = 3,
	RDLENGTH_SIZE = 2,
	FLAGS_AT = 2,
	QUESTIONS_AT = 4,
	RECORDS_AT = 6,
};

/* What the header says of the sections. */
struct counts {
	uint16_t questions;
	uint16_t records[SECTIONS];
};

/* Reads an OPT record from behind its type on (RFC 6891 section 6.1.2). */
static bool
opt_read(struct edns *edns, struct reader *reader)
{
	const uint16_t udp_size = reader_u16(reader);
	const uint32_t extended = reader_u32(reader);
	const uint16_t len = reader_u16(reader);
	const uint8_t *options = reader_bytes(reader, len);
	struct edns_options found;

	if (options == NULL)
		return false;
	edns->present = true;
	edns->dnssec_ok = (extended & EDNS_DO) != 0;
	edns->version = (uint8_t)(extended >> EDNS_VERSION_SHIFT);
	edns->udp_size =
	    udp_size < UDP_SIZE_CLASSIC ? UDP_SIZE_CLASSIC : udp_size;
	/* What they look like in another version nobody knows yet. */
	return edns->version != 0 ||
	    (len <= EDNS_OPTIONS_SIZE && edns_read(&found, options, len));
}

/* Any record but an OPT in its place is of no interest, only its end is. */
static bool
record_read(struct edns *edns, enum section section, struct reader *reader)
{
	struct name owner;
	uint16_t type;

	if (!name_read(&owner, reader))
		return false;
	type = reader_u16(reader);
	if (type == TYPE_OPT) {
		return section == SECTION_ADDITIONAL && owner.len == 1 &&
		    !edns->present && opt_read(edns, reader);
	}
	reader_u16(reader);
	reader_u32(reader);
	reader_bytes(reader, reader_u16(reader));
	return !reader->bad;
}

bool
request_question(struct question *question, struct reader *reader)
{
	if (!name_read_plain(&question->name, reader))
		return false;
	question->type = reader_u16(reader);
	question->class = reader_u16(reader);
	return !reader->bad;
}

/* Reads the records of all sections, to the message's end. */
static bool
records_read(struct edns *edns, const struct counts *counts,
    struct reader *reader)
{
	for (size_t i = 0; i < SECTIONS; i++) {
		for (unsigned n = 0; n < counts->records[i]; n++) {
			if (!record_read(edns, (enum section)i, reader))
				return false;
		}
	}
	return !reader->bad && reader_left(reader) == 0;
}

/*
 * Reads the OPT record of a message that is refused as a whole: whoever sends
 * one gets one (RFC 6891 section 6.1.1).  All opcodes share the format of
 * sections, a DSO message has none (RFC 8490 section 5.4).
 */
static void
edns_seek(struct edns *edns, const struct counts *counts, struct reader *reader)
{
	struct question skipped;
	bool sound = reader->len <= QUERY_MAX;

	for (unsigned n = 0; sound && n < counts->questions; n++)
		sound = request_question(&skipped, reader);
	if (!sound || !records_read(edns, counts, reader))
		*edns = (struct edns){.udp_size = UDP_SIZE_CLASSIC};
}

/* Whether a query may have sections of these sizes. */
static bool
counts_sound(const struct counts *counts, const struct question *question)
{
	/* An IXFR brings the SOA that the client has (RFC 1995 section 3). */
	const unsigned most = question->type == TYPE_IXFR ? 1 : 0;

	return counts->records[SECTION_ANSWER] == 0 &&
	    counts->records[SECTION_AUTHORITY] <= most;
}

/* Reads what follows the header's counts. */
static enum parse
body_read(struct request *request, const struct counts *counts,
    struct reader *reader)
{
	bool sound;

	if (counts->questions != 1) {
		edns_seek(&request->edns, counts, reader);
		return PARSE_FORMERR;
	}
	if (!request_question(&request->question, reader))
		return PARSE_FORMERR;
	request->has_question = true;
	sound = reader->len <= QUERY_MAX &&
	    records_read(&request->edns, counts, reader);
	if (!sound || (request->flags & FLAG_TC) != 0 ||
	    !counts_sound(counts, &request->question))
		return PARSE_FORMERR;
	return request->edns.version != 0 ? PARSE_BADVERS : PARSE_OK;
}

/* A number of the header. */
static uint16_t
header_u16(const uint8_t *wire, size_t at)
{
	return (uint16_t)(wire[at] << 8 | wire[at + 1]);
}

enum parse
request_parse(struct request *request, const uint8_t *wire, size_t len)
{
	struct reader reader = reader_over(wire, len);
	struct counts counts;

	if (len < HEADER_SIZE)
		return PARSE_DROP;
	reader.at = HEADER_SIZE;
	request->id = header_u16(wire, 0);
	request->flags = header_u16(wire, FLAGS_AT);
	request->has_question = false;
	request->edns = (struct edns){.udp_size = UDP_SIZE_CLASSIC};
	if ((request->flags & FLAG_QR) != 0)
		return PARSE_DROP;
	counts.questions = header_u16(wire, QUESTIONS_AT);
	for (size_t i = 0; i < SECTIONS; i++)
		counts.records[i] = header_u16(wire, RECORDS_AT + 2 * i);
	if ((request->flags & FLAG_OPCODE) == OPCODE_QUERY)
		return body_read(request, &counts, &reader);
	edns_seek(&request->edns, &counts, &reader);
	return PARSE_NOTIMP;
}

/* Writes our OPT record, the last of the message. */
static void
opt_put(struct writer *out, const struct asking *asking)
{
	size_t length_at;

	writer_u8(out, 0);
	writer_u16(out, TYPE_OPT);
	writer_u16(out, asking->udp_size);
	writer_u32(out, asking->dnssec_ok ? EDNS_DO : 0);
	length_at = out->at;
	writer_u16(out, 0);
	if (asking->cookie != NULL)
		edns_cookie_put(out, asking->cookie);
	if (asking->block != 0)
		edns_padding_put(out, asking->block);
	writer_patch_u16(out, length_at,
	    (uint16_t)(out->at - length_at - RDLENGTH_SIZE));
}

size_t
request_build(const struct asking *asking, const struct question *question,
    uint8_t *wire, size_t cap)
{
	struct writer out = writer_over(wire, cap);

	writer_u16(&out, asking->id);
	writer_u16(&out,
	    FLAG_RD | (asking->checking_disabled ? FLAG_CD : 0) |
		(asking->wants_authentic ? FLAG_AD : 0));
	writer_u16(&out, 1);
	writer_u32(&out, 0);
	writer_u16(&out, asking->udp_size == 0 ? 0 : 1);
	writer_bytes(&out, question->name.wire, question->name.len);
	writer_u16(&out, question->type);
	writer_u16(&out, question->class);
	if (asking->udp_size != 0)
		opt_put(&out, asking);
	return out.bad ? 0 : out.at;
}
