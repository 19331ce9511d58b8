#include "ctl/query_answer.h"

#include <stdio.h>
#include <string.h>

#include "base/line.h"
#include "dns/message.h"
#include "dns/rdata.h"
#include "dns/wire.h"

enum {
	KNOWN_TYPES = 260, /* whose names are looked up once */
	IN6_GROUPS = 8,
	POINTER = 0xc000, /* RFC 1035 section 4.1.4 */
	FALLBACK = 1024,  /* text of a type that is not in shapes */
};

/*
 * The fields of a type's data, a letter each: '1', '2' and '4' a number of so
 * many octets, 'a' and '6' an address, 'n' a name, 's' a string, 'S' one or
 * more, 't' a tag, 'r' the rest as a string.
 */
static const struct {
	uint16_t type;
	const char *fields;
} shapes[] = {
    {TYPE_A, "a"},
    {TYPE_AAAA, "6"},
    {TYPE_CNAME, "n"},
    {TYPE_NS, "n"},
    {TYPE_PTR, "n"},
    {TYPE_MX, "2n"},
    {TYPE_TXT, "S"},
    {TYPE_SRV, "222n"},
    {TYPE_SOA, "nn44444"},
    {TYPE_CAA, "1tr"},
    {TYPE_DNAME, "n"},
    {TYPE_SPF, "S"},
    {TYPE_HINFO, "ss"},
    {TYPE_NAPTR, "22sssn"},
    {TYPE_MD, "n"},
    {TYPE_MF, "n"},
    {TYPE_MB, "n"},
    {TYPE_MG, "n"},
    {TYPE_MR, "n"},
    {TYPE_MINFO, "nn"},
    {TYPE_RP, "nn"},
    {TYPE_AFSDB, "2n"},
    {TYPE_RT, "2n"},
    {TYPE_PX, "2nn"},
    {TYPE_KX, "2n"},
};

enum { SHAPES = sizeof(shapes) / sizeof(shapes[0]) };

const char *
query_answer_type(uint16_t type)
{
	static char known[KNOWN_TYPES][RDATA_TYPE_TEXT];
	static char other[RDATA_TYPE_TEXT];

	if (type >= KNOWN_TYPES)
		return rdata_type_to_text(type, other);
	if (known[type][0] == '\0')
		rdata_type_to_text(type, known[type]);
	return known[type];
}

/* Where texts go; what is in it stays. */
static struct line
room_left(struct query_answer *answer)
{
	return line_in(answer->room + answer->used,
	    sizeof(answer->room) - answer->used);
}

/* Fields. */

static void
write_in4(struct line *line, struct reader *reader)
{
	const uint8_t *octets = reader_bytes(reader, 4);

	for (unsigned i = 0; octets != NULL && i < 4; i++) {
		if (i > 0)
			line_octets(line, ".", 1);
		line_number(line, octets[i]);
	}
}

/* In full, without "::": the fact sheet's claim 126. */
static void
write_in6(struct line *line, struct reader *reader)
{
	static const char letters[] = "0123456789abcdef";

	for (unsigned i = 0; i < IN6_GROUPS; i++) {
		const unsigned group = reader_u16(reader);
		unsigned shift = 12;

		if (i > 0)
			line_octets(line, ":", 1);
		while (shift > 0 && group >> shift == 0)
			shift -= 4;
		for (;; shift -= 4) {
			line_octets(line, &letters[group >> shift & 0xf], 1);
			if (shift == 0)
				break;
		}
	}
}

static void
write_name(struct line *line, struct reader *reader)
{
	char text[NAME_TEXT];
	struct name name;

	if (name_read(&name, reader))
		line_put(line, name_to_text(name.wire, text));
}

/* Octets in quotes (RFC 1035 section 5.1). */
static void
write_quoted(struct line *line, const uint8_t *octets, size_t len)
{
	line_octets(line, "\"", 1);
	for (size_t i = 0; i < len; i++) {
		const uint8_t octet = octets[i];

		if (octet == '"' || octet == '\\') {
			line_octets(line, "\\", 1);
		} else if (octet < ' ' || octet > '~') {
			line_octets(line, "\\", 1);
			line_digits(line, octet, 3);
			continue;
		}
		line_octets(line, &octets[i], 1);
	}
	line_octets(line, "\"", 1);
}

