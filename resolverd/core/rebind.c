#include "core/rebind.h"

#include <stddef.h>
#include <string.h>

#include "core/engine.h"
#include "core/suffix.h"
#include "core/witness.h"
#include "dns/wire.h"

enum {
	IN4_SIZE = 4,
	IN6_SIZE = 16,
	HINT_IN4 = 4, /* SvcParamKeys of RFC 9460 section 7.3 */
	HINT_IN6 = 6,
	EMBEDDING = 12,
};

/* RFC 6890's special addresses that lead inside, as numbers. */
static const struct {
	uint32_t base;
	unsigned bits;
} inside4[] = {
    {0x00000000, 8},  /* "this" network: Linux takes 0.0.0.0 for itself */
    {0x0a000000, 8},  /* private */
    {0x64400000, 10}, /* shared by carriers */
    {0x7f000000, 8},  /* loopback */
    {0xa9fe0000, 16}, /* link-local, and clouds' metadata servers */
    {0xac100000, 12}, /* private */
    {0xc0a80000, 16}, /* private */
    {0xe0000000, 3},  /* multicast, reserved, broadcast */
};

/* By the first two octets. */
static const struct {
	uint16_t base;
	unsigned bits;
} inside6[] = {
    {0xfc00, 7},  /* unique local */
    {0xfe80, 10}, /* link-local */
    {0xff00, 8},  /* multicast */
};

/* Where IPv6 addresses hold an IPv4 address; :: and ::1 are 0.0.0.0/8. */
static const struct {
	uint8_t prefix[EMBEDDING];
	size_t size; /* of it; the IPv4 address follows */
} embeddings[] = {
    {{0}, 12},			      /* IPv4-compatible */
    {{[10] = 0xff, [11] = 0xff}, 12}, /* IPv4-mapped */
    {{0x00, 0x64, 0xff, 0x9b}, 12},   /* NAT64, RFC 6052 */
    {{0x20, 0x02}, 2},		      /* 6to4, RFC 3056 */
};

static bool
is_inside4(const uint8_t *address)
{
	const uint32_t host = (uint32_t)address[0] << 24 |
	    (uint32_t)address[1] << 16 | (uint32_t)address[2] << 8 | address[3];

	for (size_t i = 0; i < sizeof(inside4) / sizeof(inside4[0]); i++) {
		if ((host ^ inside4[i].base) >> (32 - inside4[i].bits) == 0)
			return true;
	}
	return false;
}

static bool
is_inside6(const uint8_t *address)
{
	const unsigned head = (unsigned)address[0] << 8 | address[1];

	for (size_t i = 0; i < sizeof(inside6) / sizeof(inside6[0]); i++) {
		if ((head ^ inside6[i].base) >> (16 - inside6[i].bits) == 0)
			return true;
	}
	for (size_t i = 0; i < sizeof(embeddings) / sizeof(embeddings[0]);
	     i++) {
		const size_t size = embeddings[i].size;

		if (memcmp(address, embeddings[i].prefix, size) == 0 &&
		    is_inside4(address + size))
			return true;
	}
	return false;
}

/* Whether one of the addresses that fill len octets is inside. */
static bool
any_inside(const uint8_t *addresses, size_t len, size_t size)
{
	for (size_t at = 0; at + size <= len; at += size) {
		if (size == IN4_SIZE ? is_inside4(addresses + at)
				     : is_inside6(addresses + at))
			return true;
	}
	return false;
}

/* The hints of an HTTPS or SVCB record; a broken one has none. */
static bool
hints_inside(const uint8_t *rdata, size_t len)
{
	struct reader reader = reader_over(rdata, len);
	struct name target;

	reader_u16(&reader);
	if (!name_read_plain(&target, &reader))
		return false;
	while (reader_left(&reader) > 0) {
		const uint16_t key = reader_u16(&reader);
		const uint16_t size = reader_u16(&reader);
		const uint8_t *value = reader_bytes(&reader, size);

		if (value == NULL)
			return false;
		if ((key == HINT_IN4 && any_inside(value, size, IN4_SIZE)) ||
		    (key == HINT_IN6 && any_inside(value, size, IN6_SIZE)))
			return true;
	}
	return false;
}

static bool
rdata_inside(uint16_t type, const uint8_t *rdata, size_t len)
{
	switch (type) {
	case TYPE_A:
		return any_inside(rdata, len, IN4_SIZE);
	case TYPE_AAAA:
		return any_inside(rdata, len, IN6_SIZE);
	case TYPE_SVCB:
	case TYPE_HTTPS:
		return hints_inside(rdata, len);
	}
	return false;
}

bool
rebind_has_inside(uint16_t type, const uint8_t *records, size_t size)
{
	const uint8_t *end = records + size;
	uint16_t len;

	for (const uint8_t *at = records; at < end; at += sizeof(len) + len) {
		memcpy(&len, at, sizeof(len));
		if (rdata_inside(type, at + sizeof(len), len))
			return true;
	}
	return false;
}

bool
rebind_is_inside(const struct rrset *rrset)
{
	return rebind_has_inside(rrset->type, rrset->data, rrset->size);
}

static bool
is_allowed(const struct query *query)
{
	const struct snapshot *snapshot = query->snapshot;
	struct path asked;

	if (suffix_empty(&snapshot->rebind_allow))
		return false;
	path_set(&asked, query->request.question.name.wire, &snapshot->key);
	return suffix_find(&snapshot->rebind_allow, &asked) != NULL;
}

static void
rebind_tell(struct engine *engine, struct query *query, bool blocked)
{
	counter_add(&engine->counters->rebindings);
	query->inside = true;
	witness_add(query->witness,
	    &(struct sighting){
		.kind = WITNESS_INSIDE,
		.group = query->group,
		.number = blocked,
	    });
	if (!blocked)
		return;
	query->answer.ede = EDE_FILTERED;
	query->answer.ede_text =
	    "a name from outside has inside addresses (rebind_protection)";
}

bool
rebind_stops(struct engine *engine, struct query *query,
    const struct reply_item *item)
{
	const enum rebinding mode = query->snapshot->options.rebind_protection;
	const bool blocks = mode == REBINDING_BLOCK;

	if (mode == REBINDING_OFF || query->own || query->group->internal ||
	    item->section != SECTION_ANSWER)
		return false;
	/* Nothing is left that these could sign. */
	if (item->rrset->type == TYPE_RRSIG)
		return blocks && query->inside;
	if (!rebind_is_inside(item->rrset) || is_allowed(query))
		return false;
	rebind_tell(engine, query, blocks);
	return blocks;
}
