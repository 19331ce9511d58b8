#include "dns/request.h"

#include "dns/wire.h"

enum {
	OPTIONS_MAX = 16,
	OPTIONS_SIZE_MAX = 512,
};

/* Whether RFC 6891's options fill the record exactly and are few. */
static bool
options_sound(const uint8_t *options, size_t len)
{
	struct reader reader = reader_over(options, len);

	if (len > OPTIONS_SIZE_MAX)
		return false;
	for (unsigned n = 0; reader_left(&reader) > 0; n++) {
		if (n == OPTIONS_MAX)
			return false;
		reader_u16(&reader);
		reader_bytes(&reader, reader_u16(&reader));
	}
	return !reader.bad;
}

/* Reads an OPT record from behind its type on (RFC 6891 section 6.1.2). */
static bool
edns_read(struct edns *edns, struct reader *reader)
{
	const uint16_t udp_size = reader_u16(reader);
	const uint32_t extended = reader_u32(reader);
	const uint16_t len = reader_u16(reader);
	const uint8_t *options = reader_bytes(reader, len);

	if (options == NULL)
		return false;
	edns->present = true;
	edns->dnssec_ok = (extended & EDNS_DO) != 0;
	edns->version = (uint8_t)(extended >> 16);
	edns->udp_size =
	    udp_size < UDP_SIZE_CLASSIC ? UDP_SIZE_CLASSIC : udp_size;
	/* What they look like in another version nobody knows yet. */
	return edns->version != 0 || options_sound(options, len);
}

/* Any record but OPT is of no interest, only its end is. */
static bool
additional_read(struct edns *edns, struct reader *reader)
{
	struct name owner;
	uint16_t type;

	if (!name_read(&owner, reader))
		return false;
	type = reader_u16(reader);
	if (type == TYPE_OPT) {
		return owner.len == 1 && !edns->present &&
		    edns_read(edns, reader);
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

/* Reads what follows the header's flags. */
static enum parse
body_read(struct request *request, struct reader *reader)
{
	const uint16_t questions = reader_u16(reader);
	const uint16_t answers = reader_u16(reader);
	const uint16_t authorities = reader_u16(reader);
	const uint16_t additionals = reader_u16(reader);

	if (questions != 1 || !request_question(&request->question, reader))
		return PARSE_FORMERR;
	request->has_question = true;
	/* An IXFR brings the SOA that the client has (RFC 1995 section 3). */
	if ((request->flags & FLAG_TC) != 0 || answers != 0 ||
	    authorities > (request->question.type == TYPE_IXFR ? 1 : 0) ||
	    reader->len > QUERY_MAX)
		return PARSE_FORMERR;
	for (unsigned i = 0; i < (unsigned)authorities + additionals; i++) {
		if (!additional_read(&request->edns, reader))
			return PARSE_FORMERR;
	}
	if (reader_left(reader) > 0)
		return PARSE_FORMERR;
	return request->edns.version != 0 ? PARSE_BADVERS : PARSE_OK;
}

enum parse
request_parse(struct request *request, const uint8_t *wire, size_t len)
{
	struct reader reader = reader_over(wire, len);

	if (len < HEADER_SIZE)
		return PARSE_DROP;
	request->id = reader_u16(&reader);
	request->flags = reader_u16(&reader);
	request->has_question = false;
	request->edns = (struct edns){.udp_size = UDP_SIZE_CLASSIC};
	if ((request->flags & FLAG_QR) != 0)
		return PARSE_DROP;
	if ((request->flags & FLAG_OPCODE) != OPCODE_QUERY)
		return PARSE_NOTIMP;
	return body_read(request, &reader);
}

size_t
request_build(const struct asking *asking, const struct question *question,
    uint8_t *wire, size_t cap)
{
	struct writer out = writer_over(wire, cap);

	writer_u16(&out, asking->id);
	writer_u16(&out, FLAG_RD | (asking->checking_disabled ? FLAG_CD : 0));
	writer_u16(&out, 1);
	writer_u32(&out, 0);
	writer_u16(&out, asking->udp_size == 0 ? 0 : 1);
	writer_bytes(&out, question->name.wire, question->name.len);
	writer_u16(&out, question->type);
	writer_u16(&out, question->class);
	if (asking->udp_size == 0)
		return out.bad ? 0 : out.at;
	writer_u8(&out, 0);
	writer_u16(&out, TYPE_OPT);
	writer_u16(&out, asking->udp_size);
	writer_u32(&out, asking->dnssec_ok ? EDNS_DO : 0);
	writer_u16(&out, 0);
	return out.bad ? 0 : out.at;
}
