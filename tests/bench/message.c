#include "message.h"

#include <assert.h>
#include <string.h>

enum {
	CLASS_IN = 1,
	FIXED = 10,	/* octets of a record between its owner and data */
	POINTER = 0xc0, /* RFC 1035 section 4.1.4 */
	HOPS = 16,
	FIRST = 4, /* the last octet of the first local address, of four */
};

/* The digits are filled in. */
static const struct {
	const char *wire;
	size_t size; /* the terminator is the root */
	size_t digits_at;
	size_t digits;
} names[KIND_COUNT] = {
#define NAME(text, at, count)                 \
	{                                     \
		text, sizeof(text), at, count \
	}
    [KIND_LOCAL] =
	NAME("\031svc-0000000-ab12cd34ef-uc\001a\003run\003app", 5, 7),
    [KIND_FORWARDED] =
	NAME("\016host-000000000\005bench\007example\003com", 6, 9),
    [KIND_CHANGING] = NAME("\020record-000000000\010changing\007example", 8, 9),
#undef NAME
};

static const uint8_t run_app[] = "\003run\003app";

static const struct shape shapes[] = {
    {"chain", 1, 4, false},
    {"flat", 0, 4, false},
    {"alias", 1, 0, false},
    {"single", 0, 1, false},
    {"echo", 0, 0, true},
};

unsigned
get_u16(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

void
put_u16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

void
ask_number(struct ask *ask, unsigned number)
{
	uint8_t *first =
	    ask->wire + MESSAGE_HEADER + names[ask->kind].digits_at;

	ask->number = number;
	for (size_t i = names[ask->kind].digits; i > 0; i--) {
		first[i - 1] = (uint8_t)('0' + number % 10);
		number /= 10;
	}
}

void
ask_make(struct ask *ask, enum kind kind, unsigned type, enum edns edns)
{
	static const uint8_t flags[] = {0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0};
	static const uint8_t opt[MESSAGE_OPT] = {0, 0, 41, 1232 >> 8,
	    1232 & 0xff, 0, 0, 0, 0, 0, 0};
	const size_t size = names[kind].size;
	uint8_t *at = ask->wire;

	static_assert(sizeof(flags) == MESSAGE_HEADER, "a header");
	*ask = (struct ask){.kind = kind, .type = type, .question = size + 4};
	memcpy(at, flags, sizeof(flags));
	memcpy(at + MESSAGE_HEADER, names[kind].wire, size);
	put_u16(at + MESSAGE_HEADER + size, type);
	put_u16(at + MESSAGE_HEADER + size + 2, CLASS_IN);
	ask->len = MESSAGE_HEADER + ask->question;
	if (edns == EDNS_SOME) {
		memcpy(at + ask->len, opt, sizeof(opt));
		put_u16(at + 10, 1);
		ask->len += sizeof(opt);
	}
}

const struct shape *
shape_find(const char *name)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		if (strcmp(shapes[i].name, name) == 0)
			return &shapes[i];
	}
	return NULL;
}

static uint8_t
folded(uint8_t octet)
{
	return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet | 0x20) : octet;
}

/* FNV-1a, whole labels and their lengths. */
uint32_t
name_hash(const uint8_t *name)
{
	uint32_t hash = UINT32_C(2166136261);

	for (const uint8_t *at = name; *at != 0; at++)
		hash = (hash ^ folded(*at)) * UINT32_C(16777619);
	return hash;
}

size_t
forwarded_data(const uint8_t *name, unsigned type,
    uint8_t data[static RDATA_SIZE])
{
	static const uint8_t prefix[] = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0,
	    0, 0, 0};
	/* RFC 9460: priority 1, target ".", ipv4hint of 4 octets. */
	static const uint8_t hint[] = {0, 1, 0, 0, 4, 0, 4};
	const uint32_t hash = name_hash(name);
	size_t len = 0;

	if (type == TYPE_AAAA) {
		memcpy(data, prefix, sizeof(prefix));
		len = sizeof(prefix);
	} else if (type == TYPE_HTTPS) {
		memcpy(data, hint, sizeof(hint));
		len = sizeof(hint);
	} else if (type != TYPE_A) {
		return 0;
	}
	data[len] = 11;
	data[len + 1] = (uint8_t)(hash >> 16);
	data[len + 2] = (uint8_t)(hash >> 8);
	data[len + 3] = (uint8_t)hash;
	return len + 4;
}

