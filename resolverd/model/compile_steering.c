#include "model/compile_steering.h"

#include <assert.h>
#include <string.h>

#include "core/steer.h"
#include "dns/rrset.h"
#include "model/region.h"

enum { FIRST_SLOTS = 64 };

void
compile_steering_init(struct steering_compiler *compiler,
    struct snapshot *snapshot, struct arena *scratch)
{
	*compiler = (struct steering_compiler){
	    .snapshot = snapshot,
	    .scratch = scratch,
	};
}

/* The addresses whose health matters. */

/* Where addr stands, or would. */
static uint32_t *
target_slot(const struct steering_compiler *compiler, const struct addr *addr)
{
	const size_t mask = compiler->slot_count - 1;
	char text[ADDR_TEXT];
	size_t at;

	addr_format(addr, text);
	at = (size_t)hash_bytes(&compiler->snapshot->key, text, strlen(text));
	for (;; at++) {
		uint32_t *slot = &compiler->slots[at & mask];

		if (*slot == 0 ||
		    addr_equal(&compiler->targets[*slot - 1], addr))
			return slot;
	}
}

/* Makes room for one more target; what it had before stays in scratch. */
static bool
targets_grow(struct steering_compiler *compiler)
{
	const size_t slot_count =
	    compiler->slot_count == 0 ? FIRST_SLOTS : 2 * compiler->slot_count;
	struct addr *targets =
	    arena_calloc(compiler->scratch, slot_count / 2, sizeof(*targets));
	uint32_t *slots =
	    arena_calloc(compiler->scratch, slot_count, sizeof(*slots));

	if (targets == NULL || slots == NULL)
		return false;
	for (size_t i = 0; i < compiler->count; i++)
		targets[i] = compiler->targets[i];
	compiler->targets = targets;
	compiler->slots = slots;
	compiler->slot_count = slot_count;
	for (size_t i = 0; i < compiler->count; i++)
		*target_slot(compiler, &targets[i]) = (uint32_t)i + 1;
	return true;
}

/* The index of an address, which is new or not. */
static bool
target_add(struct steering_compiler *compiler, const struct addr *addr,
    uint32_t *out)
{
	uint32_t *slot;

	if (compiler->count == compiler->slot_count / 2 &&
	    !targets_grow(compiler))
		return false;
	slot = target_slot(compiler, addr);
	if (*slot == 0) {
		compiler->targets[compiler->count++] = *addr;
		*slot = (uint32_t)compiler->count;
	}
	*out = *slot - 1;
	return true;
}

bool
compile_steering_finish(struct steering_compiler *compiler)
{
	struct snapshot *snapshot = compiler->snapshot;
	struct health_target *health =
	    arena_calloc(&snapshot->arena, compiler->count, sizeof(*health));

	if (health == NULL)
		return false;
	for (size_t i = 0; i < compiler->count; i++) {
		health[i].addr = compiler->targets[i];
		atomic_init(&health[i].down, false);
	}
	snapshot->health = health;
	snapshot->health_count = compiler->count;
	return true;
}

/* Items and their data. */

/* An item while its data are put together. */
struct item_data {
	struct steering_compiler *compiler;
	const struct model_record_set *set;
	struct steer_data *data;
	uint16_t count;
};

static bool
data_has(const struct item_data *item, const struct rdata *rdata)
{
	for (uint16_t i = 0; i < item->count; i++) {
		uint16_t len;
		const uint8_t *bytes = rrset_first(item->data[i].rrset, &len);

		if (len == rdata->len && memcmp(bytes, rdata->bytes, len) == 0)
			return true;
	}
	return false;
}

/*
 * An RRset holds no record twice (RFC 2181 section 5): of two alike the first
 * one's health decides.
 */
static bool
data_add(struct item_data *item, const struct rdata *rdata, uint32_t target)
{
	const struct model_record_set *set = item->set;
	const struct rrset *rrset;

	if (data_has(item, rdata))
		return true;
	rrset = rrset_pack(&item->compiler->snapshot->arena, set->type,
	    set->ttl, rdata, 1);
	if (rrset == NULL)
		return false;
	item->data[item->count++] = (struct steer_data){
	    .rrset = rrset,
	    .target = target,
	};
	return true;
}

