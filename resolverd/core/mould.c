#include "core/mould.h"

#include <string.h>

#include "core/query.h"
#include "dns/answer.h"
#include "dns/message.h"
#include "dns/name.h"

enum {
	POINTER_MARK = 0xc0,
	QUESTION_TAIL = 4, /* type and class */
	RECORD_FIXED = 12, /* a pointer, type, class, TTL and length */
	SKETCH_SIZE = HEADER_SIZE + NAME_SIZE + QUESTION_TAIL + MOULD_BODY,
};

void
mould_clear(struct moulds *moulds)
{
	memset(moulds->of, 0, sizeof(moulds->of));
}

static size_t
slot_of(const struct mould_key *key)
{
	const uint64_t hash = ((uintptr_t)key->of ^ (uint64_t)key->type << 48) *
	    UINT64_C(0x9e3779b97f4a7c15);

	return hash >> 32 & (MOULD_SLOTS - 1);
}

static bool
key_equal(const struct mould_key *a, const struct mould_key *b)
{
	return a->network == b->network && a->cluster == b->cluster &&
	    a->type == b->type && a->lookup == b->lookup &&
	    a->manner == b->manner;
}

const struct mould *
mould_ready(const struct moulds *moulds, const struct mould_key *key)
{
	const size_t at = slot_of(key);
	const struct mould *mould = &moulds->slots[at];

	return moulds->of[at] == key->of && key_equal(&mould->key, key) &&
		mould->state == MOULD_READY
	    ? mould
	    : NULL;
}

struct mould *
mould_find(struct moulds *moulds, const struct mould_key *key)
{
	const size_t at = slot_of(key);
	struct mould *mould = &moulds->slots[at];

	if (moulds->of[at] == key->of && key_equal(&mould->key, key))
		return mould;
	moulds->of[at] = key->of;
	mould->key = *key;
	mould->state = MOULD_SEEN;
	return NULL;
}

/* An answer on trial. */
struct sketch {
	struct question question;
	size_t len;
	uint8_t wire[SKETCH_SIZE];
};

static size_t
sketch_body(const struct sketch *sketch)
{
	return HEADER_SIZE + sketch->question.name.len + (size_t)QUESTION_TAIL;
}

/* Encodes the query's answer as if another name had been asked for. */
static bool
sketch_draw(struct sketch *sketch, const struct query *query)
{
	const struct request request = {
	    .has_question = true,
	    .question = sketch->question,
	};
	const struct encoding encoding = {
	    .limit = sizeof(sketch->wire),
	    .transport = TRANSPORT_UDP,
	};
	struct answer answer = query->answer;

	for (unsigned i = 0; i < answer.count; i++) {
		if (answer.items[i].owner == query->request.question.name.wire)
			answer.items[i].owner = request.question.name.wire;
		answer.items[i].first = 0;
	}
	sketch->len = answer_encode(&answer, &request, &encoding, sketch->wire,
	    sizeof(sketch->wire));
	return sketch->len != 0 && (sketch->wire[2] & FLAG_TC >> 8) == 0 &&
	    sketch->len - sketch_body(sketch) <= MOULD_BODY;
}

/* A name under `above` whose first label has so many octets. */
static bool
sketch_name(struct sketch *sketch, const struct query *query,
    const uint8_t *above, size_t label)
{
	struct name *name = &sketch->question.name;
	const size_t size = name_size(above);

	if (label + 1 + size > NAME_SIZE)
		return false;
	sketch->question.type = query->type;
	sketch->question.class = CLASS_IN;
	memset(name->wire, 0, label + 1);
	name->wire[0] = (uint8_t)label;
	memcpy(name->wire + label + 1, above, size);
	name->len = (uint8_t)(label + 1 + size);
	return true;
}

/*
 * Compares the answers to two names one octet apart: all that differs must be
 * pointers, by one.  Anything else has to do with the name itself.
 */
static bool
places_find(struct mould *mould, const struct sketch *shorter,
    const struct sketch *longer)
{
	const uint8_t *a = shorter->wire + sketch_body(shorter);
	const uint8_t *b = longer->wire + sketch_body(longer);
	const size_t size = shorter->len - sketch_body(shorter);

	if (size != longer->len - sketch_body(longer))
		return false;
	for (size_t i = 0; i < size; i++) {
		if (a[i] == b[i])
			continue;
		if (i == 0 || a[i - 1] != b[i - 1] || a[i - 1] < POINTER_MARK ||
		    b[i] != a[i] + 1 || mould->places == MOULD_PLACES)
			return false;
		mould->place[mould->places++] = (struct mould_place){
		    .at = (uint16_t)(i - 1),
		    .pointer = (uint16_t)(a[i - 1] << 8 | a[i]),
		};
	}
	return true;
}

/* The octets of each record of an RRset without names; 0: they differ. */
static uint16_t
record_size(const struct rrset *rrset)
{
	const size_t size = rrset->size / rrset->count;
	const uint8_t *at = NULL;
	uint16_t len;

	if (*rdata_steps(rrset->type) != RDATA_REST)
		return 0;
	while ((at = rrset_next(rrset, at, &len)) != NULL) {
		if (len + sizeof(len) != size)
			return 0;
	}
	return (uint16_t)(RECORD_FIXED + size - sizeof(len));
}