static void
write_string(struct line *line, struct reader *reader)
{
	const size_t len = reader_u8(reader);
	const uint8_t *octets = reader_bytes(reader, len);

	if (octets != NULL)
		write_quoted(line, octets, len);
}

static void
write_strings(struct line *line, struct reader *reader)
{
	write_string(line, reader);
	while (reader_left(reader) > 0) {
		line_octets(line, " ", 1);
		write_string(line, reader);
	}
}

/* RFC 8659 section 4.1: letters and digits; else the record is broken. */
static void
write_tag(struct line *line, struct reader *reader)
{
	const size_t len = reader_u8(reader);
	const uint8_t *tag = reader_bytes(reader, len);

	for (size_t i = 0; tag != NULL && i < len; i++) {
		if (tag[i] <= ' ' || tag[i] > '~') {
			reader->bad = true;
			return;
		}
	}
	if (tag != NULL)
		line_octets(line, tag, len);
}

static void
write_rest(struct line *line, struct reader *reader)
{
	const size_t len = reader_left(reader);
	const uint8_t *octets = reader_bytes(reader, len);

	if (octets != NULL)
		write_quoted(line, octets, len);
}

static void
write_field(struct line *line, char field, struct reader *reader)
{
	switch (field) {
	case '1':
		line_number(line, reader_u8(reader));
		return;
	case '2':
		line_number(line, reader_u16(reader));
		return;
	case '4':
		line_number(line, reader_u32(reader));
		return;
	case 'a':
		write_in4(line, reader);
		return;
	case '6':
		write_in6(line, reader);
		return;
	case 'n':
		write_name(line, reader);
		return;
	case 's':
		write_string(line, reader);
		return;
	case 'S':
		write_strings(line, reader);
		return;
	case 't':
		write_tag(line, reader);
		return;
	case 'r':
		write_rest(line, reader);
		return;
	}
}

static const char *
shape_of(uint16_t type)
{
	for (size_t i = 0; i < SHAPES; i++) {
		if (shapes[i].type == type)
			return shapes[i].fields;
	}
	return NULL;
}

/* Data of a type that has no shape: rare, and so may be slow. */
static void
write_other(struct line *line, uint16_t type, const uint8_t *data, uint16_t len)
{
	char text[FALLBACK];

	for (const char *at =
		 rdata_to_text(type, data, len, text, sizeof(text));
	     *at != '\0'; at++)
		line_octets(line, *at >= ' ' && *at <= '~' ? at : "?", 1);
}

/* The data's text at the end of the line; false when it is broken. */
static bool
write_data(struct line *line, uint16_t type, struct reader *reader, size_t end)
{
	const char *fields = shape_of(type);
	/* Names may be compressed: what comes before the data must be seen. */
	struct reader data = *reader;

	if (fields == NULL) {
		write_other(line, type, reader->wire + reader->at,
		    (uint16_t)(end - reader->at));
		return true;
	}
	data.len = end;
	for (const char *at = fields; *at != '\0' && !data.bad; at++) {
		if (at > fields)
			line_octets(line, " ", 1);
		write_field(line, *at, &data);
	}
	return !data.bad && data.at == end;
}

/* Records. */

/* What comes before a record's data, and where that ends. */
struct head {
	size_t owner_at;
	uint16_t type;
	uint32_t ttl;
	size_t end;
};

/* Steps over a name; most are nothing but a pointer. */
static void
skip_name(struct reader *reader)
{
	struct name name;

	if (reader_left(reader) > 0 &&
	    reader->wire[reader->at] >= POINTER >> 8) {
		reader_u16(reader);
	} else {
		name_read(&name, reader);
	}
}

static bool
head_read(struct head *head, struct reader *reader)
{
	uint16_t len;

	head->owner_at = reader->at;
	skip_name(reader);
	head->type = reader_u16(reader);
	reader_u16(reader);
	head->ttl = reader_u32(reader);
	len = reader_u16(reader);
	if (reader->bad || len > reader->len - reader->at)
		return false;
	head->end = reader->at + len;
	return true;
}

/* The offset that a name is nothing but a pointer to; 0: it is not. */
static unsigned
pointer_at(const struct reader *reader, size_t at)
{
	const unsigned value = (unsigned)reader->wire[at] << 8 |
	    (at + 1 < reader->len ? reader->wire[at + 1] : 0U);

	return value >= POINTER ? value : 0;
}

