#include "dns/scan.h"

#include <string.h>

enum {
	COUNTS_AT = 6, /* of the answer section, authority, additional */
	SECTIONS = 3,
	RECORD_MIN = 11,      /* the root as owner, no rdata */
	TTL_MAX = 0x7fffffff, /* RFC 2181 section 8 */
};

bool
scan_question(struct scan *scan, const uint8_t *wire, size_t len)
{
	scan->reader = reader_over(wire, len);
	scan->reader.at = HEADER_SIZE;
	scan->count = 0;
	scan->dnames = 0;
	scan->looks = 0;
	scan->has_opt = false;
	scan->rcode_high = 0;
	return request_question(&scan->question, &scan->reader);
}

/* FNV-1a. */
uint32_t
scan_hash(const struct name *folded)
{
	uint32_t hash = UINT32_C(2166136261);

	for (size_t i = 0; i < folded->len; i++)
		hash = (hash ^ folded->wire[i]) * UINT32_C(16777619);
	return hash;
}

static void
octets_unpack(struct reader *rdata, size_t n, struct writer *out)
{
	const uint8_t *octets = reader_bytes(rdata, n);

	if (octets != NULL)
		writer_bytes(out, octets, n);
}

static void
string_unpack(struct reader *rdata, struct writer *out)
{
	const uint8_t len = reader_u8(rdata);

	writer_u8(out, len);
	octets_unpack(rdata, len, out);
}

static void
step_unpack(struct reader *rdata, enum rdata_step step, struct writer *out)
{
	struct name name;

	switch (step) {
	case RDATA_NAME:
	case RDATA_NAME_WHOLE:
		if (name_read(&name, rdata))
			writer_bytes(out, name.wire, name.len);
		return;
	case RDATA_FIXED_2:
	case RDATA_FIXED_6:
	case RDATA_FIXED_18:
	case RDATA_FIXED_20:
		octets_unpack(rdata, rdata_step_size(step), out);
		return;
	case RDATA_STRING:
		string_unpack(rdata, out);
		return;
	case RDATA_REST:
		octets_unpack(rdata, reader_left(rdata), out);
		return;
	case RDATA_END:
		return;
	}
}

/*
 * Writes the rdata at the cursor with its names whole to scan->spare, and
 * steps over it.  Returns its size; the reader is bad when it is unsound.
 */
static uint16_t
rdata_unpack(struct scan *scan, uint16_t type, uint16_t len)
{
	const enum rdata_step *step = rdata_steps(type);
	struct reader *reader = &scan->reader;
	struct reader rdata = *reader;
	struct writer out = writer_over(scan->spare, scan->spare_size);

	if (reader_bytes(reader, len) == NULL)
		return 0;
	/* A pointer leads to any earlier place; labels stay in the rdata. */
	rdata.len = reader->at;
	while (*step != RDATA_END && *step != RDATA_REST)
		step_unpack(&rdata, *step++, &out);
	step_unpack(&rdata, *step, &out);
	reader->hops = rdata.hops;
	reader->bad = rdata.bad || reader_left(&rdata) > 0 || out.bad ||
	    out.at > UINT16_MAX;
	return (uint16_t)out.at;
}

/* Steps over the rdata of any type but OPT. */
static void
rdata_check(struct scan *scan, const struct record *record, uint16_t class)
{
	const size_t exact = rdata_exact_size(record->type);

	if (*rdata_steps(record->type) == RDATA_REST) {
		reader_bytes(&scan->reader, record->len);
	} else {
		rdata_unpack(scan, record->type, record->len);
	}
	/* In other classes an A record looks different (RFC 1035 3.4). */
	if (class == CLASS_IN && exact != 0 && record->len != exact)
		scan->reader.bad = true;
}

/* An OPT record must be the only one and stand in its place (RFC 6891 6.1.1).
 */
static void
opt_read(struct scan *scan, const struct name *owner, const struct record *opt)
{
	const uint8_t *options = reader_bytes(&scan->reader, opt->len);

	if (options == NULL || scan->has_opt || owner->len != 1 ||
	    opt->section != SECTION_ADDITIONAL ||
	    !edns_read(&scan->options, options, opt->len))
		scan->reader.bad = true;
	scan->has_opt = true;
	scan->rcode_high = (uint8_t)(opt->ttl >> 24);
}

