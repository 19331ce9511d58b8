#include "dns/reply.h"

#include <string.h>

#include "dns/name.h"
#include "dns/scan.h"
#include "dns/wire.h"

enum { SOA_MINIMUM_SIZE = 4 /* the last field */ };

/* A name that owns records: whole, folded, in the arena. */
struct owner {
	const uint8_t *wire;
	uint32_t hash;
	uint16_t at; /* a place of the message where it stands */
};

/* The second pass: what belongs to the question goes into the reply. */
struct parser {
	struct scan scan;
	bool dnssec_ok;
	struct arena *arena;
	struct rdata *rdata; /* room for the records of one RRset */
	struct reply_item *items;
	struct owner owner; /* the end of the chain so far */
	struct reply reply;
};

/* Reads id and flags; false when this is no response to what was sent. */
static bool
is_response(struct reader *reader, const struct reader *sent, uint16_t *flags)
{
	struct reader asked = *sent;
	const uint16_t id = reader_u16(reader);

	*flags = reader_u16(reader);
	return reader->len >= HEADER_SIZE && id == reader_u16(&asked) &&
	    (*flags & FLAG_QR) != 0 && (*flags & FLAG_OPCODE) == OPCODE_QUERY;
}

static bool
question_equal(const struct question *a, const struct question *b)
{
	return a->type == b->type && a->class == b->class &&
	    name_equal(a->name.wire, b->name.wire);
}

enum match
reply_matches(const uint8_t *wire, size_t len, const uint8_t *sent,
    size_t sent_len)
{
	struct reader reader = reader_over(wire, len);
	struct reader asked = reader_over(sent, sent_len);
	struct question got;
	struct question want;
	uint16_t flags;

	if (!is_response(&reader, &asked, &flags) || reader_u16(&reader) != 1)
		return MATCH_NO;
	reader.at = HEADER_SIZE;
	asked.at = HEADER_SIZE;
	if (!request_question(&got, &reader) ||
	    !request_question(&want, &asked) || !question_equal(&got, &want))
		return MATCH_NO;
	return memcmp(got.name.wire, want.name.wire, want.name.len) == 0
	    ? MATCH
	    : MATCH_BUT_CASE;
}

bool
reply_rejects(const uint8_t *wire, size_t len, const uint8_t *sent,
    size_t sent_len)
{
	struct reader reader = reader_over(wire, len);
	const struct reader asked = reader_over(sent, sent_len);
	unsigned rcode;
	uint16_t flags;

	if (!is_response(&reader, &asked, &flags) || reader_u16(&reader) != 0)
		return false;
	rcode = flags & FLAG_RCODE;
	return rcode == RCODE_FORMERR || rcode == RCODE_NOTIMP;
}

static bool
owned_by(struct parser *parser, const struct record *record,
    const struct owner *owner)
{
	struct name name;

	if (record->hash != owner->hash || parser->scan.looks > REPLY_LOOKS)
		return false;
	if (record->owner == owner->at)
		return true;
	name = scan_name(&parser->scan, record->owner);
	return name_equal(name.wire, owner->wire);
}

/*
 * Keeps a folded name that stands at an offset in the arena; its wire is NULL
 * when that is full.
 */
static struct owner
owner_keep(struct parser *parser, const struct name *name, size_t at)
{
	return (struct owner){
	    .wire = arena_copy(parser->arena, name->wire, name->len),
	    .hash = scan_hash(name),
	    .at = (uint16_t)name_origin(&parser->scan.reader, at),
	};
}

/* Of these a name has one (RFC 2181 section 10.1, RFC 6672 section 2.4). */
static bool
is_single(uint16_t type)
{
	return type == TYPE_CNAME || type == TYPE_DNAME || type == TYPE_SOA;
}

