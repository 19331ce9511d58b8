#include "dns/answer.h"

#include <string.h>

#include "dns/name.h"
#include "dns/wire.h"

enum {
	POINTER = 0xc000,	/* RFC 1035 section 4.1.4 */
	POINTER_REACH = 0x3fff, /* the farthest offset one can name */
	POINTER_QUESTION = POINTER | HEADER_SIZE,
	NAMES_MAX = 64,
	COMPARES_MAX = 4096, /* of names in one message */
	FLAGS_AT = 2,
	COUNTS_AT = 6, /* of the answer section, authority, additional */
	SECTIONS = 3,
	RDLENGTH_SIZE = 2,
	EDE_CODE_SIZE = 2,
	OPTION_HEADER = 4,
};

/* A name, or the rest of one, that stands in the message. */
struct written {
	const uint8_t *wire; /* the same, whole, elsewhere */
	uint16_t at;
	uint8_t older; /* the one before of the same size, as in newest */
};

/* Where a name that was written before can be found, by its size. */
struct names {
	bool primed;
	unsigned count;
	unsigned compares;
	uint8_t newest[NAME_SIZE + 1]; /* index + 1, or 0 */
	struct written list[NAMES_MAX];
};

struct encoder {
	const struct answer *answer;
	const struct request *request;
	const struct encoding *encoding;
	uint16_t rcode; /* with the octet that goes into the OPT record */
	uint16_t counts[SECTIONS];
	struct writer out;
	struct names names;
};

void
answer_reset(struct answer *answer)
{
	answer->count = 0;
	answer->overflow = false;
	answer->rcode = RCODE_NOERROR;
	answer->authoritative = false;
	answer->authentic = false;
	answer->truncated = false;
	answer->ede = EDE_NONE;
	answer->ede_text = NULL;
}

struct answer_item *
answer_add(struct answer *answer, enum section section, const uint8_t *owner,
    const struct rrset *rrset)
{
	struct answer_item *item;

	if (answer->count == ANSWER_ITEMS) {
		answer->overflow = true;
		return NULL;
	}
	item = &answer->items[answer->count++];
	*item = (struct answer_item){
	    .owner = owner,
	    .rrset = rrset,
	    .ttl = rrset->ttl,
	    .section = (uint8_t)section,
	};
	return item;
}

/* Remembers a name of size octets that begins at an offset. */
static void
names_add(struct names *names, const uint8_t *wire, size_t size, size_t at)
{
	if (names->count == NAMES_MAX || at > POINTER_REACH)
		return;
	names->list[names->count++] = (struct written){
	    .wire = wire,
	    .at = (uint16_t)at,
	    .older = names->newest[size],
	};
	names->newest[size] = (uint8_t)names->count;
}

/*
 * The first name looked for brings the question's in: most answers own
 * nothing but that, and need no table.
 */
static void
names_prime(struct encoder *encoder)
{
	const struct name *name = &encoder->request->question.name;
	struct names *names = &encoder->names;

	names->primed = true;
	names->count = 0;
	names->compares = 0;
	memset(names->newest, 0, sizeof(names->newest));
	if (!encoder->request->has_question)
		return;
	for (size_t i = 0; name->wire[i] != 0;) {
		names_add(names, name->wire + i, name->len - i,
		    HEADER_SIZE + i);
		i += (size_t)name->wire[i] + 1;
	}
}

/*
 * The offset of an equal name, or 0.  A message made to be costly runs out of
 * compares and is sent with its other names whole.
 */
static uint16_t
names_find(struct names *names, const uint8_t *wire, size_t size)
{
	for (unsigned n = names->newest[size]; n != 0;
	     n = names->list[n - 1].older) {
		if (names->compares == COMPARES_MAX)
			return 0;
		names->compares++;
		if (name_equal(names->list[n - 1].wire, wire))
			return names->list[n - 1].at;
	}
	return 0;
}

/* Writes a name, from the longest part on that is known by a pointer. */
static void
name_put(struct encoder *encoder, const uint8_t *wire)
{
	struct writer *out = &encoder->out;
	size_t size = name_size(wire);

	if (!encoder->names.primed)
		names_prime(encoder);
	while (*wire != 0) {
		const size_t label = (size_t)*wire + 1;
		const uint16_t at = names_find(&encoder->names, wire, size);

		if (at != 0) {
			writer_u16(out, POINTER | at);
			return;
		}
		names_add(&encoder->names, wire, size, out->at);
		writer_bytes(out, wire, label);
		wire += label;
		size -= label;
	}
	writer_u8(out, 0);
}

