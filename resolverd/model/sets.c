#include "model/sets.h"

#include <stdlib.h>
#include <string.h>

static int
compare_kinds(const struct model_record_set *a,
    const struct model_record_set *b)
{
	int order;

	if (a->name.len != b->name.len)
		return a->name.len < b->name.len ? -1 : 1;
	order = memcmp(a->name.wire, b->name.wire, a->name.len);
	if (order != 0 || a->type == b->type)
		return order;
	return a->type < b->type ? -1 : 1;
}

/* By name and type, then as they were written. */
static int
compare_sets(const void *a, const void *b)
{
	const struct model_record_set *left = a;
	const struct model_record_set *right = b;
	const int order = compare_kinds(left, right);

	if (order != 0)
		return order;
	if (left->mark.line != right->mark.line)
		return left->mark.line < right->mark.line ? -1 : 1;
	return left->mark.column < right->mark.column ? -1 : 1;
}

/* Gives the first of count sets of a kind the rdata of them all. */
static bool
join(struct model_record_set *sets, size_t count, struct arena *arena)
{
	size_t room = 0;
	size_t at = 0;
	struct rdata *rdata;

	if (count == 1)
		return true;
	for (size_t i = 0; i < count; i++)
		room += sets[i].rdata_count;
	rdata = arena_calloc(arena, room, sizeof(*rdata));
	if (rdata == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		memcpy(rdata + at, sets[i].rdata,
		    sets[i].rdata_count * sizeof(*rdata));
		at += sets[i].rdata_count;
	}
	sets[0].rdata = rdata;
	sets[0].rdata_count = rrset_distinct(rdata, room);
	return true;
}

bool
sets_join(struct model_list *list, struct arena *arena)
{
	struct model_record_set *sets = list->items;
	size_t kept = 0;
	size_t end;

	if (list->count == 0)
		return true;
	qsort(sets, list->count, sizeof(*sets), compare_sets);
	for (size_t at = 0; at < list->count; at = end) {
		end = at + 1;
		while (end < list->count &&
		    compare_kinds(&sets[at], &sets[end]) == 0)
			end++;
		if (!join(&sets[at], end - at, arena))
			return false;
		sets[kept++] = sets[at];
	}
	list->count = kept;
	return true;
}