/* RFC 2308 section 3: the lesser of a SOA's TTL and its minimum field. */
static uint32_t
negative_ttl(const struct rdata *soa, uint32_t ttl)
{
	struct reader reader = reader_over(soa->bytes, soa->len);
	uint32_t minimum;

	reader_bytes(&reader, soa->len - (size_t)SOA_MINIMUM_SIZE);
	minimum = reader_u32(&reader);
	return minimum < ttl ? minimum : ttl;
}

/* Takes the record at first and all others of its RRset. */
static const struct rrset *
rrset_gather(struct parser *parser, size_t first, const struct owner *owner)
{
	const struct record *like = &parser->scan.records[first];
	uint32_t ttl = like->ttl;
	size_t count = 0;

	for (size_t i = first; i < parser->scan.count; i++) {
		struct record *record = &parser->scan.records[i];

		if (record->taken || record->type != like->type ||
		    record->covered != like->covered ||
		    record->section != like->section ||
		    !owned_by(parser, record, owner))
			continue;
		record->taken = true;
		if (record->ttl < ttl)
			ttl = record->ttl;
		parser->rdata[count++] =
		    scan_rdata(&parser->scan, record, parser->arena);
	}
	if (count == 0 || parser->arena->full)
		return NULL;
	count =
	    is_single(like->type) ? 1 : rrset_distinct(parser->rdata, count);
	if (like->type == TYPE_SOA && like->section == SECTION_AUTHORITY)
		ttl = negative_ttl(&parser->rdata[0], ttl);
	return rrset_pack(parser->arena, like->type, ttl, parser->rdata, count);
}

/* Adds the RRset of the record at first to the items; NULL: no room. */
static const struct rrset *
item_add(struct parser *parser, size_t first, const struct owner *owner)
{
	struct reply *reply = &parser->reply;
	const struct rrset *rrset;

	if (reply->count == REPLY_ITEMS)
		return NULL;
	rrset = rrset_gather(parser, first, owner);
	if (rrset == NULL)
		return NULL;
	parser->items[reply->count++] = (struct reply_item){
	    .owner = owner->wire,
	    .rrset = rrset,
	    .section = (enum section)parser->scan.records[first].section,
	};
	if (rrset->ttl < reply->ttl)
		reply->ttl = rrset->ttl;
	return rrset;
}

/* The first record that signs the RRset of another, or the count. */
static size_t
signature_find(struct parser *parser, const struct record *signed_one,
    const struct owner *owner)
{
	for (size_t i = 0; i < parser->scan.count; i++) {
		const struct record *record = &parser->scan.records[i];

		if (!record->taken && record->type == TYPE_RRSIG &&
		    record->covered == signed_one->type &&
		    record->section == signed_one->section &&
		    owned_by(parser, record, owner))
			return i;
	}
	return parser->scan.count;
}

/* item_add, and who asked for DNSSEC gets the signatures too. */
static const struct rrset *
rrset_keep(struct parser *parser, size_t first, const struct owner *owner)
{
	const struct rrset *rrset = item_add(parser, first, owner);
	size_t signature;

	if (rrset == NULL || !parser->dnssec_ok)
		return rrset;
	signature = signature_find(parser, &parser->scan.records[first], owner);
	if (signature < parser->scan.count &&
	    item_add(parser, signature, owner) == NULL)
		return NULL;
	return rrset;
}

static bool
is_asked(const struct parser *parser, const struct record *record)
{
	return record->type == parser->scan.question.type ||
	    parser->scan.question.type == TYPE_ANY;
}

/*
 * The CNAME that leads on from the chain's end, or the count when the
 * chain ends here: where the type asked for is, a CNAME says nothing.
 */
static size_t
link_find(struct parser *parser)
{
	size_t link = parser->scan.count;

	for (size_t i = 0; i < parser->scan.count; i++) {
		const struct record *record = &parser->scan.records[i];

		if (record->section != SECTION_ANSWER ||
		    (record->type != TYPE_CNAME && !is_asked(parser, record)) ||
		    !owned_by(parser, record, &parser->owner))
			continue;
		if (is_asked(parser, record))
			return parser->scan.count;
		if (link == parser->scan.count)
			link = i;
	}
	return link;
}