static struct rdata
rdata_of(const struct addr *addr)
{
	if (addr->u.any.sa_family == AF_INET) {
		return (struct rdata){
		    .bytes = (const uint8_t *)&addr->u.in4.sin_addr,
		    .len = sizeof(addr->u.in4.sin_addr),
		};
	}
	return (struct rdata){
	    .bytes = (const uint8_t *)&addr->u.in6.sin6_addr,
	    .len = sizeof(addr->u.in6.sin6_addr),
	};
}

static bool
data_add_checked(struct item_data *item,
    const struct model_health_target *target)
{
	const struct rdata rdata = rdata_of(&target->addr);
	uint32_t index = STEER_UNCHECKED;

	/* Silence of a UDP port says nothing. */
	if (!target->udp && !target_add(item->compiler, &target->addr, &index))
		return false;
	return data_add(item, &rdata, index);
}

static bool
item_compile(struct item_data *item, const struct model_routing_item *from,
    struct steer_item *out)
{
	const struct model_health_target *checked = from->checked.items;
	const size_t most = from->checked.count + from->rdata_count;

	assert(most > 0 && most <= UINT16_MAX);
	item->count = 0;
	item->data = arena_calloc(&item->compiler->snapshot->arena, most,
	    sizeof(*item->data));
	if (item->data == NULL)
		return false;
	for (size_t i = 0; i < from->checked.count; i++) {
		if (!data_add_checked(item, &checked[i]))
			return false;
	}
	for (size_t i = 0; i < from->rdata_count; i++) {
		if (!data_add(item, &from->rdata[i], STEER_UNCHECKED))
			return false;
	}
	out->data = item->data;
	out->count = item->count;
	return true;
}

/* Policies. */

static bool
items_compile(struct item_data *item, const struct model_list *list,
    struct steering *steering)
{
	const struct model_routing_item *from = list->items;
	struct steer_item *items =
	    arena_calloc(&item->compiler->snapshot->arena, list->count,
		sizeof(*items));

	assert(list->count <= UINT16_MAX);
	assert(list->count > 0 || steering->kind == STEER_FAILOVER);
	if (items == NULL)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		items[i].weight = from[i].weight;
		if (from[i].location.text != NULL) {
			region_position(from[i].location.text,
			    &items[i].position);
		}
		if (!item_compile(item, &from[i], &items[i]))
			return false;
	}
	steering->items = items;
	steering->count = (uint16_t)list->count;
	return true;
}

static bool
primary_compile(struct item_data *item, const struct model_routing *routing,
    struct steering *steering)
{
	const struct model_routing_item primary = {
	    .checked = routing->primary,
	};

	return routing->kind != ROUTING_FAILOVER ||
	    item_compile(item, &primary, &steering->primary);
}

/* One of its records; the zone looks at the type. */
static const struct rrset *
sample(const struct steering *steering)
{
	const struct steer_item *item = steering->kind == STEER_FAILOVER
	    ? &steering->primary
	    : steering->items;

	return item->data[0].rrset;
}

bool
compile_steering_set(struct steering_compiler *compiler,
    const struct model_record_set *set, struct zone_set *out)
{
	static const enum steer_kind kinds[] = {
	    [ROUTING_WRR] = STEER_WRR,
	    [ROUTING_GEO] = STEER_GEO,
	    [ROUTING_FAILOVER] = STEER_FAILOVER,
	};
	const struct model_routing *routing = set->routing;
	struct item_data item = {.compiler = compiler, .set = set};
	struct steering *steering =
	    arena_calloc(&compiler->snapshot->arena, 1, sizeof(*steering));

	if (steering == NULL)
		return false;
	steering->kind = kinds[routing->kind];
	steering->type = set->type;
	steering->ttl = set->ttl;
	steering->fencing = routing->fencing;
	steering->trickle = routing->trickle;
	if (!primary_compile(&item, routing, steering) ||
	    !items_compile(&item, &routing->items, steering))
		return false;
	out->steering = steering;
	out->rrset = sample(steering);
	return true;
}