/*
 * The owner's text: the one before when it is the same octets.  False when it
 * is broken, or there is no room.
 */
static bool
write_owner(struct query_answer *answer, struct query_record *record,
    const struct reader *reader, size_t at, unsigned *pointer)
{
	const unsigned same = pointer_at(reader, at);
	struct reader owner = reader_over(reader->wire, reader->len);
	struct line line = room_left(answer);

	if (same != 0 && same == *pointer) {
		record->owner = record[-1].owner;
		record->owner_len = record[-1].owner_len;
		return true;
	}
	owner.at = at;
	write_name(&line, &owner);
	record->owner = line.text;
	record->owner_len = line.len;
	answer->used += line.len;
	*pointer = same;
	return !owner.bad && !line.full;
}

/* Takes one record in; false when it is broken, or there is no room. */
static bool
take_record(struct query_answer *answer, const struct reader *reader,
    const struct head *head, unsigned *pointer)
{
	struct query_record *record = &answer->record[answer->records];
	struct reader data = *reader;
	struct line line;

	if (answer->records == ANSWER_RECORDS)
		return false;
	record->type = head->type;
	record->ttl = head->ttl;
	if (!write_owner(answer, record, reader, head->owner_at, pointer))
		return false;
	line = room_left(answer);
	if (!write_data(&line, head->type, &data, head->end) || line.full)
		return false;
	record->value = line.text;
	record->value_len = line.len;
	answer->used += line.len;
	answer->records++;
	return true;
}

static int
compare_values(const struct query_record *a, const struct query_record *b)
{
	const size_t least =
	    a->value_len < b->value_len ? a->value_len : b->value_len;
	const int order = memcmp(a->value, b->value, least);

	if (order != 0)
		return order;
	return (a->value_len > b->value_len) - (a->value_len < b->value_len);
}

static bool
same_set(const struct query_record *a, const struct query_record *b)
{
	return a->type == b->type && a->owner_len == b->owner_len &&
	    memcmp(a->owner, b->owner, a->owner_len) == 0;
}

/* The order within a set is random on the wire and none in the log. */
static void
sort_records(struct query_answer *answer)
{
	for (unsigned i = 1; i < answer->records; i++) {
		const struct query_record record = answer->record[i];
		unsigned at = i;

		while (at > 0 && same_set(&answer->record[at - 1], &record) &&
		    compare_values(&answer->record[at - 1], &record) > 0) {
			answer->record[at] = answer->record[at - 1];
			at--;
		}
		answer->record[at] = record;
	}
}

/* The header and the question; the reader is then at the first record. */
static void
read_question(struct query_answer *answer, struct reader *reader)
{
	uint16_t questions;
	uint16_t flags;
	struct name name;

	reader_u16(reader);
	flags = reader_u16(reader);
	questions = reader_u16(reader);
	answer->truncated = (flags & FLAG_TC) != 0;
	answer->count = reader_u16(reader);
	reader_u32(reader);
	answer->has_question = false;
	answer->name[0] = '\0';
	answer->type = 0;
	if (questions == 0 || !name_read_plain(&name, reader))
		return;
	answer->type = reader_u16(reader);
	reader_u16(reader);
	answer->has_question = !reader->bad;
	name_to_text(name.wire, answer->name);
}

static void
note_ttl(struct query_answer *answer, uint32_t ttl)
{
	if (!answer->has_ttl || ttl < answer->ttl)
		answer->ttl = ttl;
	answer->has_ttl = true;
}

void
query_answer_read(struct query_answer *answer, const uint8_t *wire, size_t len,
    enum query_answer_depth depth)
{
	struct reader reader = reader_over(wire, len);
	unsigned pointer = 0;
	struct head head;

	answer->has_ttl = false;
	answer->records = 0;
	answer->used = 0;
	read_question(answer, &reader);
	for (unsigned i = 0;
	     i < answer->count && !reader.bad && head_read(&head, &reader);
	     i++) {
		note_ttl(answer, head.ttl);
		if (depth == QUERY_ANSWER_WHOLE &&
		    !take_record(answer, &reader, &head, &pointer))
			break;
		reader.at = head.end;
	}
	sort_records(answer);
}