static bool
is_question(const struct request *request, const uint8_t *owner)
{
	const uint8_t *asked = request->question.name.wire;

	return request->has_question && *owner != 0 &&
	    (owner == asked || name_equal(owner, asked));
}

/* What may stand for a name that was written at an offset; 0: nothing. */
static uint16_t
pointer_to(const struct writer *out, size_t at)
{
	const uint8_t *first = out->wire + at;

	if (out->bad || *first == 0)
		return 0;
	/* A pointer stands for itself, so that none leads to another. */
	if (*first >= POINTER >> 8)
		return (uint16_t)(first[0] << 8 | first[1]);
	return at > POINTER_REACH ? 0 : (uint16_t)(POINTER | at);
}

/*
 * Writes an owner, by a pointer if there is one already; returns the one for
 * the RRset's next record.
 */
static uint16_t
owner_put(struct encoder *encoder, const uint8_t *owner, uint16_t pointer)
{
	struct writer *out = &encoder->out;
	const size_t at = out->at;

	if (pointer != 0) {
		writer_u16(out, pointer);
		return pointer;
	}
	name_put(encoder, owner);
	return pointer_to(out, at);
}

/* Steps over n octets of rdata and writes them. */
static void
octets_copy(struct writer *out, struct reader *rdata, size_t n)
{
	const uint8_t *octets = reader_bytes(rdata, n);

	if (octets != NULL)
		writer_bytes(out, octets, n);
}

/* Writes what the step stands for. */
static void
step_put(struct encoder *encoder, struct reader *rdata, enum rdata_step step)
{
	struct writer *out = &encoder->out;
	const uint8_t *at = rdata->wire + rdata->at;

	switch (step) {
	case RDATA_NAME:
		name_put(encoder, at);
		reader_bytes(rdata, name_size(at));
		return;
	case RDATA_NAME_WHOLE:
		octets_copy(out, rdata, name_size(at));
		return;
	case RDATA_FIXED_2:
	case RDATA_FIXED_6:
	case RDATA_FIXED_18:
	case RDATA_FIXED_20:
		octets_copy(out, rdata, rdata_step_size(step));
		return;
	case RDATA_STRING:
		octets_copy(out, rdata, (size_t)*at + 1);
		return;
	case RDATA_END:
	case RDATA_REST:
		octets_copy(out, rdata, reader_left(rdata));
		return;
	}
}

/* Writes rdata with its names compressed, the length before it. */
static void
rdata_put(struct encoder *encoder, const enum rdata_step *steps,
    struct reader rdata)
{
	struct writer *out = &encoder->out;
	const size_t length_at = out->at;

	writer_u16(out, 0);
	while (reader_left(&rdata) > 0)
		step_put(encoder, &rdata, *steps++);
	writer_patch_u16(out, length_at,
	    (uint16_t)(out->at - length_at - RDLENGTH_SIZE));
}

/* Writes a record from its type on. */
static void
record_put(struct encoder *encoder, const struct answer_item *item,
    const enum rdata_step *steps, struct reader rdata)
{
	struct writer *out = &encoder->out;

	writer_u16(out, item->rrset->type);
	writer_u16(out, CLASS_IN);
	writer_u32(out, item->ttl);
	if (*steps != RDATA_REST) {
		rdata_put(encoder, steps, rdata);
		return;
	}
	writer_u16(out, (uint16_t)rdata.len);
	writer_bytes(out, rdata.wire, rdata.len);
}

/*
 * Writes the records of an RRset, the item's first one first.  Those of the
 * question's name point to it, so that the client's letter case is kept.
 */
static void
item_put(struct encoder *encoder, const struct answer_item *item)
{
	const struct rrset *rrset = item->rrset;
	const enum rdata_step *steps = rdata_steps(rrset->type);
	const unsigned first = item->first % rrset->count;
	uint16_t pointer =
	    is_question(encoder->request, item->owner) ? POINTER_QUESTION : 0;
	const uint8_t *at = NULL;
	uint16_t len = 0;

	for (unsigned i = 0; i < first; i++)
		at = rrset_next(rrset, at, &len);
	for (unsigned i = 0; i < rrset->count && !encoder->out.bad; i++) {
		at = rrset_next(rrset, at, &len);
		if (at == NULL)
			at = rrset_first(rrset, &len);
		pointer = owner_put(encoder, item->owner, pointer);
		record_put(encoder, item, steps, reader_over(at, len));
	}
}