/* Whether a DNAME's substitution turns name into target (RFC 6672 2.2). */
static bool
dname_makes(struct parser *parser, const struct record *dname,
    const uint8_t *name, const struct name *target)
{
	const struct name above = scan_name(&parser->scan, dname->owner);
	const struct name below = scan_name(&parser->scan, dname->rdata);
	const size_t kept = name_size(name) - above.len;
	uint8_t made[NAME_SIZE];

	if (name_labels(name) <= above.labels ||
	    !name_under(name, above.wire) || kept + below.len > NAME_SIZE)
		return false;
	memcpy(made, name, kept);
	memcpy(made + kept, below.wire, below.len);
	return name_equal(made, target->wire);
}

/* Keeps the DNAME that a CNAME of the chain was made from, if any was. */
static bool
dname_keep(struct parser *parser, const struct record *cname)
{
	const struct name target = scan_name(&parser->scan, cname->rdata);

	for (size_t i = 0; i < parser->scan.count; i++) {
		const struct record *dname = &parser->scan.records[i];
		struct name name;
		struct owner owner;

		if (dname->type != TYPE_DNAME || dname->taken ||
		    dname->section != SECTION_ANSWER ||
		    !dname_makes(parser, dname, parser->owner.wire, &target))
			continue;
		name = scan_name(&parser->scan, dname->owner);
		owner = owner_keep(parser, &name, dname->owner);
		return owner.wire != NULL &&
		    rrset_keep(parser, i, &owner) != NULL;
	}
	return true;
}

/* Goes one link on; false when there is no room. */
static bool
link_keep(struct parser *parser, size_t link)
{
	const struct record *cname = &parser->scan.records[link];
	struct name target;

	if (!dname_keep(parser, cname) ||
	    rrset_keep(parser, link, &parser->owner) == NULL)
		return false;
	target = scan_name(&parser->scan, cname->rdata);
	parser->owner = owner_keep(parser, &target, cname->rdata);
	return parser->owner.wire != NULL;
}

static bool
chain_keep(struct parser *parser)
{
	for (unsigned links = 0;; links++) {
		const size_t link = link_find(parser);

		if (link == parser->scan.count)
			return true;
		/* A loop comes by a CNAME that it took before. */
		if (links == REPLY_CHAIN || parser->scan.records[link].taken) {
			parser->reply.endless = true;
			parser->reply.count = 0;
			return true;
		}
		if (!link_keep(parser, link))
			return false;
	}
}

/* Keeps what was asked for at the chain's end. */
static bool
answer_keep(struct parser *parser)
{
	for (size_t i = 0; i < parser->scan.count; i++) {
		const struct record *record = &parser->scan.records[i];

		if (record->taken || record->section != SECTION_ANSWER ||
		    !is_asked(parser, record) ||
		    !owned_by(parser, record, &parser->owner))
			continue;
		if (rrset_keep(parser, i, &parser->owner) == NULL)
			return false;
		parser->reply.answered = true;
	}
	return true;
}

static bool
soa_take(struct parser *parser, size_t first, const struct name *apex)
{
	const struct owner owner =
	    owner_keep(parser, apex, parser->scan.records[first].owner);
	const struct rrset *soa;

	if (owner.wire == NULL)
		return false;
	soa = rrset_keep(parser, first, &owner);
	if (soa == NULL)
		return false;
	parser->reply.has_soa = true;
	return true;
}

/* Keeps the SOA of a zone that the chain's end may lie in. */
static bool
soa_keep(struct parser *parser)
{
	for (size_t i = 0; i < parser->scan.count; i++) {
		const struct record *record = &parser->scan.records[i];
		struct name apex;

		if (record->type != TYPE_SOA ||
		    record->section != SECTION_AUTHORITY)
			continue;
		apex = scan_name(&parser->scan, record->owner);
		if (name_under(parser->owner.wire, apex.wire))
			return soa_take(parser, i, &apex);
	}
	return true;
}