/* Of all RRsets only the last may have several records, and be turned. */
static bool
turns_find(struct mould *mould, const struct answer *answer)
{
	const struct rrset *last;
	size_t turned;

	for (unsigned i = 0; i + 1 < answer->count; i++) {
		if (answer->items[i].rrset->count > 1)
			return false;
	}
	if (answer->count == 0)
		return true;
	last = answer->items[answer->count - 1].rrset;
	if (last->count == 1)
		return true;
	mould->turns = last->count;
	mould->turn = record_size(last);
	turned = (size_t)mould->turns * mould->turn;
	return mould->turn != 0 && turned <= mould->size &&
	    mould->body[mould->size - turned] >= POINTER_MARK;
}

static uint16_t
count_of(const struct answer *answer, enum section section)
{
	uint16_t count = 0;

	for (unsigned i = 0; i < answer->count; i++) {
		if (answer->items[i].section == section) {
			count =
			    (uint16_t)(count + answer->items[i].rrset->count);
		}
	}
	return count;
}

static void
take(struct mould *mould, const struct sketch *sketch,
    const struct answer *answer)
{
	const size_t body = sketch_body(sketch);

	mould->base = sketch->question.name.len;
	mould->size = (uint16_t)(sketch->len - body);
	memcpy(mould->body, sketch->wire + body, mould->size);
	mould->flags = (uint16_t)((answer->authoritative ? FLAG_AA : 0) |
	    (answer->rcode & FLAG_RCODE));
	mould->answers = count_of(answer, SECTION_ANSWER);
	mould->authorities = count_of(answer, SECTION_AUTHORITY);
}

/* What the name that was asked for itself answers: no other can. */
static bool
fill_exact(struct mould *mould, const struct query *query)
{
	struct sketch sketch;

	sketch.question = query->request.question;
	if (!sketch_draw(&sketch, query))
		return false;
	take(mould, &sketch, &query->answer);
	return true;
}

static bool
fill_below(struct mould *mould, const struct query *query, const uint8_t *above)
{
	struct sketch shorter;
	struct sketch longer;

	if (!sketch_name(&shorter, query, above, 1) ||
	    !sketch_name(&longer, query, above, 2) ||
	    !sketch_draw(&shorter, query) || !sketch_draw(&longer, query) ||
	    !places_find(mould, &shorter, &longer))
		return false;
	take(mould, &shorter, &query->answer);
	return true;
}

void
mould_fill(struct mould *mould, const struct query *query, const uint8_t *above)
{
	bool filled;

	mould->places = 0;
	mould->turns = 0;
	mould->turn = 0;
	filled = above == NULL ? fill_exact(mould, query)
			       : fill_below(mould, query, above);
	mould->state = filled && turns_find(mould, &query->answer)
	    ? MOULD_READY
	    : MOULD_BARREN;
}

static void
put_u16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void
pour_head(const struct mould *mould, const struct query *query)
{
	const struct request *request = &query->request;
	const struct question *question = &request->question;
	uint8_t *out = query->out;
	uint8_t *tail = out + HEADER_SIZE + question->name.len;

	put_u16(out, request->id);
	put_u16(out + 2,
	    FLAG_QR | FLAG_RA | mould->flags |
		(request->flags & (FLAG_OPCODE | FLAG_RD | FLAG_CD)));
	put_u16(out + 4, 1);
	put_u16(out + 6, mould->answers);
	put_u16(out + 8, mould->authorities);
	put_u16(out + 10, request->edns.present);
	memcpy(out + HEADER_SIZE, question->name.wire, question->name.len);
	put_u16(tail, question->type);
	put_u16(tail + 2, question->class);
}

/* The records, those at the end from `first` on and then those before it. */
static void
pour_body(const struct mould *mould, uint8_t *body, unsigned longer,
    unsigned first)
{
	const size_t passed = (size_t)mould->turn * first;
	const size_t still = mould->size - (size_t)mould->turn * mould->turns;

	memcpy(body, mould->body, mould->size);
	if (passed != 0) {
		memcpy(body + still, mould->body + still + passed,
		    mould->size - still - passed);
		memcpy(body + mould->size - passed, mould->body + still,
		    passed);
	}
	for (unsigned i = 0; i < mould->places; i++) {
		put_u16(body + mould->place[i].at,
		    mould->place[i].pointer + longer);
	}
}

/* Our OPT record, which says nothing but how much we take. */
static void
pour_opt(uint8_t *opt, uint16_t udp_size)
{
	memset(opt, 0, OPT_SIZE);
	put_u16(opt + 1, TYPE_OPT);
	put_u16(opt + 3, udp_size);
}

size_t
mould_pour(const struct mould *mould, const struct query *query, size_t limit,
    unsigned first)
{
	const unsigned asked = query->request.question.name.len;
	const size_t body = HEADER_SIZE + asked + (size_t)QUESTION_TAIL;
	const size_t end = body + mould->size;
	const bool edns = query->request.edns.present;
	const size_t len = edns ? end + OPT_SIZE : end;

	if (len > limit || len > query->cap)
		return 0;
	pour_head(mould, query);
	pour_body(mould, query->out + body, asked - mould->base, first);
	if (edns) {
		pour_opt(query->out + end,
		    query->snapshot->options.edns_udp_size);
	}
	return len;
}