static void
section_put(struct encoder *encoder, enum section section)
{
	const struct answer *answer = encoder->answer;
	size_t count = 0;

	for (unsigned i = 0; i < answer->count; i++) {
		if (answer->items[i].section != section)
			continue;
		item_put(encoder, &answer->items[i]);
		count += answer->items[i].rrset->count;
	}
	/* More than 65,535 records fit no message: the writer is bad then. */
	encoder->counts[section] = (uint16_t)count;
}

static void
header_put(struct encoder *encoder)
{
	const struct request *request = encoder->request;
	const struct answer *answer = encoder->answer;
	struct writer *out = &encoder->out;

	writer_u16(out, request->id);
	writer_u16(out,
	    (uint16_t)(FLAG_QR | FLAG_RA |
		(request->flags & (FLAG_OPCODE | FLAG_RD | FLAG_CD)) |
		(answer->authoritative ? FLAG_AA : 0) |
		(answer->authentic ? FLAG_AD : 0) |
		(answer->truncated ? FLAG_TC : 0) |
		(encoder->rcode & FLAG_RCODE)));
	writer_u16(out, request->has_question);
	writer_u16(out, 0);
	writer_u32(out, 0);
}

static void
question_put(struct encoder *encoder)
{
	const struct question *question = &encoder->request->question;
	struct writer *out = &encoder->out;

	if (!encoder->request->has_question)
		return;
	writer_bytes(out, question->name.wire, question->name.len);
	writer_u16(out, question->type);
	writer_u16(out, question->class);
}

/* Takes the records back: TC asks the client to come by TCP. */
static void
curtail(struct encoder *encoder, size_t body)
{
	const uint8_t *flags = encoder->out.wire + FLAGS_AT;
	unsigned word = (unsigned)flags[0] << 8 | flags[1];

	encoder->out.at = body;
	encoder->out.bad = false;
	memset(encoder->counts, 0, sizeof(encoder->counts));
	switch (encoder->encoding->transport) {
	case TRANSPORT_UDP:
		word |= FLAG_TC;
		break;
	case TRANSPORT_TCP:
		word &= ~(unsigned)(FLAG_AA | FLAG_AD | FLAG_RCODE);
		word |= RCODE_SERVFAIL;
		encoder->rcode = RCODE_SERVFAIL;
		break;
	}
	writer_patch_u16(&encoder->out, FLAGS_AT, (uint16_t)word);
}

/* Adds the Extended DNS Error; its text, or all of it, if it fits. */
static void
ede_put(struct encoder *encoder)
{
	const struct answer *answer = encoder->answer;
	struct writer *out = &encoder->out;
	const size_t left = out->cap - out->at;
	size_t text = answer->ede_text == NULL ? 0 : strlen(answer->ede_text);

	if (OPTION_HEADER + EDE_CODE_SIZE + text > left)
		text = 0;
	if (OPTION_HEADER + EDE_CODE_SIZE > left)
		return;
	writer_u16(out, OPTION_EDE);
	writer_u16(out, (uint16_t)(EDE_CODE_SIZE + text));
	writer_u16(out, (uint16_t)answer->ede);
	if (text > 0)
		writer_bytes(out, answer->ede_text, text);
}

/* Adds our OPT record, for which the room was kept (RFC 6891). */
static void
opt_put(struct encoder *encoder)
{
	const struct encoding *encoding = encoder->encoding;
	struct writer *out = &encoder->out;
	size_t length_at;

	writer_u8(out, 0);
	writer_u16(out, TYPE_OPT);
	writer_u16(out, encoding->udp_size);
	writer_u32(out,
	    (uint32_t)(encoder->rcode >> 4) << 24 |
		(encoding->dnssec_ok ? EDNS_DO : 0));
	length_at = out->at;
	writer_u16(out, 0);
	encoder->counts[SECTION_ADDITIONAL]++;
	if (!encoding->extended_errors || encoder->answer->ede == EDE_NONE ||
	    out->bad)
		return;
	ede_put(encoder);
	writer_patch_u16(out, length_at,
	    (uint16_t)(out->at - length_at - RDLENGTH_SIZE));
}

static void
encoder_init(struct encoder *encoder, const struct answer *answer,
    const struct request *request, const struct encoding *encoding)
{
	encoder->answer = answer;
	encoder->request = request;
	encoder->encoding = encoding;
	encoder->rcode = answer->rcode;
	/* Without an OPT record there is no place for the upper bits. */
	if (!request->edns.present && answer->rcode > FLAG_RCODE)
		encoder->rcode = RCODE_SERVFAIL;
	encoder->names.primed = false;
}