/* Keeps the proofs of what is not there. */
static bool
proofs_keep(struct parser *parser)
{
	for (size_t i = 0; i < parser->scan.count; i++) {
		const struct record *record = &parser->scan.records[i];
		struct name name;
		struct owner owner;

		if (record->taken || record->section != SECTION_AUTHORITY ||
		    (record->type != TYPE_NSEC && record->type != TYPE_NSEC3))
			continue;
		name = scan_name(&parser->scan, record->owner);
		owner = owner_keep(parser, &name, record->owner);
		if (owner.wire == NULL || rrset_keep(parser, i, &owner) == NULL)
			return false;
	}
	return true;
}

static bool
items_keep(struct parser *parser)
{
	if (!chain_keep(parser))
		return false;
	if (parser->reply.endless)
		return parser->scan.looks <= REPLY_LOOKS;
	if (!answer_keep(parser))
		return false;
	if (!parser->reply.answered && !soa_keep(parser))
		return false;
	if (parser->dnssec_ok && !proofs_keep(parser))
		return false;
	/* Names cost this much only when they were made to. */
	return parser->scan.looks <= REPLY_LOOKS;
}

/* Reads the header's flags and the question, which starts the chain. */
static bool
head_take(struct parser *parser, const uint8_t *wire, size_t len)
{
	struct reader header = reader_over(wire, len);
	struct reply *reply = &parser->reply;
	struct name name;
	uint16_t flags;

	reader_u16(&header);
	flags = reader_u16(&header);
	*reply = (struct reply){
	    .rcode = flags & FLAG_RCODE,
	    .truncated = (flags & FLAG_TC) != 0,
	    .authentic = (flags & FLAG_AD) != 0,
	    .ttl = UINT32_MAX,
	};
	if (!scan_question(&parser->scan, wire, len))
		return false;
	name = parser->scan.question.name;
	name_fold(&name);
	parser->owner = owner_keep(parser, &name, HEADER_SIZE);
	return parser->owner.wire != NULL;
}

/* Keeps what the OPT record says; a full arena is found out later. */
static void
options_keep(struct parser *parser)
{
	const struct edns_options *options = &parser->scan.options;
	struct reply *reply = &parser->reply;

	if (!parser->scan.has_opt)
		return;
	if (options->has_cookie) {
		reply->cookie = arena_copy(parser->arena, &options->cookie,
		    sizeof(options->cookie));
	}
	if (options->has_error)
		reply->error = edns_error_keep(options, parser->arena);
}

static bool
records_take(struct parser *parser)
{
	struct scan *scan = &parser->scan;
	struct arena *arena = parser->arena;

	/* A chain has no more DNAMEs than links; each is looked at often. */
	if (!scan_records(scan, REPLY_RECORDS, arena) ||
	    scan->dnames > REPLY_CHAIN)
		return false;
	parser->reply.rcode |= (uint16_t)(scan->rcode_high << 4);
	options_keep(parser);
	parser->rdata =
	    arena_alloc(arena, scan->count * sizeof(*parser->rdata));
	parser->items =
	    arena_alloc(arena, REPLY_ITEMS * sizeof(*parser->items));
	return !arena->full && items_keep(parser);
}

enum parse
reply_parse(struct reply *reply, const uint8_t *wire, size_t len,
    const struct asking *asking, struct arena *arena)
{
	struct parser parser = {
	    .dnssec_ok = asking->dnssec_ok,
	    .arena = arena,
	};

	if (len < HEADER_SIZE || !head_take(&parser, wire, len))
		return PARSE_FORMERR;
	/* RFC 2181 section 9: what is left of a truncated answer is void. */
	if (!parser.reply.truncated && !records_take(&parser))
		return PARSE_FORMERR;
	*reply = parser.reply;
	reply->target = parser.owner.wire;
	reply->items = parser.items;
	if (reply->count == 0)
		reply->ttl = 0;
	return PARSE_OK;
}
