#include "core/dns64.h"

#include <stddef.h>
#include <string.h>

#include "core/engine.h"
#include "core/order.h"
#include "core/witness.h"

enum {
	PREFIX_SIZE = 12,
	IN4_SIZE = 4,
	IN6_SIZE = PREFIX_SIZE + IN4_SIZE,
	MISSING_TTL = 600, /* where no SOA says better (RFC 6147 5.1.7) */
	ADDRESSES_MAX = 256,
};

/* The well-known prefix 64:ff9b::/96 (RFC 6052 section 2.1). */
static const uint8_t prefix[PREFIX_SIZE] = {0x00, 0x64, 0xff, 0x9b};

static bool
has_type(const struct answer *answer, uint16_t type)
{
	for (unsigned i = 0; i < answer->count; i++) {
		if (answer->items[i].section == SECTION_ANSWER &&
		    answer->items[i].rrset->type == type)
			return true;
	}
	return false;
}

/* How long the absence of the AAAA holds. */
static uint32_t
absence_ttl(const struct answer *answer)
{
	for (unsigned i = 0; i < answer->count; i++) {
		if (answer->items[i].section == SECTION_AUTHORITY &&
		    answer->items[i].rrset->type == TYPE_SOA)
			return answer->items[i].ttl;
	}
	return MISSING_TTL;
}

bool
dns64_retries(const struct query *query)
{
	const bool validates = query->request.edns.dnssec_ok &&
	    (query->request.flags & FLAG_CD) != 0;

	/* Who checks signatures itself makes its own (RFC 6147 section 3). */
	return query->type == TYPE_AAAA && query->view.network->dns64 &&
	    !validates;
}

enum step
dns64_restart(struct engine *engine, struct query *query)
{
	(void)engine;
	witness_add(query->witness, &(struct sighting){.kind = WITNESS_DNS64});
	query->synth_ttl = absence_ttl(&query->answer);
	query->synthesise = true;
	query->type = TYPE_A;
	query_restart(query);
	return STEP_ORDER;
}

/* The AAAA that stand for a set of A; NULL when the arena is full. */
static const struct rrset *
synthesised(const struct rrset *from, struct arena *arena)
{
	struct rdata rdata[ADDRESSES_MAX];
	const uint8_t *at = NULL;
	size_t count = 0;
	uint16_t len;

	while (count < ADDRESSES_MAX &&
	    (at = rrset_next(from, at, &len)) != NULL) {
		uint8_t *address = arena_alloc(arena, IN6_SIZE);

		if (address == NULL)
			return NULL;
		memcpy(address, prefix, PREFIX_SIZE);
		memcpy(address + PREFIX_SIZE, at, IN4_SIZE);
		rdata[count++] =
		    (struct rdata){.bytes = address, .len = IN6_SIZE};
	}
	return rrset_pack(arena, TYPE_AAAA, from->ttl, rdata, count);
}

/* Whether an item signs A records: what is made of them it does not. */
static bool
signs_addresses(const struct answer_item *item)
{
	const uint8_t *rdata;
	uint16_t len;

	if (item->section != SECTION_ANSWER || item->rrset->type != TYPE_RRSIG)
		return false;
	rdata = rrset_first(item->rrset, &len);
	return (rdata[0] << 8 | rdata[1]) == TYPE_A;
}

static void
drop_signatures(struct answer *answer)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < answer->count; i++) {
		if (!signs_addresses(&answer->items[i]))
			answer->items[kept++] = answer->items[i];
	}
	answer->count = kept;
}

static enum step
synthesise(struct engine *engine, struct query *query)
{
	struct answer *answer = &query->answer;

	drop_signatures(answer);
	for (unsigned i = 0; i < answer->count; i++) {
		struct answer_item *item = &answer->items[i];

		if (item->section != SECTION_ANSWER ||
		    item->rrset->type != TYPE_A)
			continue;
		item->rrset = synthesised(item->rrset, &engine->scratch);
		if (item->rrset == NULL)
			return STEP_ENCODE;
		item->first = (uint16_t)(item->first % item->rrset->count);
		if (item->ttl > query->synth_ttl)
			item->ttl = query->synth_ttl;
	}
	return STEP_ENCODE;
}

enum step
dns64_step(struct engine *engine, struct query *query, uint64_t now)
{
	(void)now;
	if (query->synthesise)
		return synthesise(engine, query);
	if (query->answer.rcode != RCODE_NOERROR || !dns64_retries(query) ||
	    has_type(&query->answer, TYPE_AAAA))
		return STEP_ENCODE;
	return dns64_restart(engine, query);
}