/* Puts a record aside for the second pass. */
static void
record_note(struct scan *scan, const struct record *record, struct name *owner)
{
	const uint8_t *rdata = scan->reader.wire + record->rdata;
	struct record *noted = &scan->records[scan->count++];

	name_fold(owner);
	*noted = *record;
	noted->hash = scan_hash(owner);
	if (noted->ttl > TTL_MAX)
		noted->ttl = 0;
	if (noted->type == TYPE_RRSIG)
		noted->covered = (uint16_t)(rdata[0] << 8 | rdata[1]);
	if (noted->type == TYPE_DNAME && noted->section == SECTION_ANSWER)
		scan->dnames++;
}

static void
record_read(struct scan *scan, enum section section)
{
	struct reader *reader = &scan->reader;
	struct record record = {.section = (uint8_t)section};
	const size_t start = reader->at;
	struct name owner;
	uint16_t class;

	name_read(&owner, reader);
	record.type = reader_u16(reader);
	class = reader_u16(reader);
	record.ttl = reader_u32(reader);
	record.len = reader_u16(reader);
	record.rdata = (uint16_t)reader->at;
	if (reader->bad)
		return;
	record.owner = (uint16_t)name_origin(reader, start);
	if (record.type == TYPE_OPT) {
		opt_read(scan, &owner, &record);
		return;
	}
	rdata_check(scan, &record, class);
	if (!reader->bad && class == scan->question.class &&
	    section != SECTION_ADDITIONAL)
		record_note(scan, &record, &owner);
}

/* The numbers of records by section, from the header; returns their sum. */
static size_t
counts_read(const struct scan *scan, size_t counts[SECTIONS])
{
	struct reader header = scan->reader;
	size_t sum = 0;

	header.at = COUNTS_AT;
	for (size_t i = 0; i < SECTIONS; i++) {
		counts[i] = reader_u16(&header);
		sum += counts[i];
	}
	return sum;
}

/* No more room than the octets that are there can need. */
static bool
room_make(struct scan *scan, size_t records, struct arena *arena)
{
	if (records > reader_left(&scan->reader) / RECORD_MIN)
		return false;
	/* No rdata holds more than two names. */
	scan->spare_size = scan->reader.len + 2 * (size_t)NAME_SIZE;
	scan->spare = arena_alloc(arena, scan->spare_size);
	scan->records = arena_alloc(arena, records * sizeof(*scan->records));
	return !arena->full;
}

bool
scan_records(struct scan *scan, size_t limit, struct arena *arena)
{
	struct reader *reader = &scan->reader;
	size_t counts[SECTIONS];
	const size_t records = counts_read(scan, counts);

	if (reader->len > MESSAGE_MAX || records > limit ||
	    !room_make(scan, records, arena))
		return false;
	for (size_t i = 0; i < SECTIONS; i++) {
		for (size_t n = 0; n < counts[i] && !reader->bad; n++)
			record_read(scan, (enum section)i);
	}
	return !reader->bad && reader_left(reader) == 0;
}

struct name
scan_name(struct scan *scan, uint16_t at)
{
	struct reader reader = scan->reader;
	struct name name;

	scan->looks++;
	reader.at = at;
	reader.hops = 0;
	name_read(&name, &reader);
	name_fold(&name);
	return name;
}

struct rdata
scan_rdata(struct scan *scan, const struct record *record, struct arena *arena)
{
	struct rdata rdata = {
	    .bytes = scan->reader.wire + record->rdata,
	    .len = record->len,
	};

	if (*rdata_steps(record->type) == RDATA_REST)
		return rdata;
	scan->reader.at = record->rdata;
	scan->reader.hops = 0;
	rdata.len = rdata_unpack(scan, record->type, record->len);
	rdata.bytes = arena_copy(arena, scan->spare, rdata.len);
	return rdata;
}