/* Writes all records and leaves some room, or writes none. */
static void
records_put(struct encoder *encoder, size_t reserved)
{
	const size_t body = encoder->out.at;

	encoder->out.cap -= reserved;
	section_put(encoder, SECTION_ANSWER);
	section_put(encoder, SECTION_AUTHORITY);
	section_put(encoder, SECTION_ADDITIONAL);
	encoder->out.cap += reserved;
	if (encoder->out.bad)
		curtail(encoder, body);
}

static void
counts_patch(struct encoder *encoder)
{
	size_t at = COUNTS_AT;

	for (size_t i = 0; i < SECTIONS; i++) {
		writer_patch_u16(&encoder->out, at, encoder->counts[i]);
		at += sizeof(encoder->counts[i]);
	}
}

size_t
answer_encode(const struct answer *answer, const struct request *request,
    const struct encoding *encoding, uint8_t *wire, size_t cap)
{
	const size_t reserved = request->edns.present ? OPT_SIZE : 0;
	struct encoder encoder;

	encoder_init(&encoder, answer, request, encoding);
	encoder.out =
	    writer_over(wire, cap < encoding->limit ? cap : encoding->limit);
	header_put(&encoder);
	question_put(&encoder);
	if (encoder.out.bad || encoder.out.cap - encoder.out.at < reserved)
		return 0;
	records_put(&encoder, reserved);
	if (reserved > 0)
		opt_put(&encoder);
	counts_patch(&encoder);
	return encoder.out.at;
}

enum {
	TAIL_SIZE = 4,	  /* type and class of a question */
	RECORD_SIZE = 10, /* from its type on, without rdata */
	POINTER_SIZE = 2,
};

static uint8_t *
plain_u16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
	return at + 2;
}

/* Header and question; returns where they end. */
static uint8_t *
plain_head(const struct request *request, unsigned answers, uint8_t *at)
{
	const struct question *question = &request->question;

	at = plain_u16(at, request->id);
	at = plain_u16(at,
	    FLAG_QR | FLAG_RA |
		(request->flags & (FLAG_OPCODE | FLAG_RD | FLAG_CD)));
	at = plain_u16(at, 1);
	at = plain_u16(at, answers);
	at = plain_u16(at, 0);
	at = plain_u16(at, request->edns.present);
	memcpy(at, question->name.wire, question->name.len);
	at = plain_u16(at + question->name.len, question->type);
	return plain_u16(at, question->class);
}

/* Record after record from `from` to `to`. */
static uint8_t *
plain_records(const struct answer_plain *plain, const uint8_t *from,
    const uint8_t *to, uint8_t *at)
{
	uint16_t len;

	for (; from < to; from += sizeof(len) + len) {
		memcpy(&len, from, sizeof(len));
		at = plain_u16(at, POINTER_QUESTION);
		at = plain_u16(at, plain->type);
		at = plain_u16(at, CLASS_IN);
		at = plain_u16(at, plain->ttl >> 16);
		at = plain_u16(at, plain->ttl & 0xffff);
		at = plain_u16(at, len);
		memcpy(at, from + sizeof(len), len);
		at += len;
	}
	return at;
}

/* Where the record that comes first begins. */
static const uint8_t *
plain_first(const struct answer_plain *plain)
{
	const uint8_t *at = plain->records;
	uint16_t len;

	for (unsigned i = 0; i < plain->first; i++) {
		memcpy(&len, at, sizeof(len));
		at += sizeof(len) + len;
	}
	return at;
}

size_t
answer_encode_plain(const struct answer_plain *plain,
    const struct request *request, uint16_t udp_size, uint8_t *wire, size_t cap)
{
	/* A pointer, and what comes before the length that is there. */
	const size_t records = plain->size +
	    (size_t)plain->count * (POINTER_SIZE + RECORD_SIZE - RDLENGTH_SIZE);
	const size_t len = HEADER_SIZE + request->question.name.len +
	    (size_t)TAIL_SIZE + records +
	    (request->edns.present ? (size_t)OPT_SIZE : 0);
	const uint8_t *first = plain_first(plain);
	uint8_t *at;

	if (len > cap)
		return 0;
	at = plain_head(request, plain->count, wire);
	at = plain_records(plain, first, plain->records + plain->size, at);
	at = plain_records(plain, plain->records, first, at);
	if (request->edns.present) {
		memset(at, 0, OPT_SIZE);
		plain_u16(plain_u16(at + 1, TYPE_OPT), udp_size);
	}
	return len;
}