size_t
question_size(const uint8_t *wire, size_t len, size_t at)
{
	const size_t from = at;

	while (at < len && wire[at] != 0) {
		if (wire[at] >= POINTER)
			return 0;
		at += (size_t)wire[at] + 1;
	}
	return at + 5 <= len ? at + 5 - from : 0;
}

/* Where the name that begins at an offset ends; 0 if nowhere. */
static size_t
name_end(const uint8_t *wire, size_t len, size_t at)
{
	while (at < len && wire[at] != 0) {
		if (wire[at] >= POINTER)
			return at + 2 <= len ? at + 2 : 0;
		at += (size_t)wire[at] + 1;
	}
	return at < len ? at + 1 : 0;
}

/* Whether the name at an offset, compressed or not, is this one. */
static bool
name_is(const uint8_t *wire, size_t len, size_t at, const uint8_t *name)
{
	for (unsigned hops = 0; hops < HOPS && at + 1 < len; hops++) {
		while (wire[at] < POINTER) {
			const size_t label = (size_t)wire[at] + 1;

			if (at + label >= len ||
			    memcmp(wire + at, name, label) != 0)
				return false;
			if (label == 1)
				return true;
			at += label;
			name += label;
		}
		at = get_u16(wire + at) & 0x3fff;
	}
	return false;
}

struct record {
	unsigned type;
	size_t data; /* offset */
	size_t len;
};

/* The record at an offset, which is moved behind it. */
static bool
record_read(struct record *record, const uint8_t *wire, size_t len, size_t *at)
{
	const size_t fixed = name_end(wire, len, *at);

	if (fixed == 0 || fixed + FIXED > len ||
	    get_u16(wire + fixed + 2) != CLASS_IN)
		return false;
	record->type = get_u16(wire + fixed);
	record->len = get_u16(wire + fixed + 8);
	record->data = fixed + FIXED;
	*at = record->data + record->len;
	return *at <= len;
}

/* CNAME to run.app, and each of its four addresses once at most. */
static bool
local_right(const uint8_t *wire, size_t len, const struct ask *ask,
    const struct shape *shape)
{
	static const uint8_t network[] = {199, 36, 153};
	size_t at = MESSAGE_HEADER + ask->question;
	unsigned seen = 0;
	unsigned aliases = 0;
	unsigned addresses = 0;

	for (unsigned i = get_u16(wire + 6); i > 0; i--) {
		struct record record;

		if (!record_read(&record, wire, len, &at))
			return false;
		if (record.type == TYPE_CNAME) {
			aliases += name_is(wire, len, record.data, run_app);
		} else if (record.type == TYPE_A && record.len == 4 &&
		    memcmp(wire + record.data, network, sizeof(network)) == 0 &&
		    (wire[record.data + 3] & ~3U) == FIRST) {
			seen |= 1U << (wire[record.data + 3] & 3U);
			addresses++;
		}
	}
	return aliases == shape->aliases &&
	    addresses == (ask->type == TYPE_A ? shape->addresses : 0) &&
	    (unsigned)__builtin_popcount(seen) == addresses &&
	    get_u16(wire + 6) == aliases + addresses;
}

/* The one record of a name that is no local one. */
static bool
single_right(const uint8_t *wire, size_t len, const struct ask *ask)
{
	size_t at = MESSAGE_HEADER + ask->question;
	uint8_t data[RDATA_SIZE];
	struct record record;
	size_t size;

	if (get_u16(wire + 6) != 1 || !record_read(&record, wire, len, &at) ||
	    record.type != ask->type)
		return false;
	/* 10.version.number, of which any version will do. */
	if (ask->kind == KIND_CHANGING) {
		return record.len == 4 && wire[record.data] == 10 &&
		    get_u16(wire + record.data + 2) == ask->number;
	}
	size = forwarded_data(ask->wire + MESSAGE_HEADER, ask->type, data);
	return record.len == size &&
	    memcmp(wire + record.data, data, size) == 0;
}

bool
answer_right(const uint8_t *wire, size_t len, const struct ask *ask,
    const struct shape *shape)
{
	if (len < MESSAGE_HEADER + ask->question ||
	    memcmp(wire + MESSAGE_HEADER, ask->wire + MESSAGE_HEADER,
		ask->question) != 0)
		return false;
	/* QR, no TC, NOERROR, and one question. */
	if ((wire[2] & 0x82) != 0x80 || (wire[3] & 0x0f) != 0 ||
	    get_u16(wire + 4) != 1)
		return false;
	if (shape->blind)
		return true;
	if (ask->kind == KIND_LOCAL)
		return local_right(wire, len, ask, shape);
	return single_right(wire, len, ask);
}
