#include "core/steer.h"

#include <assert.h>
#include <string.h>

enum { WHOLE = 10000 }; /* trickle is in parts of it */

/* The health of addresses. */

static bool
data_up(const struct steer_data *data, const struct steer_context *context)
{
	if (data->target == STEER_UNCHECKED)
		return true;
	return !atomic_load_explicit(&context->health[data->target].down,
	    memory_order_relaxed);
}

static bool
item_up(const struct steer_item *item, const struct steer_context *context)
{
	for (uint16_t i = 0; i < item->count; i++) {
		if (data_up(&item->data[i], context))
			return true;
	}
	return false;
}

static bool
any_item_up(const struct steering *steering,
    const struct steer_context *context)
{
	for (uint16_t i = 0; i < steering->count; i++) {
		if (item_up(&steering->items[i], context))
			return true;
	}
	return false;
}

/* Weighted round robin. */

/* Which items take part in a draw, and by what. */
struct round {
	bool healthy;  /* only items that have a healthy address */
	bool weighted; /* by weight, else all alike */
};

/*
 * The fact sheet's section 6.4: items without a healthy address are left out;
 * when only items of weight 0 are left, those come; and where nothing is
 * healthy everything counts as healthy.
 */
static const struct round rounds[] = {
    {.healthy = true, .weighted = true},
    {.healthy = true, .weighted = false},
    {.healthy = false, .weighted = true},
    {.healthy = false, .weighted = false},
};

static uint32_t
round_weight(const struct round *round, const struct steer_item *item,
    const struct steer_context *context)
{
	if (round->healthy && !item_up(item, context))
		return 0;
	return round->weighted ? item->weight : 1;
}

/*
 * Draws with probability weight / sum in one pass, each item taking the place
 * of those before it with its share of the sum so far: health, which another
 * thread may change, is read once.  NULL when no item takes part.
 */
static const struct steer_item *
round_draw(const struct round *round, const struct steering *steering,
    const struct steer_context *context)
{
	const struct steer_item *drawn = NULL;
	uint32_t sum = 0;

	for (uint16_t i = 0; i < steering->count; i++) {
		const struct steer_item *item = &steering->items[i];
		const uint32_t weight = round_weight(round, item, context);

		assert(weight <= UINT32_MAX - sum);
		sum += weight;
		if (weight > 0 && rng_below(context->rng, sum) < weight)
			drawn = item;
	}
	return drawn;
}

static const struct steer_item *
wrr_pick(const struct steering *steering, const struct steer_context *context)
{
	const struct steer_item *drawn = NULL;

	assert(steering->items != NULL);
	for (size_t i = 0;
	     drawn == NULL && i < sizeof(rounds) / sizeof(rounds[0]); i++)
		drawn = round_draw(&rounds[i], steering, context);
	return drawn;
}

/* Geolocation. */

static bool
position_known(const struct position *position)
{
	return position->x != 0 || position->y != 0 || position->z != 0;
}

static uint64_t
square(int32_t a, int32_t b)
{
	const int64_t difference = (int64_t)a - b;

	return (uint64_t)(difference * difference);
}

/*
 * The squared chord through the globe: it grows with the way around it, and is
 * 0 in the client's own region.  From nowhere every place is equally far, and
 * to nowhere it is farther than to any place.
 */
static uint64_t
position_distance(const struct position *from, const struct position *to)
{
	if (!position_known(to))
		return UINT64_MAX;
	if (!position_known(from))
		return 0;
	return square(from->x, to->x) + square(from->y, to->y) +
	    square(from->z, to->z);
}

enum candidates { ALL_ITEMS, HEALTHY_ITEMS };

/* The first of those that are equally near; NULL when there is none. */
static const struct steer_item *
geo_nearest(const struct steering *steering,
    const struct steer_context *context, enum candidates candidates)
{
	const struct steer_item *nearest = NULL;
	uint64_t least = 0;

	for (uint16_t i = 0; i < steering->count; i++) {
		const struct steer_item *item = &steering->items[i];
		const uint64_t distance =
		    position_distance(&context->position, &item->position);

		if (nearest != NULL && distance >= least)
			continue;
		if (candidates == HEALTHY_ITEMS && !item_up(item, context))
			continue;
		nearest = item;
		least = distance;
	}
	return nearest;
}

/*
 * The fact sheet's section 6.4: a fence keeps clients in the nearest region
 * even when nothing is healthy there.
 */
static const struct steer_item *
geo_pick(const struct steering *steering, const struct steer_context *context)
{
	const struct steer_item *item = NULL;

	if (!steering->fencing)
		item = geo_nearest(steering, context, HEALTHY_ITEMS);
	return item != NULL ? item : geo_nearest(steering, context, ALL_ITEMS);
}

/* Failover. */

/*
 * The fact sheet's section 6.4; where nothing is healthy, neither here nor
 * there, the primary addresses count as healthy.  Traffic trickles only to a
 * backup that could take it.
 */
static const struct steer_item *
failover_pick(const struct steering *steering,
    const struct steer_context *context)
{
	if (!any_item_up(steering, context))
		return &steering->primary;
	if (!item_up(&steering->primary, context) ||
	    rng_below(context->rng, WHOLE) < steering->trickle)
		return geo_pick(steering, context);
	return &steering->primary;
}

/* The answer. */

static void
answer_add(struct rrset *answer, const struct rrset *record)
{
	memcpy(answer->data + answer->size, record->data, record->size);
	answer->size += record->size;
	answer->count++;
}

static void
answer_add_all(struct rrset *answer, const struct steer_item *item)
{
	for (uint16_t i = 0; i < item->count; i++)
		answer_add(answer, item->data[i].rrset);
}

/* An empty RRset with room for all data of an item. */
static struct rrset *
answer_new(const struct steering *steering, const struct steer_item *item,
    struct arena *arena)
{
	struct rrset *answer;
	size_t size = 0;

	for (uint16_t i = 0; i < item->count; i++)
		size += item->data[i].rrset->size;
	answer = arena_alloc(arena, sizeof(*answer) + size);
	if (answer == NULL)
		return NULL;
	*answer = (struct rrset){.type = steering->type, .ttl = steering->ttl};
	return answer;
}

/* What is healthy of an item, or all of it when nothing is. */
static const struct rrset *
answer_from(const struct steering *steering, const struct steer_item *item,
    const struct steer_context *context)
{
	struct rrset *answer;

	assert(item->count > 0);
	if (item->count == 1)
		return item->data[0].rrset;
	answer = answer_new(steering, item, context->arena);
	if (answer == NULL)
		return NULL;
	for (uint16_t i = 0; i < item->count; i++) {
		if (data_up(&item->data[i], context))
			answer_add(answer, item->data[i].rrset);
	}
	if (answer->count == 0)
		answer_add_all(answer, item);
	return answer;
}

const struct rrset *
steer_pick(const struct steering *steering, const struct steer_context *context)
{
	const struct steer_item *item = NULL;

	switch (steering->kind) {
	case STEER_WRR:
		item = wrr_pick(steering, context);
		break;
	case STEER_GEO:
		item = geo_pick(steering, context);
		break;
	case STEER_FAILOVER:
		item = failover_pick(steering, context);
		break;
	}
	assert(item != NULL);
	return answer_from(steering, item, context);
}
